import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import { chainRecord, GENESIS_HASH, normalizeEntry } from '../audit/chain.js';
import type { Operations, ReadName, Retention, WriteRequest, WriteResult } from './operations.js';
import { MIGRATIONS, SCHEMA_VERSION } from './schema.js';
import { StoreError } from './store-error.js';
import type { AuditRecord, DocumentVersion, FactRow, FeedbackRow, VerdictRow } from './types.js';

/** Failures of the disk or the file: the whole batch is rolled back. All others belong to one write. */
const FATAL = /^SQLITE_(FULL|IOERR|READONLY|CORRUPT|NOTADB|NOMEM|CANTOPEN|BUSY|LOCKED|PROTOCOL)/;
const PAGE_BYTES = 4096;
const MAX_ROWS = 1000;

/** Refuses a Node on which the native module ends the process instead of throwing. */
export function requireRuntime(version: string): void {
  const major = Number(version.split('.')[0]);
  if (!(major >= 22)) {
    throw new StoreError(
      'GUARDSPAN_STORE_RUNTIME',
      `The store needs Node 22.15 or newer; this is ${version}.`,
      'Run the evaluator with Node 22.15 or newer, for example through `npx node@24`.',
    );
  }
}

/** What `migrate` did or, in a dry run, would do. */
export interface Migration {
  from: number;
  to: number;
  steps: string[];
}

interface DatabaseOptions {
  /** `:memory:` or a path. */
  path: string;
  retention: Retention;
  /** Bytes; 0 for no bound. */
  maxBytes: number;
}

/** Every operation of the store on one SQLite connection, synchronous. Runs in the store's thread. */
export class SqliteDatabase {
  readonly #db: BetterSqlite3.Database;
  readonly #retention: Retention;
  readonly #statements = new Map<string, BetterSqlite3.Statement>();
  #audit = { seq: 0, hash: GENESIS_HASH };

  /** Throws StoreError: `RUNTIME`, `LOCKED`, `SCHEMA`, `COMMIT` (cannot be opened). */
  constructor(options: DatabaseOptions) {
    requireRuntime(process.versions.node);
    this.#retention = options.retention;
    this.#db = openDatabase(options.path);
    try {
      migrateDatabase(this.#db, false);
      if (options.maxBytes > 0) this.#db.pragma(`max_page_count = ${Math.ceil(options.maxBytes / PAGE_BYTES)}`);
      this.#loadHead();
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /** Makes a batch durable as one transaction. Throws StoreError (`COMMIT`) and changes nothing when the disk refuses. */
  write(batch: readonly WriteRequest[]): WriteResult[] {
    const run = this.#db.transaction((request: WriteRequest) =>
      (this.operations[request.name] as (...args: unknown[]) => unknown)(...request.args),
    );
    const all = this.#db.transaction(() =>
      batch.map((request): WriteResult => {
        const head = this.#audit;
        try {
          return { ok: true, value: run(request) };
        } catch (error) {
          if (FATAL.test(codeOf(error))) throw error;
          this.#audit = head;
          return { ok: false, message: `${request.name}: ${(error as Error).message}` };
        }
      }),
    );
    try {
      return all.immediate();
    } catch (error) {
      this.#loadHead();
      throw new StoreError(
        'GUARDSPAN_STORE_COMMIT',
        `The disk did not take a commit: ${(error as Error).message}.`,
        'Free space in the data directory or raise the bound of the database; writes are retried by themselves.',
        { cause: error },
      );
    }
  }

  read(name: ReadName, args: readonly unknown[]): unknown {
    return (this.operations[name] as (...args: unknown[]) => unknown)(...args);
  }

  close(): void {
    this.#db.close();
  }

  readonly operations: Operations = {
    commitCheckpoint: (checkpoint) => {
      const bucket = this.#sql(
        'INSERT OR REPLACE INTO bucket (revision, series, bucket, arm, totals) VALUES (?,?,?,?,?)',
      );
      for (const b of checkpoint.buckets) bucket.run(b.revision, b.series, b.bucket, b.arm, b.totals);
      const series = this.#sql('INSERT OR REPLACE INTO series (revision, series, state) VALUES (?,?,?)');
      for (const s of checkpoint.series) series.run(s.revision, s.series, s.state);
      const seen = this.#sql('INSERT INTO seen (slice, ids) VALUES (?,?)');
      for (const s of checkpoint.seen) seen.run(s.slice, s.ids);
      this.#sql('DELETE FROM seen WHERE slice < ?').run(checkpoint.closedBefore);
    },
    loadCheckpoint: () => ({
      buckets: (
        this.#sql('SELECT revision, series, bucket, arm, totals FROM bucket ORDER BY bucket').all() as BucketRow[]
      ).map((row) => ({ ...row, totals: new Uint8Array(row.totals) })),
      series: this.#sql('SELECT revision, series, state FROM series').all() as {
        revision: string;
        series: string;
        state: string;
      }[],
      seen: (this.#sql('SELECT slice, ids FROM seen ORDER BY id').all() as { slice: number; ids: Uint8Array }[]).map(
        (row) => ({ slice: row.slice, ids: new Uint8Array(row.ids) }),
      ),
    }),

