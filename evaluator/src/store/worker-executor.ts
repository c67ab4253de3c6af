import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { sendAhead } from './checkpoint-blocks.js';
import type { Executor, ReadName, WriteRequest, WriteResult } from './operations.js';
import type { WorkerData, WorkerRequest, WorkerResponse } from './sqlite-worker.js';
import { StoreError, type StoreErrorCode } from './store-error.js';

type Unnumbered<T> = T extends { id: number } ? Omit<T, 'id'> : never;
interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** Starts the store's thread. Rejects with StoreError when the database cannot be opened. */
export async function startWorkerExecutor(data: WorkerData): Promise<Executor> {
  const worker = new Worker(workerFile(), { workerData: data, stdout: false, stderr: false });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let lastPart = 0;
  let closing = false;
  let ended: StoreError | undefined;
  let exitListener: ((error: Error) => void) | undefined;

  const end = (message: string, cause?: unknown): void => {
    if (ended !== undefined) return;
    ended = new StoreError(
      'GUARDSPAN_STORE_CLOSED',
      message,
      'Restart the evaluator; what was acknowledged is on disk.',
      {
        cause,
      },
    );
    for (const entry of waiting.values()) entry.reject(ended);
    waiting.clear();
    if (!closing) exitListener?.(ended);
  };
  worker.on('message', (response: WorkerResponse) => {
    const entry = waiting.get(response.id);
    waiting.delete(response.id);
    if (response.ok) entry?.resolve(response.value);
    else entry?.reject(new StoreError(response.code as StoreErrorCode, response.message, response.hint));
  });
  worker.on('error', (error) => end(`The store's thread failed: ${error.message}`, error));
  worker.on('exit', () => end('The store is closed.'));

  const expect = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  const ask = (request: Unnumbered<WorkerRequest>): Promise<unknown> => {
    if (ended !== undefined) return Promise.reject(ended);
    const id = ++lastId;
    const answered = expect(id);
    worker.postMessage({ id, ...request });
    return answered;
  };

  try {
    await expect(0);
  } catch (error) {
    closing = true;
    await worker.terminate();
    throw error;
  }
  return {
    write: async (batch: readonly WriteRequest[]) => {
      // The answer to a block gives others their turn.
      const left = await sendAhead(
        batch,
        () => ++lastPart,
        (block) => ask({ type: 'rows', block }),
      );
      return (await ask({ type: 'write', batch: left })) as WriteResult[];
    },
    read: (name: ReadName, args: readonly unknown[]) => ask({ type: 'read', name, args }),
    onExit: (listener) => {
      exitListener = listener;
    },
    close: async () => {
      if (closing) return;
      closing = true;
      if (ended === undefined) await ask({ type: 'close' });
      await worker.terminate();
    },
  };
}

/** The built file of the thread. From sources (which a thread cannot load) it is the one in `dist`. */
function workerFile(): URL {
  const beside = new URL('./sqlite-worker.js', import.meta.url);
  return existsSync(fileURLToPath(beside)) ? beside : new URL('../../dist/store/sqlite-worker.js', import.meta.url);
}
