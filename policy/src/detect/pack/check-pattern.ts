import type { GuardspanError } from '../../error.js';
import { buildAutomaton } from '../stream/build-automaton.js';
import type { PatternNode } from '../stream/parse-pattern.js';
import { parsePattern } from '../stream/parse-pattern.js';
import { MAX_NODES } from './linear-matcher.js';

/** Why a pattern is refused: the construct, and how to say it otherwise. */
export interface RefusedPattern {
  code: string;
  message: string;
  hint: string;
  /** UTF-16 offset into the pattern. */
  offset: number;
}

const ANCHOR =
  'leave it out: a match never begins or ends inside of a word, and where it stands in the text does not matter';

/** Constructs that the parser would read and a search that is linear and works on pieces of a text could not honour, in the order in which they are looked for. */
const REFUSED: readonly { at: RegExp; code: string; message: string; hint: string }[] = [
  {
    at: /\(\?<?[=!]/y,
    code: 'GUARDSPAN_PATTERN_LOOKAROUND',
    message: 'look-around takes more than linear time',
    hint: 'match what stands there too, or use `context` for words before the match',
  },
  {
    at: /\\(?:[1-9]|k<)/y,
    code: 'GUARDSPAN_PATTERN_BACKREFERENCE',
    message: 'a back-reference takes more than linear time',
    hint: 'write the alternatives out',
  },
  {
    at: /\\[bBAzZG]|[\^$]/y,
    code: 'GUARDSPAN_PATTERN_ANCHOR',
    message: 'anchors and word borders have no meaning here',
    hint: ANCHOR,
  },
  {
    at: /\\[pP]/y,
    code: 'GUARDSPAN_PATTERN_CLASS',
    message: 'classes of Unicode properties are not followed exactly',
    hint: 'write the ranges of characters, for example [A-Za-zÀ-ÿ]',
  },
  {
    at: /(?:[*+?]|\{\d+(?:,\d*)?\})\?/y,
    code: 'GUARDSPAN_PATTERN_LAZY',
    message: 'the longest match counts, so a lazy repeat would mean nothing',
    hint: 'leave the ? out, and exclude what must not be taken, for example [^>]{0,40}',
  },
];

/** Checks that a pattern is of the linear-time subset, is not empty and is not too large; null when it is fine. */
export function checkPattern(pattern: string): RefusedPattern | null {
  for (let at = 0; at < pattern.length; at++) {
    const inClass = pattern[at] === '[';
    for (const { at: construct, code, message, hint } of REFUSED) {
      construct.lastIndex = at;
      if (!inClass && construct.test(pattern)) return { code, message, hint, offset: at };
    }
    if (inClass) at = classEnd(pattern, at);
    else if (pattern[at] === '\\') at++;
  }
  let tree: PatternNode;
  try {
    tree = parsePattern(pattern, true);
  } catch (error) {
    const { code, message, hint } = error as GuardspanError;
    return { code, message, hint, offset: 0 };
  }
  if (matchesEmpty(tree))
    return {
      ...{ code: 'GUARDSPAN_PATTERN_EMPTY', message: 'the pattern matches nothing at all, which is everywhere' },
      ...{ hint: 'make at least one part of it necessary', offset: 0 },
    };
  if (size(tree) <= MAX_NODES && buildAutomaton(tree, MAX_NODES).ranges.length <= MAX_NODES) return null;
  return {
    ...{
      code: 'GUARDSPAN_PATTERN_SIZE',
      message: `the pattern has more than ${MAX_NODES} characters when written out`,
    },
    ...{ hint: 'shorten its repeats, or split it into several entities', offset: 0 },
  };
}

function classEnd(pattern: string, start: number): number {
  for (let at = start + 2; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === ']') return at;
  }
  return pattern.length;
}

/** Characters of a tree with its repeats written out; Infinity-safe, so that nothing is built that is too large. */
function size(node: PatternNode): number {
  switch (node.kind) {
    case 'empty':
      return 0;
    case 'chars':
      return 1;
    case 'repeat':
      return size(node.item) * Math.max(1, Number.isFinite(node.max) ? node.max : node.min);
    default:
      return node.items.reduce((sum, item) => sum + size(item), 0);
  }
}

function matchesEmpty(node: PatternNode): boolean {
  switch (node.kind) {
    case 'empty':
      return true;
    case 'chars':
      return false;
    case 'repeat':
      return node.min === 0 || matchesEmpty(node.item);
    case 'choice':
      return node.items.some(matchesEmpty);
    case 'sequence':
      return node.items.every(matchesEmpty);
  }
}