    appendAudit: (entries) => {
      const insert = this.#sql(
        'INSERT INTO audit (seq, kind, at, actor, guardrail, trace_id, verdict_id, body, previous, hash) VALUES (?,?,?,?,?,?,?,?,?,?)',
      );
      return entries.map((entry) => {
        const r = chainRecord(this.#audit.hash, this.#audit.seq + 1, normalizeEntry(entry));
        insert.run(
          r.seq,
          r.kind,
          r.at,
          r.actor,
          r.guardrail,
          r.traceId,
          r.verdictId,
          JSON.stringify(r.body),
          r.previous,
          r.hash,
        );
        this.#audit = { seq: r.seq, hash: r.hash };
        return r;
      });
    },
    queryAudit: (query) => {
      const where: string[] = [];
      const values: (string | number)[] = [];
      const add = (clause: string, value: string | number | undefined): void => {
        if (value === undefined) return;
        where.push(clause);
        values.push(value);
      };
      add('kind = ?', query.kind);
      add('guardrail = ?', query.guardrail);
      add('trace_id = ?', query.traceId);
      add('verdict_id = ?', query.verdictId);
      add('seq > ?', query.after);
      const sql = `SELECT * FROM audit ${whereClause(where)} ORDER BY seq ${query.descending === true ? 'DESC' : 'ASC'} LIMIT ?`;
      return (this.#sql(sql).all(...values, rowLimit(query.limit)) as AuditRow[]).map(auditRecord);
    },

    putDocument: (version) => {
      const last = this.#sql('SELECT max(generation) AS generation FROM document WHERE name = ?').get(version.name) as {
        generation: number | null;
      };
      const stored: DocumentVersion = { ...version, generation: (last.generation ?? 0) + 1 };
      this.#sql(
        'INSERT INTO document (name, generation, revision, guardrail, author, approver, at, source, deleted) VALUES (?,?,?,?,?,?,?,?,?)',
      ).run(
        stored.name,
        stored.generation,
        stored.revision,
        JSON.stringify(stored.guardrail),
        stored.author,
        stored.approver,
        stored.at,
        stored.source,
        stored.deleted ? 1 : 0,
      );
      return stored;
    },
    documents: () =>
      (
        this.#sql(
          `SELECT d.* FROM document d JOIN (SELECT name, max(generation) AS generation FROM document GROUP BY name) n
           ON d.name = n.name AND d.generation = n.generation WHERE d.deleted = 0 ORDER BY d.name`,
        ).all() as DocumentRow[]
      ).map(documentVersion),
    documentHistory: (name) =>
      (this.#sql('SELECT * FROM document WHERE name = ? ORDER BY generation').all(name) as DocumentRow[]).map(
        documentVersion,
      ),
    putProposal: (row) => {
      this.#sql('INSERT OR REPLACE INTO proposal (name, body) VALUES (?,?)').run(row.name, JSON.stringify(row));
    },
    proposals: () => this.#bodies('SELECT body FROM proposal ORDER BY name'),
    deleteProposal: (name) => this.#sql('DELETE FROM proposal WHERE name = ?').run(name).changes > 0,

    putVerdict: (row) => {
      this.#sql('INSERT OR REPLACE INTO verdict (id, guardrail, first_at, released_at, body) VALUES (?,?,?,?,?)').run(
        row.id,
        row.guardrail,
        row.firstAt,
        row.releasedAt,
        JSON.stringify(row),
      );
    },
    verdicts: (query) => {
      const where: string[] = [];
      const values: (string | number)[] = [];
      if (query.guardrail !== undefined) {
        where.push('guardrail = ?');
        values.push(query.guardrail);
      }
      if (query.active !== undefined) where.push(query.active ? 'released_at = 0' : 'released_at > 0');
      if (query.before !== undefined) {
        where.push('first_at < ?');
        values.push(query.before);
      }
      return this.#bodies<VerdictRow>(
        `SELECT body FROM verdict ${whereClause(where)} ORDER BY first_at DESC, id LIMIT ?`,
        ...values,
        rowLimit(query.limit),
      );
    },
    verdict: (id) => this.#bodies<VerdictRow>('SELECT body FROM verdict WHERE id = ?', id)[0],

    putDirectives: (directives) => {
      const put = this.#sql('INSERT OR REPLACE INTO directive (id, released_at, body) VALUES (?,?,?)');
      for (const d of directives) put.run(d.id, d.releasedAt, JSON.stringify(d));
    },
    activeDirectives: () => this.#bodies('SELECT body FROM directive WHERE released_at = 0 ORDER BY id'),

    putFeedback: (row) => {
      this.#sql(
        'INSERT OR REPLACE INTO feedback (verdict_id, by_whom, true_positive, reason, at) VALUES (?,?,?,?,?)',
      ).run(row.verdictId, row.by, row.truePositive ? 1 : 0, row.reason, row.at);
    },
    feedback: (verdictId) =>
      (
        this.#sql('SELECT * FROM feedback WHERE verdict_id = ? ORDER BY at').all(verdictId) as {
          verdict_id: string;
          by_whom: string;
          true_positive: number;
          reason: string;
          at: number;
        }[]
      ).map((row): FeedbackRow => ({
        verdictId: row.verdict_id,
        truePositive: row.true_positive === 1,
        by: row.by_whom,
        reason: row.reason,
        at: row.at,
      })),
    putFacts: (rows: readonly FactRow[]) => {
      const put = this.#sql(
        'INSERT OR IGNORE INTO fact (kind, trace_id, span_id, call_id, name, value, at) VALUES (?,?,?,?,?,?,?)',
      );
      let accepted = 0;
      for (const r of rows) accepted += put.run(r.kind, r.traceId, r.spanId, r.callId, r.name, r.value, r.at).changes;
      return { accepted, duplicates: rows.length - accepted };
    },

    putKillSwitches: (switches) => {
      this.#sql('DELETE FROM kill_switch').run();
      const put = this.#sql('INSERT INTO kill_switch (id, body) VALUES (?,?)');
      for (const s of switches) put.run(s.id, JSON.stringify(s));
    },
    killSwitches: () => this.#bodies('SELECT body FROM kill_switch ORDER BY id'),

    nextEpoch: () => {
      const row = this.#sql(
        `INSERT INTO meta (key, value) VALUES ('epoch', '1') ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1 RETURNING value`,
      ).get() as { value: string };
      return Number(row.value);
    },

    prune: (now) => {
      const keep = this.#retention;
      this.#sql('DELETE FROM bucket WHERE bucket < ?').run(now - keep.buckets);
      this.#sql('DELETE FROM fact WHERE at < ?').run(now - keep.facts);
      this.#sql('DELETE FROM directive WHERE released_at > 0 AND released_at < ?').run(now - keep.buckets);
      if (keep.legalHold) return;
      const before = now - keep.audit;
      this.#sql(
        'DELETE FROM feedback WHERE verdict_id IN (SELECT id FROM verdict WHERE released_at > 0 AND released_at < ?)',
      ).run(before);
      this.#sql('DELETE FROM verdict WHERE released_at > 0 AND released_at < ?').run(before);
      // Only a prefix goes, and never the head: what is left is one unbroken run that the next record continues.
      this.#sql(
        'DELETE FROM audit WHERE seq < (SELECT coalesce(min(seq), (SELECT max(seq) FROM audit)) FROM audit WHERE at >= ?)',
      ).run(before);
    },
  };

  #loadHead(): void {
    const row = this.#sql('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').get() as
      { seq: number; hash: string } | undefined;
    this.#audit = row ?? { seq: 0, hash: GENESIS_HASH };
  }

  #sql(text: string): BetterSqlite3.Statement {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#db.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  #bodies<T>(text: string, ...values: (string | number)[]): T[] {
    return (this.#sql(text).all(...values) as { body: string }[]).map((row) => JSON.parse(row.body) as T);
  }
}

