import type BetterSqlite3 from 'better-sqlite3';

const MAX_ROWS = 1000;

/** Prepared statements of one connection, each made once. */
export class Statements {
  readonly #db: BetterSqlite3.Database;
  readonly #prepared = new Map<string, BetterSqlite3.Statement>();

  constructor(db: BetterSqlite3.Database) {
    this.#db = db;
  }

  get(text: string): BetterSqlite3.Statement {
    let statement = this.#prepared.get(text);
    if (statement === undefined) {
      statement = this.#db.prepare(text);
      this.#prepared.set(text, statement);
    }
    return statement;
  }

  /** The values of the JSON column `body`. */
  bodies<T>(text: string, ...values: (string | number)[]): T[] {
    return (this.get(text).all(...values) as { body: string }[]).map((row) => JSON.parse(row.body) as T);
  }

  /** Rows that a query may give: at least 1, at most 1000, 100 when nothing is asked. */
  static limit(limit: number | undefined): number {
    return Math.min(Math.max(1, Math.floor(limit ?? 100)), MAX_ROWS);
  }
}
