import type { Pace } from './slices.js';

/** Takes items one by one in slices of a pace; others have their turn between two of them. */
export async function inSlices<T>(items: Iterable<T>, pace: Pace, take: (item: T) => void): Promise<void> {
  let spent = pace.slice();
  for (const item of items) {
    take(item);
    if (!spent()) continue;
    await new Promise<void>((resume) => pace.later(resume));
    spent = pace.slice();
  }
}
