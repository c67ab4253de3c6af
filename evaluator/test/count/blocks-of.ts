import { BlockWriter, type BucketBlock, type BucketPlace } from '../../src/count/block-writer.js';

/** Rows of one revision as a checkpoint holds them. */
export function blocksOf(revision: string, rows: readonly (BucketPlace & { totals: Uint8Array })[]): BucketBlock[] {
  const writer = new BlockWriter(revision);
  for (const row of rows) writer.add(row, row.totals);
  return writer.take();
}
