import { parentPort, workerData } from 'node:worker_threads';
import { SentRows, type CheckpointBlock } from './checkpoint-blocks.js';
import type { ReadName, Retention, WriteRequest } from './operations.js';
import { SqliteDatabase } from './sqlite-database.js';
import { StoreError } from './store-error.js';

/** What the store's thread is started with. */
export interface WorkerData {
  path: string;
  retention: Retention;
  maxBytes: number;
}
/** Requests to the store's thread, answered in order. */
export type WorkerRequest = { id: number } & (
  | { type: 'write'; batch: readonly WriteRequest[] }
  | { type: 'rows'; block: CheckpointBlock }
  | { type: 'read'; name: ReadName; args: readonly unknown[] }
  | { type: 'close' }
);
/** Id 0 answers the start. */
export type WorkerResponse =
  { id: number; ok: true; value: unknown } | { id: number; ok: false; code: string; message: string; hint: string };

const port = parentPort!;

function answer(id: number, work: () => unknown): void {
  let response: WorkerResponse;
  try {
    response = { id, ok: true, value: work() };
  } catch (error) {
    const known = error instanceof StoreError;
    response = {
      id,
      ok: false,
      code: known ? error.code : 'GUARDSPAN_STORE_COMMIT',
      message: (error as Error).message,
      hint: known ? error.hint : 'Check the data directory.',
    };
  }
  port.postMessage(response);
}

answer(0, () => {
  const database = new SqliteDatabase(workerData as WorkerData);
  const sent = new SentRows();
  port.on('message', (request: WorkerRequest) => {
    answer(request.id, () => {
      if (request.type === 'rows') {
        sent.add(request.block);
        return undefined;
      }
      if (request.type === 'write') return database.write(sent.whole(request.batch));
      if (request.type === 'read') return database.read(request.name, request.args);
      database.close();
      return undefined;
    });
  });
  return undefined;
});
