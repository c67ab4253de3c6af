import type { EntityDetector } from './types.js';

/** Default of {@link EntityDetector.separators}: space, no-break spaces, dash. */
export const NUMBER_SEPARATORS = ' -\u00a0\u202f';

/** Which detectors write a number in groups of these lengths: one step for each group. */
export interface LayoutNode {
  /** Indexes of the detectors for which the number may end here. */
  readonly ends: number[];
  /** By the length of the next group. */
  readonly next: (LayoutNode | undefined)[];
}

/** Builds the tree of all layouts of a list of detectors. */
export function layoutTrie(detectors: readonly EntityDetector[]): LayoutNode {
  const root: LayoutNode = { ends: [], next: [] };
  detectors.forEach(({ layouts = [] }, index) => {
    for (const layout of layouts) {
      let node = root;
      for (const length of layout) node = node.next[length] ??= { ends: [], next: [] };
      node.ends.push(index);
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
