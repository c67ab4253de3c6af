import type { BucketBlock } from '../count/block-writer.js';
import type { Checkpoint } from '../engine/types.js';
import type { WriteRequest } from './operations.js';

/** States of series that one message to the store's thread carries, as rows of a block of buckets: copying them holds the event loop for about a millisecond. */
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
    if (request.name !== 'commitCheckpoint' || rowsIn(checkpoint) <= BLOCK_ROWS) {
      left.push(request);
      continue;
    }
    const part = nextPart();
    const { buckets, series } = checkpoint;
    for (const run of runs(buckets)) await send({ part, rows: { buckets: run, series: [] } });
    for (let at = 0; at < series.length; at += BLOCK_ROWS)
      await send({ part, rows: { buckets: [], series: series.slice(at, at + BLOCK_ROWS) } });
    const headless: Headless = { ...checkpoint, buckets: [], series: [], part };
    left.push({ name: request.name, args: [headless] });
  }
  return left;
}

function rowsIn({ buckets, series }: Checkpoint): number {
  return buckets.reduce((sum, block) => sum + block.series.length, series.length);
}

/** Blocks in order, as many together as one message carries. */
function* runs(blocks: readonly BucketBlock[]): Generator<BucketBlock[]> {
  let run: BucketBlock[] = [];
  let rows = 0;
  for (const block of blocks) {
    if (run.length > 0 && rows + block.series.length > BLOCK_ROWS) {
      yield run;
      run = [];
      rows = 0;
    }
    run.push(block);
    rows += block.series.length;
  }
  if (run.length > 0) yield run;
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
