import type BetterSqlite3 from 'better-sqlite3';
import { MIGRATIONS, SCHEMA_VERSION } from './schema.js';
import { StoreError } from './store-error.js';

/** What {@link migrateDatabase} did or, in a dry run, would do. */
export interface Migration {
  from: number;
  to: number;
  steps: string[];
}

/** Brings a database to {@link SCHEMA_VERSION}. A dry run makes every step and takes all of it back. Throws StoreError: `SCHEMA`, `COMMIT`. */
export function migrateDatabase(db: BetterSqlite3.Database, dryRun: boolean): Migration {
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
