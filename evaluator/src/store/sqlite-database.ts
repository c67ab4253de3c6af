import type BetterSqlite3 from 'better-sqlite3';
import { migrateDatabase } from './migrate-database.js';
import { openDatabase } from './open-database.js';
import type { Operations, ReadName, Retention, WriteRequest, WriteResult } from './operations.js';
import { Statements } from './statements.js';
import { StoreError } from './store-error.js';
import { AuditTable } from './tables/audit-table.js';
import { alertTable } from './tables/alert-table.js';
import { checkpointTable } from './tables/checkpoint-table.js';
import { documentTable } from './tables/document-table.js';
import { verdictTable } from './tables/verdict-table.js';

/** Failures of the disk or the file: the whole batch is rolled back. All others belong to one write. */
const FATAL = /^SQLITE_(FULL|IOERR|READONLY|CORRUPT|NOTADB|NOMEM|CANTOPEN|BUSY|LOCKED|PROTOCOL)/;
const PAGE_BYTES = 4096;

interface DatabaseOptions {
  /** `:memory:` or a path. */
  path: string;
  retention: Retention;
  /** Bytes; 0 for no bound. */
  maxBytes: number;
}

/** Every operation of the store on one SQLite connection, synchronous. Runs in the store's thread. */
export class SqliteDatabase {
  readonly operations: Operations;
  readonly #db: BetterSqlite3.Database;
  readonly #audit: AuditTable;

  /** Throws StoreError: `RUNTIME`, `LOCKED`, `SCHEMA`, `COMMIT` (cannot be opened). */
  constructor(options: DatabaseOptions) {
    this.#db = openDatabase(options.path);
    try {
      migrateDatabase(this.#db, false);
      if (options.maxBytes > 0) this.#db.pragma(`max_page_count = ${Math.ceil(options.maxBytes / PAGE_BYTES)}`);
      const sql = new Statements(this.#db);
      this.#audit = new AuditTable(sql);
      this.#audit.loadHead();
      this.operations = createOperations(sql, this.#audit, options.retention);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /**
   * Makes a batch durable as one transaction; each write is whole or not at all, its audit entries with it.
   * Throws StoreError (`COMMIT`) and changes nothing when the disk refuses.
   */
  write(batch: readonly WriteRequest[]): WriteResult[] {
    const run = this.#db.transaction((request: WriteRequest) =>
      (this.operations[request.name] as (...args: unknown[]) => unknown)(...request.args),
    );
    const all = this.#db.transaction(() =>
      batch.map((request): WriteResult => {
        const head = this.#audit.head;
        try {
          return { ok: true, value: run(request) };
        } catch (error) {
          if (FATAL.test(String((error as { code?: unknown }).code ?? ''))) throw error;
          this.#audit.head = head;
          return { ok: false, message: `${request.name}: ${(error as Error).message}` };
        }
      }),
    );
    try {
      return all.immediate();
    } catch (error) {
      this.#audit.loadHead();
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
}

function createOperations(sql: Statements, audit: AuditTable, keep: Retention): Operations {
  return {
    ...checkpointTable(sql),
    ...documentTable(sql, audit),
    ...verdictTable(sql, audit),
    ...alertTable(sql),
    appendAudit: (entries) => audit.append(entries),
    queryAudit: (query) => audit.query(query),

    putFacts: (rows) => {
      const put = sql.get(
        'INSERT OR IGNORE INTO fact (kind, trace_id, span_id, call_id, name, value, at) VALUES (?,?,?,?,?,?,?)',
      );
      let accepted = 0;
      for (const r of rows) accepted += put.run(r.kind, r.traceId, r.spanId, r.callId, r.name, r.value, r.at).changes;
      return { accepted, duplicates: rows.length - accepted };
    },

    putKillSwitches: (switches, options = {}) => {
      const put = sql.get('INSERT OR REPLACE INTO kill_switch (id, body) VALUES (?,?)');
      for (const s of switches) put.run(s.id, JSON.stringify(s));
      audit.append(options.audit ?? []);
    },
    killSwitches: () => sql.bodies('SELECT body FROM kill_switch ORDER BY id'),

    nextEpoch: () => {
      const row = sql
        .get(
          `INSERT INTO meta (key, value) VALUES ('epoch', '1') ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1 RETURNING value`,
        )
        .get() as { value: string };
      return Number(row.value);
    },

    prune: (now) => {
      sql.get('DELETE FROM bucket WHERE bucket < ?').run(now - keep.buckets);
      sql.get('DELETE FROM fact WHERE at < ?').run(now - keep.facts);
      sql.get('DELETE FROM directive WHERE released_at > 0 AND released_at < ?').run(now - keep.buckets);
      sql.get("DELETE FROM kill_switch WHERE body ->> 'until' > 0 AND body ->> 'until' < ?").run(now);
      if (keep.legalHold) return;
      const before = now - keep.audit;
      sql
        .get(
          'DELETE FROM judgement WHERE verdict_id IN (SELECT id FROM verdict WHERE released_at > 0 AND released_at < ?)',
        )
        .run(before);
      sql.get('DELETE FROM verdict WHERE released_at > 0 AND released_at < ?').run(before);
      sql.get('DELETE FROM report WHERE id NOT IN (SELECT id FROM verdict)').run();
      audit.prune(before, keep.auditRecords, now);
    },
  };
}
