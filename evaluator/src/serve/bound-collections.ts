import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of the space for young objects, two halves: what lives of one is copied in about four milliseconds. */
const YOUNG = 8 * 1024 * 1024;
/** Lists that are made at most until the space is so large; a few dozen are enough. */
const MAX_LISTS = 1_000;

type Collect = (how: { type: 'major'; flavor: 'last-resort'; execution: 'sync' }) => void;

/**
 * Keeps collections of young objects short. Counters of thousands of series are young and live on; V8 copies what lives of them at one go, and lets the space for young
 * objects grow until that holds the event loop for 15 to 25 ms. How large it may become can only be said when a process starts, how fast it grows at any time: so it is
 * emptied and made large enough here (0.1 s), and then it grows no more. For the whole process, so it is for a program that is the evaluator, before it begins to work.
 */
export function boundCollections(): void {
  // Loading our modules has made it large already; only a collection of this flavour makes it smaller.
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as Collect)({ type: 'major', flavor: 'last-resort', execution: 'sync' });
  const kept: number[][][] = [];
  while (youngBytes() < YOUNG && kept.length < MAX_LISTS) {
    kept.push(Array.from({ length: 1_000 }, (_, i) => new Array<number>(16).fill(i)));
  }
  setFlagsFromString('--semi-space-growth-factor=1');
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? YOUNG;
}
