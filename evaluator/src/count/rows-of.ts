import type { BucketBlock, BucketPlace } from './block-writer.js';

/** The rows of blocks, in order. Their totals are parts of the blocks' bytes. */
export function* rowsOf(
  blocks: Iterable<BucketBlock>,
): Generator<BucketPlace & { revision: string; totals: Uint8Array }> {
  for (const { revision, series, heads, totals } of blocks) {
    let from = 0;
    for (let row = 0; row < series.length; row++) {
      const to = heads[row * 3 + 2]!;
      const arm = heads[row * 3 + 1] === 1 ? 'probe' : 'model';
      yield { revision, series: series[row]!, bucket: heads[row * 3]!, arm, totals: totals.subarray(from, to) };
      from = to;
    }
  }
}
