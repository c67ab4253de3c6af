import type { PatternNode, Ranges } from './parse-pattern.js';

/** Repeats up to this many copies are built as they are written; longer ones become loops, which accept more and never less. */
const MAX_COPIES = 8;

/** Threads of a nondeterministic automaton: node `i` reads a code unit in `ranges[i]` and goes on to `next[i]`; {@link ACCEPT} is the end. */
export interface Automaton {
  readonly ranges: readonly Ranges[];
  /** For each node the nodes that follow it, {@link ACCEPT} among them when a match may end there. */
  readonly next: readonly (readonly number[])[];
  /** Nodes with which a match may begin. */
  readonly first: readonly number[];
}

/** Stands for "a match ends here" in {@link Automaton.next}. */
export const ACCEPT = -1;

/**
 * Position automaton of a pattern (Glushkov 1961): one node for each character class that is written, no empty steps. Its language contains
 * that of the pattern, and is that of the pattern when no repeat has more than `maxCopies`.
 */
export function buildAutomaton(pattern: PatternNode, maxCopies = MAX_COPIES): Automaton {
  const ranges: Ranges[] = [];
  const follow: Set<number>[] = [];

  interface Part {
    first: number[];
    last: number[];
    empty: boolean;
  }
  const link = (from: readonly number[], to: readonly number[]): void => {
    for (const node of from) for (const other of to) follow[node]!.add(other);
  };
  const sequence = (parts: readonly Part[]): Part => {
    let result: Part = { first: [], last: [], empty: true };
    for (const part of parts) {
      link(result.last, part.first);
      result = {
        first: result.empty ? [...result.first, ...part.first] : result.first,
        last: part.empty ? [...result.last, ...part.last] : part.last,
        empty: result.empty && part.empty,
      };
    }
    return result;
  };
  const repeat = (node: PatternNode & { kind: 'repeat' }): Part => {
    const { item, min, max } = node;
    const exact = Number.isFinite(max) && max <= maxCopies;
    const copies = Math.min(exact ? max : Math.max(min, 1), maxCopies);
    const result: Part = { first: [], last: [], empty: min === 0 || copies === 0 };
    let before: Part | null = null;
    // A copy follows the one before it and no other: what may be left out is left out at the end, or the links would grow with the square of the copies.
    for (let copy = 0; copy < copies; copy++) {
      const part = visit(item);
      if (before === null) result.first = part.first;
      else link(before.last, part.first);
      if (copy + 1 >= min || part.empty || copy + 1 === copies) result.last.push(...part.last);
      result.empty ||= part.empty;
      before = part;
    }
    if (!exact && before !== null) link(before.last, before.first);
    return result;
  };
  const visit = (node: PatternNode): Part => {
    switch (node.kind) {
      case 'empty':
        return { first: [], last: [], empty: true };
      case 'chars': {
        const id = ranges.push(node.ranges) - 1;
        follow.push(new Set());
        return { first: [id], last: [id], empty: false };
      }
      case 'sequence':
        return sequence(node.items.map(visit));
      case 'choice': {
        const parts = node.items.map(visit);
        return {
          first: parts.flatMap(({ first }) => first),
          last: parts.flatMap(({ last }) => last),
          empty: parts.some(({ empty }) => empty),
        };
      }
      case 'repeat':
        return repeat(node);
    }
  };
  const whole = visit(pattern);
  for (const node of whole.last) follow[node]!.add(ACCEPT);
  return { ranges, next: follow.map((set) => [...set].sort((a, b) => a - b)), first: whole.first };
}
