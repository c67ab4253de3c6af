import type { PatternNode } from '../stream/parse-pattern.js';
import { parsePattern } from '../stream/parse-pattern.js';

/** Longest match of a pattern in UTF-16 code units: Infinity when it has no end, 0 for what cannot be read. */
export function longestMatch(pattern: string): number {
  try {
    return longest(parsePattern(pattern, true));
  } catch {
    return 0;
  }
}

function longest(node: PatternNode): number {
  switch (node.kind) {
    case 'empty':
      return 0;
    case 'chars':
      return 1;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + longest(item), 0);
    case 'choice':
      return Math.max(...node.items.map(longest));
    case 'repeat': {
      const one = longest(node.item);
      return one === 0 ? 0 : one * node.max;
    }
  }
}