/** Brings a data file to {@link SCHEMA_VERSION}. A dry run makes every step and takes all of it back. Throws StoreError. */
export function migrateFile(path: string, dryRun: boolean): Migration {
  requireRuntime(process.versions.node);
  const db = openDatabase(path);
  try {
    return migrateDatabase(db, dryRun);
  } finally {
    db.close();
  }
}

function openDatabase(path: string): BetterSqlite3.Database {
  // Loaded late: on an old Node the module must not even be constructed.
  const Database = createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3;
  const db = new Database(path, { timeout: 0 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    // The exclusive lock is taken with the first write, so write nothing now rather than meet the other process later.
    db.exec('BEGIN IMMEDIATE; COMMIT');
    return db;
  } catch (error) {
    db.close();
    const locked = /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));
    throw new StoreError(
      locked ? 'GUARDSPAN_STORE_LOCKED' : 'GUARDSPAN_STORE_COMMIT',
      locked
        ? `Another process has the data file ${path} open.`
        : `The data file ${path} cannot be opened: ${(error as Error).message}.`,
      locked
        ? 'Stop the other evaluator, or give this one a directory of its own.'
        : 'Check the file, the free space and the permissions of its directory.',
      { cause: error },
    );
  }
}

function migrateDatabase(db: BetterSqlite3.Database, dryRun: boolean): Migration {
  const from = db.pragma('user_version', { simple: true }) as number;
  if (from > SCHEMA_VERSION) {
    throw new StoreError(
      'GUARDSPAN_STORE_SCHEMA',
      `The data has schema version ${from}; this program knows ${SCHEMA_VERSION}.`,
      'Run the newer program again, or restore a backup from before the upgrade.',
    );
  }
  const pending = MIGRATIONS.slice(from);
  const result: Migration = { from, to: SCHEMA_VERSION, steps: pending.map((step) => step.summary) };
  if (pending.length === 0) return result;
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const step of pending) db.exec(step.sql);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
    db.exec(dryRun ? 'ROLLBACK' : 'COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw new StoreError(
      'GUARDSPAN_STORE_COMMIT',
      `The data could not be migrated from version ${from}: ${(error as Error).message}.`,
      'Nothing was changed. Free space in the data directory and start again.',
      { cause: error },
    );
  }
  return result;
}

