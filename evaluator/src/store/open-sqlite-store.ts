import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_RETENTION, type Retention } from './operations.js';
import { createQueuedStore, type QueueOptions } from './queued-store.js';
import { openDatabase } from './open-database.js';
import { migrateDatabase, type Migration } from './migrate-database.js';
import { requireRuntime } from './require-runtime.js';
import { StoreError } from './store-error.js';
import type { Store } from './types.js';
import { startWorkerExecutor } from './worker-executor.js';

const FILE = 'guardspan.db';

/** Where the store is, and how it groups what it writes. */
export interface SqliteStoreOptions extends QueueOptions {
  /** Made with mode 0700 when absent; its files get mode 0600. */
  directory: string;
  /** What is not given keeps its default. */
  retention?: Partial<Retention>;
  /** Bound of the database in bytes; beyond, commits fail as on a full disk. Default 0: none. */
  maxBytes?: number;
}

/**
 * Opens the durable store: SQLite with a write-ahead log and `synchronous=FULL`, in its own thread. Migrates by itself.
 * Rejects with StoreError: `RUNTIME`, `LOCKED`, `SCHEMA`, `COMMIT`.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  requireRuntime(process.versions.node);
  const path = prepare(options.directory);
  const executor = await startWorkerExecutor({
    path,
    retention: { ...DEFAULT_RETENTION, ...options.retention },
    maxBytes: options.maxBytes ?? 0,
  });
  return createQueuedStore(executor, options);
}

/** Brings the data of a directory to this program's schema, or says what that would do. Throws StoreError. */
export function migrateStore(options: { directory: string; dryRun: boolean }): Migration {
  requireRuntime(process.versions.node);
  const db = openDatabase(prepare(options.directory));
  try {
    return migrateDatabase(db, options.dryRun);
  } finally {
    db.close();
  }
}

/** SQLite gives its log the mode of the data file, so that one is made first. */
function prepare(directory: string): string {
  const path = join(directory, FILE);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
  } catch (error) {
    throw new StoreError(
      'GUARDSPAN_STORE_COMMIT',
      `The data directory ${directory} cannot be used: ${(error as Error).message}.`,
      'Give a directory that this user owns.',
      { cause: error },
    );
  }
  return path;
}
