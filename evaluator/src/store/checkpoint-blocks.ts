import type { Checkpoint } from '../engine/types.js';
import type { WriteRequest } from './operations.js';

/** Rows that one message to the store's thread carries: copying them holds the event loop for about a millisecond. */
const BLOCK_ROWS = 500;

/** Rows of a checkpoint that go ahead of it. */
export interface CheckpointBlock {
  /** Which checkpoint they belong to. */
  part: number;
  rows: Pick<Checkpoint, 'buckets' | 'series'>;
}

/** A checkpoint whose rows went ahead in blocks of the same part. */
type Headless = Checkpoint & { part?: number };

/**
 * Takes large checkpoints apart: their rows go ahead through `send`, block by block, and the requests that are left are small. The transaction does not change,
 * because the store's thread puts them together before it begins.
 */
export async function sendAhead(
  batch: readonly WriteRequest[],
  nextPart: () => number,
  send: (block: CheckpointBlock) => Promise<unknown>,
): Promise<WriteRequest[]> {
  const left: WriteRequest[] = [];
  for (const request of batch) {
    const checkpoint = request.args[0] as Checkpoint;
    if (request.name !== 'commitCheckpoint' || checkpoint.buckets.length + checkpoint.series.length <= BLOCK_ROWS) {
      left.push(request);
      continue;
    }
    const part = nextPart();
    const { buckets, series } = checkpoint;
    for (let at = 0; at < buckets.length; at += BLOCK_ROWS)
      await send({ part, rows: { buckets: buckets.slice(at, at + BLOCK_ROWS), series: [] } });
    for (let at = 0; at < series.length; at += BLOCK_ROWS)
      await send({ part, rows: { buckets: [], series: series.slice(at, at + BLOCK_ROWS) } });
    const headless: Headless = { ...checkpoint, buckets: [], series: [], part };
    left.push({ name: request.name, args: [headless] });
  }
  return left;
}

/** Puts together what {@link sendAhead} took apart. */
export class SentRows {
  readonly #parts = new Map<number, Pick<Checkpoint, 'buckets' | 'series'>>();

  add({ part, rows }: CheckpointBlock): void {
    const known = this.#parts.get(part);
    if (known === undefined) this.#parts.set(part, rows);
    else {
      known.buckets.push(...rows.buckets);
      known.series.push(...rows.series);
    }
  }

  whole(batch: readonly WriteRequest[]): WriteRequest[] {
    return batch.map((request) => {
      if (request.name !== 'commitCheckpoint') return request;
      const { part, ...checkpoint } = request.args[0] as Headless;
      const rows = part === undefined ? undefined : this.#parts.get(part);
      if (part === undefined || rows === undefined) return request;
      this.#parts.delete(part);
      return { name: request.name, args: [{ ...checkpoint, ...rows }] };
    });
  }
}
