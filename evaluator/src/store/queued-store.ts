import type { Executor, ReadName, WriteName, WriteResult } from './operations.js';
import { READS, REPEATABLE_WRITES, RETAINED_WRITES } from './operations.js';
import { StoreError } from './store-error.js';
import type { Store, StoreStatus } from './types.js';

export interface QueueOptions {
  /** Milliseconds that the first write of a batch waits for others. Default 5; at most 250. */
  commitDelay?: number;
  /** Writes in one transaction. Default 1000. */
  maxBatch?: number;
  /** Writes that may wait. Beyond, a write is refused with GUARDSPAN_STORE_FULL. Default 20,000. */
  maxPending?: number;
  /** Milliseconds before the first retry of a failed commit; doubles up to 2 s. Default 100. */
  retryDelay?: number;
}
interface Pending {
  name: WriteName;
  args: readonly unknown[];
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}
const MAX_RETRY_MS = 2000;
const RETAINED: ReadonlySet<string> = new Set(RETAINED_WRITES);

/** A {@link Store} that queues writes and commits them in groups through an executor. */
export function createQueuedStore(executor: Executor, options: QueueOptions = {}): Store {
  const commitDelay = Math.min(options.commitDelay ?? 5, 250);
  const maxBatch = options.maxBatch ?? 1000;
  const maxPending = options.maxPending ?? 20_000;
  const firstRetry = options.retryDelay ?? 100;

  let queue: Pending[] = [];
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let retry = 0;
  let reason = '';
  let lastCommitSeconds = 0;
  let closed = false;
  executor.onExit((error) => {
    closed = true;
    reason = error.message;
    for (const entry of queue.splice(0)) entry.reject(error);
  });

  const schedule = (): void => {
    if (timer !== undefined || running !== undefined || queue.length === 0) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        void flush();
      },
      retry > 0 ? retry : queue.length >= maxBatch ? 0 : commitDelay,
    );
  };

  const commit = async (): Promise<void> => {
    // Pruning may be what frees the space that the others wait for: it never shares their transaction.
    const prune = queue.findIndex((entry) => entry.name === 'prune');
    const batch = prune >= 0 ? queue.splice(prune, 1) : queue.splice(0, maxBatch);
    const started = performance.now();
    let results: WriteResult[];
    try {
      results = await executor.write(batch.map(({ name, args }) => ({ name, args })));
    } catch (cause) {
      fail(batch, cause as Error);
      return;
    }
    lastCommitSeconds = (performance.now() - started) / 1000;
    // A prune that went through says nothing about the writes that failed.
    if (prune < 0) reason = '';
    retry = 0;
    batch.forEach((entry, index) => {
      const result = results[index]!;
      if (result.ok) entry.resolve(result.value);
      else
        entry.reject(new StoreError('GUARDSPAN_STORE_INPUT', result.message, 'The value cannot be stored as it is.'));
    });
  };

  const fail = (batch: Pending[], cause: Error): void => {
    reason = cause.message;
    retry = retry === 0 ? firstRetry : Math.min(retry * 2, MAX_RETRY_MS);
    const source = cause instanceof StoreError ? cause : undefined;
    const kept: Pending[] = [];
    for (const entry of batch) {
      const retained = RETAINED.has(entry.name) && !closed;
      entry.reject(
        new StoreError('GUARDSPAN_STORE_COMMIT', cause.message, source?.hint ?? 'Check the data directory.', {
          cause,
          retained,
        }),
      );
      if (retained) kept.push({ ...entry, resolve: ignore, reject: ignore });
    }
    queue = [...kept, ...queue];
  };

  const flush = (): Promise<void> => {
    running ??= commit().finally(() => {
      running = undefined;
      if (!closed) schedule();
    });
    return running;
  };

  const write = (name: WriteName, args: readonly unknown[]): Promise<unknown> => {
    if (closed) {
      return Promise.reject(
        new StoreError('GUARDSPAN_STORE_CLOSED', 'The store is closed.', 'Start the evaluator again.'),
      );
    }
    if (queue.length >= maxPending) {
      return Promise.reject(
        new StoreError(
          'GUARDSPAN_STORE_FULL',
          `${queue.length} writes wait for the disk.`,
          'Free space in the data directory; check the disk.',
        ),
      );
    }
    return new Promise((resolve, reject) => {
      // A copy: the caller may go on changing what it handed over. A checkpoint is made for us alone, and large.
      queue.push({ name, args: name === 'commitCheckpoint' ? args : structuredClone(args), resolve, reject });
      schedule();
    });
  };

  const status = (): StoreStatus => ({ degraded: reason !== '', reason, pending: queue.length, lastCommitSeconds });

  const close = async (): Promise<void> => {
    if (closed) return;
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
    await running;
    let left = queue.length;
    while (left > 0) {
      if (timer !== undefined) clearTimeout(timer);
      timer = undefined;
      await flush();
      if (reason !== '' && queue.length >= left) break;
      left = queue.length;
    }
    closed = true;
    if (timer !== undefined) clearTimeout(timer);
    await executor.close();
    if (queue.length > 0) {
      throw new StoreError(
        'GUARDSPAN_STORE_COMMIT',
        `${queue.length} writes could not be made before the end: ${reason}`,
        'None of them was acknowledged. Free space in the data directory before the next start.',
      );
    }
  };

  const store: { [name: string]: unknown } = { status, close };
  for (const name of [...RETAINED_WRITES, ...REPEATABLE_WRITES]) {
    store[name] = (...args: unknown[]) => write(name, args);
  }
  for (const name of READS) store[name] = (...args: unknown[]) => executor.read(name satisfies ReadName, args);
  return store as unknown as Store;
}

function ignore(): void {
  // The caller was told already; the write goes on without it.
}
