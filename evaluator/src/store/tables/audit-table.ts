import { anchorEntry } from '../../audit/anchor.js';
import { chainRecord, GENESIS_HASH, normalizeEntry } from '../../audit/chain.js';
import { Statements } from '../statements.js';
import type { AuditEntry, AuditQuery, AuditRecord } from '../types.js';

interface Head {
  seq: number;
  hash: string;
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

/** The hash-chained audit in its table. */
export class AuditTable {
  readonly #sql: Statements;
  #head: Head = { seq: 0, hash: GENESIS_HASH };

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  /** The newest record. Set back to an earlier value when a transaction that appended is taken back. */
  get head(): Head {
    return this.#head;
  }
  set head(head: Head) {
    this.#head = head;
  }

  /** Reads the newest record: at the start, and after a transaction failed. */
  loadHead(): void {
    const row = this.#sql.get('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').get() as Head | undefined;
    this.#head = row ?? { seq: 0, hash: GENESIS_HASH };
  }

  append(entries: readonly AuditEntry[]): AuditRecord[] {
    const insert = this.#sql.get(
      'INSERT INTO audit (seq, kind, at, actor, guardrail, trace_id, verdict_id, body, previous, hash) VALUES (?,?,?,?,?,?,?,?,?,?)',
    );
    return entries.map((entry) => {
      const r = chainRecord(this.#head.hash, this.#head.seq + 1, normalizeEntry(entry));
      const body = JSON.stringify(r.body);
      insert.run(r.seq, r.kind, r.at, r.actor, r.guardrail, r.traceId, r.verdictId, body, r.previous, r.hash);
      this.#head = { seq: r.seq, hash: r.hash };
      return r;
    });
  }

  query(query: AuditQuery): AuditRecord[] {
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
    const filter = where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`;
    const sql = `SELECT * FROM audit ${filter} ORDER BY seq ${query.descending === true ? 'DESC' : 'ASC'} LIMIT ?`;
    return (this.#sql.get(sql).all(...values, Statements.limit(query.limit)) as AuditRow[]).map(auditRecord);
  }

  /**
   * Only a prefix goes, and never the head: what is left is one unbroken run that the next record continues. What went is put on record as an anchor,
   * so that a chain which begins later can be told from one whose beginning somebody cut off.
   *
   * @param before Time (s) before which records are too old.
   * @param most Records that may be left, the anchor among them; 0: no bound.
   */
  prune(before: number, most: number, now: number): void {
    const { first } = this.#sql.get('SELECT min(seq) AS first FROM audit').get() as { first: number | null };
    if (first === null) return;
    const { young } = this.#sql.get('SELECT min(seq) AS young FROM audit WHERE at >= ?').get(before) as {
      young: number | null;
    };
    const byAge = young ?? this.#head.seq;
    // One of them is the anchor.
    const bySize = most > 0 && this.#head.seq - first + 1 > most ? this.#head.seq - most + 2 : 0;
    const kept = Math.min(Math.max(byAge, bySize), this.#head.seq);
    if (kept <= first) return;
    const { hash } = this.#sql.get('SELECT hash FROM audit WHERE seq = ?').get(kept - 1) as { hash: string };
    this.#sql.get('DELETE FROM audit WHERE seq < ?').run(kept);
    this.append([anchorEntry({ from: first, through: kept - 1, head: hash }, kept > byAge ? 'size' : 'age', now)]);
  }
}

function auditRecord(row: AuditRow): AuditRecord {
  const { trace_id, verdict_id, body, ...rest } = row;
  return { ...rest, traceId: trace_id, verdictId: verdict_id, body: JSON.parse(body) as unknown };
}
