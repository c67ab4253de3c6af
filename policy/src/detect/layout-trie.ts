import type { EntityDetector } from './types.js';

/** Default of {@link EntityDetector.separators}: space, no-break spaces, dash. */
export const NUMBER_SEPARATORS = ' -\u00a0\u202f';

/** Which detectors write a number in groups of these lengths: one step for each group. */
export interface LayoutNode {
  /** Indexes of the detectors for which the number may end here. */
  readonly ends: number[];
  /** By the length of the next group, up to {@link LONGEST_GROUP}. */
  readonly next: (LayoutNode | null)[];
}

/** No number has more digits in a row. */
export const LONGEST_GROUP = 31;

function node(): LayoutNode {
  // One entry for every length: a read behind the end of an array, or of one that was never written, is slow.
  return { ends: [], next: Array.from({ length: LONGEST_GROUP + 1 }, () => null) };
}

/** Builds the tree of all layouts of a list of detectors. */
export function layoutTrie(detectors: readonly EntityDetector[]): LayoutNode {
  const root = node();
  detectors.forEach(({ layouts = [] }, index) => {
    for (const layout of layouts) {
      let last = root;
      for (const length of layout) last = last.next[length] ??= node();
      last.ends.push(index);
    }
  });
  return root;
}

/** The pattern of numbers in these layouts; `wide` as in {@link EntityDetector.wide}. */
export function layoutPattern(
  layouts: readonly (readonly number[])[],
  separators = NUMBER_SEPARATORS,
  wide = false,
): string {
  const one = `[${separators.replace(/[\\\]^-]/g, '\\$&')}]`;
  const between = wide ? `(?:${one}| [ \\-] ?)` : one;
  return layouts.map((layout) => layout.map((length) => `\\d{${length}}`).join(between)).join('|');
}