interface BucketRow {
  revision: string;
  series: string;
  bucket: number;
  arm: 'model' | 'probe';
  totals: Uint8Array;
}
interface AuditRow {
  seq: number;
  kind: AuditRecord['kind'];
  at: number;
  actor: string;
  guardrail: string;
  trace_id: string;
  verdict_id: string;
  body: string;
  previous: string;
  hash: string;
}
type DocumentRow = Omit<DocumentVersion, 'guardrail' | 'deleted'> & { guardrail: string; deleted: number };

function auditRecord(row: AuditRow): AuditRecord {
  const { trace_id, verdict_id, body, ...rest } = row;
  return { ...rest, traceId: trace_id, verdictId: verdict_id, body: JSON.parse(body) as unknown };
}
function documentVersion(row: DocumentRow): DocumentVersion {
  return {
    ...row,
    guardrail: JSON.parse(row.guardrail) as DocumentVersion['guardrail'],
    deleted: row.deleted === 1,
  };
}
function whereClause(clauses: readonly string[]): string {
  return clauses.length === 0 ? '' : `WHERE ${clauses.join(' AND ')}`;
}
function rowLimit(limit: number | undefined): number {
  return Math.min(Math.max(1, Math.floor(limit ?? 100)), MAX_ROWS);
}
function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? '');
}
