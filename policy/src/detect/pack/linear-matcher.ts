import { isWordCode } from '../boundary.js';
import { ACCEPT, buildAutomaton } from '../stream/build-automaton.js';
import type { Automaton } from '../stream/build-automaton.js';
import type { Ranges } from '../stream/parse-pattern.js';
import { parsePattern } from '../stream/parse-pattern.js';

/** Characters of one pattern with its repeats written out. */
export const MAX_NODES = 20_000;
/** How far beyond a match a longer one is looked for, in code units; what bounds the characters that are read twice. */
const LOOKAHEAD = 64;

/** Where matches may begin and end: `words`: not inside of a word; `anywhere`. */
export type Border = 'words' | 'anywhere';

/**
 * Finds the leftmost-longest matches of one pattern, which never overlap. All ways to match go on side by side (Thompson 1968), so a text takes time in
 * proportion to its length times the size of the pattern, whatever it holds: there is nothing to backtrack.
 */
export class LinearMatcher {
  readonly #automaton: Automaton;
  /** For each node the round in which it was added last. */
  readonly #added: Int32Array;
  #round = 0;

  /** @throws GuardspanError GUARDSPAN_PATTERN */
  constructor(
    pattern: string,
    private readonly maxLength: number,
    readonly border: Border,
  ) {
    this.#automaton = buildAutomaton(parsePattern(pattern, true), MAX_NODES);
    this.#added = new Int32Array(this.#automaton.ranges.length).fill(-1);
  }

  /** Calls `emit` for each match within `from..until`; what stands around it says where words begin and end. */
  matches(text: string, from: number, until: number, emit: (start: number, end: number) => void): void {
    for (let at = from; at < until;) {
      const match = this.#first(text, at, until);
      if (match === null) return;
      emit(match.start, match.end);
      at = match.end;
    }
  }

  #first(text: string, from: number, until: number): { start: number; end: number } | null {
    const { ranges, next, first } = this.#automaton;
    const words = this.border === 'words';
    let nodes: number[] = [];
    let starts: number[] = [];
    let [start, end] = [-1, -1];
    for (let at = from; at < until; at++) {
      const code = text.charCodeAt(at);
      this.#round++;
      const [coming, begun]: [number[], number[]] = [[], []];
      const inWord = isWordCode(code);
      const mayEnd = !words || !inWord || !isWordCode(text.charCodeAt(at + 1));
      const read = (node: number, since: number): void => {
        if (!within(ranges[node]!, code)) return;
        for (const following of next[node]!) {
          if (following === ACCEPT) {
            // Ways come in order of their beginning, so the first that ends is the leftmost.
            if (mayEnd && (start === -1 || since <= start)) [start, end] = [since, at + 1];
          } else if (this.#added[following] !== this.#round && at + 1 - since < this.maxLength) {
            this.#added[following] = this.#round;
            coming.push(following);
            begun.push(since);
          }
        }
      };
      for (let index = 0; index < nodes.length; index++)
        if (start === -1 || starts[index]! <= start) read(nodes[index]!, starts[index]!);
      const mayBegin = !words || !inWord || at === 0 || !isWordCode(text.charCodeAt(at - 1));
      if (start === -1 && mayBegin) for (const node of first) read(node, at);
      [nodes, starts] = [coming, begun];
      if (start !== -1 && (nodes.length === 0 || at + 1 - end >= LOOKAHEAD || starts[0]! > start)) break;
    }
    return start === -1 ? null : { start, end };
  }
}

function within(ranges: Ranges, code: number): boolean {
  let [low, high] = [0, ranges.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [from, to] = ranges[middle]!;
    if (code < from) high = middle - 1;
    else if (code > to) low = middle + 1;
    else return true;
  }
  return false;
}
