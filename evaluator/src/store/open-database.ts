import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import { requireRuntime } from './require-runtime.js';
import { StoreError } from './store-error.js';

/** Opens a data file for this process alone. Throws StoreError: `RUNTIME`, `LOCKED`, `COMMIT` (cannot be opened). */
export function openDatabase(path: string): BetterSqlite3.Database {
  requireRuntime(process.versions.node);
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
    const locked = /^SQLITE_(BUSY|LOCKED)/.test(String((error as { code?: unknown }).code ?? ''));
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
