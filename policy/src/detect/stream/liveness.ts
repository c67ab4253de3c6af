import { withPlainForms } from '../plain-units.js';
import { ACCEPT, buildAutomaton } from './build-automaton.js';
import { normalRanges, parsePattern } from './parse-pattern.js';
import type { Ranges } from './parse-pattern.js';

/** What liveness needs to know of one pattern. */
export interface LivePattern {
  /** In the RE2 subset. */
  pattern: string;
  /** Longest match in UTF-16 code units. */
  maxLength: number;
  /** Digits of other scripts and wide forms count as the characters of ASCII that they stand for. */
  plain?: true;
}

/** What is known after the characters read so far. */
export interface LiveState {
  /** Some match may still begin before this point and go on after it. When false, nothing read so far can be part of a match that is not complete. */
  readonly alive: boolean;
  /** Some match may end right here. */
  readonly accepts: boolean;
  /** Longest match, in code units, of the patterns that are alive; 0 when none is. */
  readonly reach: number;
}

/** A state with its transitions; the arrays are filled when a transition is first taken. */
interface State extends LiveState {
  readonly nodes: readonly number[];
  readonly next: (State | undefined)[];
  /** Its number while it is in the table, from 1 on. */
  readonly id: number;
}

const ASCII = 128;
/** Bits of a state as a number, below its id. */
export const ALIVE = 1;
export const ACCEPTS = 2;

const NO_STATE: State = { nodes: [], next: [], id: 0, alive: false, accepts: false, reach: 0 };

/** States kept at a time. Beyond, the table is begun anew, so that no text can fill the memory. */
const MAX_STATES = 2_000;

/**
 * Tells, while a text arrives, from where on a match may still be open: the union of several patterns as one lazily determinised automaton (RE2's way),
 * one table look-up for each code unit. It never says "dead" while a match is open; it may say "alive" for longer than needed, since assertions
 * are left out and long repeats have no upper bound here. Immutable to its users and shared by all texts.
 */
export class Liveness {
  readonly #ranges: Ranges[] = [];
  readonly #next: (readonly number[])[] = [];
  readonly #reach: number[] = [];
  readonly #first: number[] = [];
  readonly #starts: readonly number[];
  readonly #latin: Uint16Array;
  readonly #states = new Map<string, State>();
  /** States by their ids; none has 0, and 1 is the initial one for good. */
  readonly #byId: State[] = [NO_STATE];
  /** For each id and each character of ASCII the state that follows, as a number; 0 for what was not taken yet. */
  #flat = new Int32Array(16 * ASCII);
  #generation = 0;
  /** State before the first character. */
  readonly initial: LiveState;
  /** The same for {@link go}. */
  readonly start: number;
  /** 1 for the characters of ASCII with which no match begins. */
  readonly inert: Uint8Array;

  /** @throws GuardspanError GUARDSPAN_PATTERN */
  constructor(patterns: readonly LivePattern[]) {
    for (const { pattern, maxLength, plain } of patterns) {
      const base = this.#ranges.length;
      const automaton = buildAutomaton(parsePattern(pattern));
      this.#ranges.push(
        ...(plain === true ? automaton.ranges.map((ranges) => normalRanges(withPlainForms(ranges))) : automaton.ranges),
      );
      for (const next of automaton.next) {
        this.#next.push(next.map((node) => (node === ACCEPT ? ACCEPT : node + base)));
        this.#reach.push(maxLength);
      }
      this.#first.push(...automaton.first.map((node) => node + base));
    }
    this.#starts = classStarts(this.#ranges);
    this.#latin = Uint16Array.from({ length: 256 }, (_, code) => this.#classOf(code));
    this.initial = this.#state([], false);
    this.start = numbered(this.initial as State);
    this.inert = Uint8Array.from({ length: ASCII }, (_, code) => Number(this.go(this.start, code) === this.start));
  }

  /** The state after one more UTF-16 code unit. `state` must be of this object. */
  step(state: LiveState, code: number): LiveState {
    const from = state as State;
    const id = code < 256 ? this.#latin[code]! : this.#classOf(code);
    return from.next[id] ?? (from.next[id] = this.#advance(from, code));
  }

  /** {@link step} by numbers, for long texts: the next one depends on a single look into a table. */
  go(from: number, code: number): number {
    const at = ((from >> 2) << 7) | code;
    if (code < ASCII) {
      const known = this.#flat[at]!;
      if (known !== 0) return known;
    }
    const generation = this.#generation;
    const next = numbered(this.step(this.#byId[from >> 2]!, code) as State);
    if (code < ASCII && generation === this.#generation) {
      while (this.#byId.length * ASCII > this.#flat.length) {
        const grown = new Int32Array(this.#flat.length * 2);
        grown.set(this.#flat);
        this.#flat = grown;
      }
      this.#flat[at] = next;
    }
    return next;
  }

  #classOf(code: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= code) low = middle;
      else high = middle;
    }
    return low;
  }

  #advance(from: State, code: number): State {
    const live = new Set<number>();
    let accepts = false;
    for (const nodes of [from.nodes, this.#first]) {
      for (const node of nodes) {
        if (!within(this.#ranges[node]!, code)) continue;
        for (const next of this.#next[node]!) {
          if (next === ACCEPT) accepts = true;
          else live.add(next);
        }
      }
    }
    return this.#state(
      [...live].sort((a, b) => a - b),
      accepts,
    );
  }

  #state(nodes: readonly number[], accepts: boolean): State {
    const key = `${accepts ? '+' : '-'}${nodes.join(',')}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#states.size >= MAX_STATES) {
      // States in use stay reachable for their texts; their tables must not keep the old ones alive.
      for (const state of this.#states.values()) state.next.length = 0;
      this.#states.clear();
      this.#byId.length = 2;
      this.#flat.fill(0);
      this.#generation++;
    }
    const reach = nodes.reduce((most, node) => Math.max(most, this.#reach[node]!), 0);
    const state: State = { nodes, accepts, alive: nodes.length > 0, reach, next: [], id: this.#byId.length };
    this.#states.set(key, state);
    this.#byId.push(state);
    return state;
  }
}

/** What {@link Liveness.go} says of a state. */
function numbered({ id, alive, accepts }: State): number {
  return (id << 2) | (alive ? ALIVE : 0) | (accepts ? ACCEPTS : 0);
}

function within(ranges: Ranges, code: number): boolean {
  return ranges.some(([from, to]) => code >= from && code <= to);
}

/** First code units of the classes that no pattern can tell apart. */
function classStarts(all: readonly Ranges[]): number[] {
  const starts = new Set([0]);
  for (const ranges of all) {
    for (const [from, to] of ranges) {
      starts.add(from);
      if (to < 0xffff) starts.add(to + 1);
    }
  }
  return [...starts].sort((a, b) => a - b);
}
