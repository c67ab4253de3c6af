import { DEFAULT_RETENTION, type Retention } from './operations.js';
import { createQueuedStore, type QueueOptions } from './queued-store.js';
import { SqliteDatabase } from './sqlite-database.js';
import type { Store } from './types.js';

/** A store that forgets everything when it closes, with the same queue and rules as the durable one. For tests and dry runs. */
export function createMemoryStore(options: QueueOptions & { retention?: Partial<Retention> } = {}): Store {
  const database = new SqliteDatabase({
    path: ':memory:',
    retention: { ...DEFAULT_RETENTION, ...options.retention },
    maxBytes: 0,
  });
  return createQueuedStore(
    {
      // Cloned as between threads: nobody may share an object with the store.
      write: async (batch) => structuredClone(database.write(batch)),
      read: async (name, args) => structuredClone(database.read(name, args)),
      onExit: () => undefined,
      close: async () => database.close(),
    },
    { commitDelay: 0, ...options },
  );
}
