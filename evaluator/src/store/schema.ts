/**
 * Steps that bring a database from version n to n + 1 (index n). Never changed once released; a new version is a new step.
 * The version is SQLite's `user_version`.
 */
export const MIGRATIONS: readonly { summary: string; sql: string }[] = [
  {
    summary: 'first schema',
    sql: `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE bucket (revision TEXT NOT NULL, series TEXT NOT NULL, bucket REAL NOT NULL, arm TEXT NOT NULL, totals BLOB NOT NULL,
  PRIMARY KEY (revision, series, bucket, arm)) WITHOUT ROWID;
CREATE INDEX bucket_time ON bucket (bucket);
CREATE TABLE series (revision TEXT NOT NULL, series TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (revision, series)) WITHOUT ROWID;
CREATE TABLE seen (id INTEGER PRIMARY KEY, slice REAL NOT NULL, ids BLOB NOT NULL);
CREATE INDEX seen_slice ON seen (slice);
CREATE TABLE audit (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, at REAL NOT NULL, actor TEXT NOT NULL, guardrail TEXT NOT NULL,
  trace_id TEXT NOT NULL, verdict_id TEXT NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX audit_guardrail ON audit (guardrail, seq) WHERE guardrail <> '';
CREATE INDEX audit_trace ON audit (trace_id, seq) WHERE trace_id <> '';
CREATE INDEX audit_verdict ON audit (verdict_id, seq) WHERE verdict_id <> '';
CREATE INDEX audit_kind ON audit (kind, seq);
CREATE TABLE document (name TEXT NOT NULL, generation INTEGER NOT NULL, revision TEXT NOT NULL, guardrail TEXT NOT NULL, author TEXT NOT NULL,
  approver TEXT NOT NULL, at REAL NOT NULL, source TEXT NOT NULL, deleted INTEGER NOT NULL, PRIMARY KEY (name, generation)) WITHOUT ROWID;
CREATE TABLE proposal (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE verdict (id TEXT PRIMARY KEY, guardrail TEXT NOT NULL, first_at REAL NOT NULL, released_at REAL NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX verdict_time ON verdict (first_at);
CREATE INDEX verdict_guardrail ON verdict (guardrail, first_at);
CREATE TABLE directive (id TEXT PRIMARY KEY, released_at REAL NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE feedback (verdict_id TEXT NOT NULL, by_whom TEXT NOT NULL, true_positive INTEGER NOT NULL, reason TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (verdict_id, by_whom)) WITHOUT ROWID;
CREATE TABLE fact (kind TEXT NOT NULL, trace_id TEXT NOT NULL, span_id TEXT NOT NULL, call_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  at REAL NOT NULL, PRIMARY KEY (kind, trace_id, span_id, call_id, name)) WITHOUT ROWID;
CREATE INDEX fact_time ON fact (at);
CREATE TABLE kill_switch (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
`,
  },
  {
    summary: 'outbox of alerts',
    sql: 'CREATE TABLE alert (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;',
  },
  {
    summary: 'documents of several kinds',
    sql: `
CREATE TABLE documents (kind TEXT NOT NULL, name TEXT NOT NULL, generation INTEGER NOT NULL, revision TEXT NOT NULL, normal TEXT NOT NULL,
  author TEXT NOT NULL, approver TEXT NOT NULL, at REAL NOT NULL, source TEXT NOT NULL, deleted INTEGER NOT NULL,
  PRIMARY KEY (kind, name, generation)) WITHOUT ROWID;
INSERT INTO documents SELECT 'Guardrail', name, generation, revision, guardrail, author, approver, at, source, deleted FROM document;
DROP TABLE document;
CREATE TABLE proposals (kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;
INSERT INTO proposals SELECT 'Guardrail', name, json_set(body, '$.kind', 'Guardrail', '$.change', 'put') FROM proposal;
DROP TABLE proposal;
`,
  },
  {
    summary: 'reports of verdicts',
    sql: 'CREATE TABLE report (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);',
  },
  {
    summary: 'outbox of webhooks',
    sql: 'CREATE TABLE webhook (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;',
  },
  {
    summary: 'why documents were changed',
    sql: `
ALTER TABLE documents ADD COLUMN why TEXT NOT NULL DEFAULT '';
UPDATE proposals SET body = json_set(body, '$.why', '');
`,
  },
  {
    summary: 'break-glass edits',
    sql: `
ALTER TABLE documents ADD COLUMN break_glass TEXT NOT NULL DEFAULT 'null';
UPDATE proposals SET body = json_set(body, '$.breakGlass', 0);
`,
  },
  {
    summary: 'judgements that are neither right nor a false alarm',
    sql: `
CREATE TABLE judgement (verdict_id TEXT NOT NULL, by_whom TEXT NOT NULL, judgement TEXT NOT NULL, reason TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (verdict_id, by_whom)) WITHOUT ROWID;
INSERT INTO judgement SELECT verdict_id, by_whom, CASE true_positive WHEN 1 THEN 'right' ELSE 'false_alarm' END, reason, at FROM feedback;
DROP TABLE feedback;
`,
  },
];

/** Version that this program writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;
