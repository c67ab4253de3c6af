import { MOVING_SLOTS, seasonCell, SEASONS } from '@guardspan/policy';
import type { EvidencePromise, LatencyTest, MeanTest, MovingBaseline, RateTest, Season } from '@guardspan/policy';
import type { RateCounts } from './cells.js';
import { lowerMeanBound, upperMeanBound } from './mean-bound.js';
import { lowerRateBound, upperRateBound } from './rate-bound.js';
import { rateInterval } from './rate-interval.js';

/** Error that is left to a baseline: its rate is taken at the 99 % confidence bound that favours the series. */
export const BASELINE_ALPHA = 0.01;

/** The limit of a test with a baseline, and how far it has moved. */
export interface ReferenceReport {
  /** `anchor`: the frozen baseline is in force, because none moves or its first window is not whole yet. */
  kind: 'anchor' | 'lagged' | 'rolling';
  /** Empty: the limit is the same at every hour. */
  season: Season | '';
  /** Share (or mean, in its unit) that was allowed in the last bucket, and what the frozen baseline alone would have allowed then. */
  limit: number;
  anchor: number;
  /** Odds of `limit` by odds of `anchor` (of a mean: of their places in the range), and the largest and (inverse) smallest that the budget allows; `budget` is 1 when nothing moves. */
  moved: number;
  budget: number;
  /** True when the window lies beyond the budget: the baseline stands still until a person approves another one. */
  spent: boolean;
  /** Start of the bucket in which that was found, seconds; -1 before. */
  spentAt: number;
  /** The window whose calls were taken, seconds from epoch; -1 while the frozen baseline is in force. */
  windowFrom: number;
  windowTo: number;
}

/** What a moving baseline remembers: counts of closed buckets (of a mean the sum of its values, scaled to [0, 1]), so a pure function of them; JSON. */
export interface ReferenceState {
  /** [slot, cell, events, calls], in order of slot; those that no window needs any more are dropped. */
  counts: readonly (readonly [slot: number, cell: number, s: number, n: number])[];
  /** Times in which an alarm held, which do not pass for the window: [slot in which each began, slots left out until its end]. Slots are counted without them. Undefined before the first. */
  pauses?: readonly (readonly [slot: number, skipped: number])[];
  /** First slot that was learned; -1 before. */
  first: number;
  /** Slot of the last bucket, and how many slots had a bucket until the budget was spent. */
  slot: number;
  slots: number;
  /** Limits of this slot by cell, made when they are first needed: [cell, limit, slot where the window ends or -1 for the frozen one]. */
  limits: readonly (readonly [cell: number, limit: number, end: number])[];
  /** Cell of the last bucket. */
  cell: number;
  /** Slot at which the budget was spent: the window ends there for good. -1 before. */
  spentSlot: number;
  spentAt: number;
}

/** Moments of a step: when the bucket began (seconds from epoch), and whether a baseline may learn from it. */
export interface Moment {
  at: number;
  /** False while an alarm holds or the evidence is past its threshold. */
  calm: boolean;
}

/**
 * The share or mean (scaled to [0, 1]) that a baseline allows, bucket by bucket, known before the bucket: from frozen counts by season, or from a window of the series' own past that may differ
 * from them by a budget. All confidence bounds of a period and of all series hold together with probability 1 - BASELINE_ALPHA (docs/statistics.md, section 6).
 */
export class RateReference {
  /** Frozen counts by cell. */
  readonly #cellCounts: readonly RateCounts[];
  readonly #range: readonly [low: number, high: number];
  readonly #boundOf: (counts: RateCounts, level: number) => number;
  readonly #moving: MovingBaseline | undefined;
  readonly #by: Season | '';
  readonly #cells: number;
  readonly #slot: number;
  readonly #lagSlots: number;
  readonly #windowSlots: number;
  readonly #per: number;
  readonly #maxSeries: number;
  /** Limits of the frozen baseline by cell, made when they are first needed. */
  readonly #anchors: (number | undefined)[] = [];

  constructor(test: RateTest | LatencyTest | MeanTest, promise: EvidencePromise, maxSeries: number) {
    this.#cellCounts = frozenCounts(test);
    this.#range = test.type === 'mean' ? test.range : [0, 1];
    this.#boundOf = boundOf(test);
    this.#moving = test.moving;
    this.#by = test.baseline!.season?.by ?? '';
    this.#cells = this.#by === '' ? 1 : SEASONS[this.#by];
    const { window, lag } = this.#moving ?? { window: MOVING_SLOTS, lag: 0 };
    this.#slot = (window + lag) / MOVING_SLOTS;
    this.#windowSlots = Math.max(1, Math.floor(window / this.#slot + 1e-9));
    this.#lagSlots = MOVING_SLOTS - this.#windowSlots;
    this.#per = promise.per;
    this.#maxSeries = maxSeries;
  }

  initial(): ReferenceState {
    return { counts: [], first: -1, slot: -1, slots: 0, limits: [], cell: 0, spentSlot: -1, spentAt: -1 };
  }

  /** Lets time pass to a bucket: its limit is known then, {@link limitOf}. */
  turn(before: ReferenceState, { at, calm }: Moment): ReferenceState {
    const cell = this.#by === '' ? 0 : seasonCell(this.#by, at);
    if (this.#moving === undefined) return { ...before, cell };
    const real = Math.floor(at / this.#slot + 1e-9);
    // A window that went on while nothing is learned would in the end hold the first buckets of the breach and no others.
    const state = calm || before.slot < 0 ? before : paused(before, real);
    const slot = real - skippedBefore(state, Infinity);
    const fresh = slot > state.slot;
    const now: ReferenceState = fresh
      ? {
          ...state,
          cell,
          slot,
          slots: state.slots + (state.spentSlot < 0 ? 1 : 0),
          limits: [],
          counts: this.#kept(state, slot),
        }
      : { ...state, cell };
    if (now.limits.some(([known]) => known === cell)) return now;
    return this.#withLimit(now, at);
  }

  /** The share that may not be passed in the bucket to which time was last turned, before `tolerance`. */
  limitOf(state: ReferenceState): number {
    const known = state.limits.find(([cell]) => cell === state.cell);
    return known === undefined ? this.#frozen(state.cell) : known[1];
  }

  /** Takes a closed bucket in, after its limit was used. */
  learn(state: ReferenceState, { s, n }: RateCounts, { calm }: Moment): ReferenceState {
    if (this.#moving === undefined || !calm || state.spentSlot >= 0) return state;
    const { slot, cell } = state;
    const counts = [...state.counts];
    const at = counts.findIndex(([known, inCell]) => known === slot && inCell === cell);
    if (at < 0) counts.push([slot, cell, s, n]);
    else counts[at] = [slot, cell, counts[at]![2] + s, counts[at]![3] + n];
    return { ...state, counts, first: state.first < 0 ? slot : state.first };
  }

  /** What a person should know of it. */
  report(state: ReferenceState): ReferenceReport {
    const end = state.limits.find(([cell]) => cell === state.cell)?.[2] ?? -1;
    const limit = this.limitOf(state);
    const anchor = this.#frozen(state.cell);
    const [low, high] = this.#range;
    return {
      kind: end < 0 ? 'anchor' : this.#lagSlots > 0 ? 'lagged' : 'rolling',
      season: this.#by,
      limit: low + limit * (high - low),
      anchor: low + anchor * (high - low),
      moved: Math.exp(logit(limit) - logit(anchor)),
      budget: this.#moving?.budget ?? 1,
      spent: state.spentSlot >= 0,
      spentAt: state.spentAt,
      windowFrom: end < 0 ? -1 : this.#timeOf(state, end - this.#windowSlots),
      windowTo: end < 0 ? -1 : this.#timeOf(state, end - 1) + this.#slot,
    };
  }

  /** When a slot began, seconds. */
  #timeOf(state: ReferenceState, slot: number): number {
    return (slot + skippedBefore(state, slot)) * this.#slot;
  }

  /** Slot at which the window ends: the first that is not in it. */
  #end(state: ReferenceState): number {
    return (state.spentSlot >= 0 ? state.spentSlot : state.slot) - this.#lagSlots;
  }

  #withLimit(state: ReferenceState, at: number): ReferenceState {
    const { cell } = state;
    const end = this.#end(state);
    const counts = this.#counted(state, cell, end);
    const whole = state.first >= 0 && state.first <= end - this.#windowSlots;
    const anchor = this.#frozen(cell);
    if (!whole || counts.n === 0) return { ...state, limits: [...state.limits, [cell, anchor, -1]] };
    const budget = Math.log(this.#moving!.budget);
    const level = this.#level(state.slots);
    const wanted = logit(this.#boundOf(counts, level)) - logit(anchor);
    const moved = Math.min(budget, Math.max(-budget, wanted));
    const limit = fromLogit(logit(anchor) + moved);
    const next: ReferenceState = { ...state, limits: [...state.limits, [cell, limit, end]] };
    // Spent is what the whole confidence sequence of the window says, so that a small window is not taken for a large move.
    const center = logit(this.#rateOf(this.#anchor(cell)));
    const [lower, upper] = rateInterval(counts.s, counts.n, level);
    const beyond = logit(lower) > center + budget || logit(upper) < center - budget;
    return beyond && state.spentSlot < 0 ? { ...next, spentSlot: state.slot, spentAt: at } : next;
  }

  /** Counts that a window can still need. */
  #kept(state: ReferenceState, slot: number): ReferenceState['counts'] {
    const oldest = (state.spentSlot >= 0 ? state.spentSlot : slot) - MOVING_SLOTS;
    return state.counts.filter(([known]) => known >= oldest);
  }

  #counted({ counts }: ReferenceState, cell: number, end: number): RateCounts {
    let [s, n] = [0, 0];
    for (const [slot, inCell, events, calls] of counts) {
      if (inCell !== cell || slot < end - this.#windowSlots || slot >= end) continue;
      s += events;
      n += calls;
    }
    return { s, n };
  }

  #frozen(cell: number): number {
    return (this.#anchors[cell] ??= this.#boundOf(this.#anchor(cell), this.#level()));
  }

  #anchor(cell: number): RateCounts {
    return this.#cellCounts[cell]!;
  }

  /** Never 0 or 1. */
  #rateOf({ s, n }: RateCounts): number {
    return (s + 0.5) / (n + 1);
  }

  /** Level of one confidence bound: of a cell of the frozen baseline, or of a cell of the window that begins with the `slots`-th slot. */
  #level(slots?: number): number {
    const part = this.#moving === undefined ? BASELINE_ALPHA : BASELINE_ALPHA / 2;
    if (slots === undefined) return part / this.#cells;
    // A fixed level holds for ever, so the parts of its windows must have a sum; a period has so many windows.
    const windows = this.#per === 0 ? slots * (slots + 1) : Math.ceil(this.#per / this.#slot) + 1;
    return part / this.#cells / windows / this.#maxSeries;
  }
}

/** Lets no time pass for the window until a slot as clocks count them. */
function paused(state: ReferenceState, real: number): ReferenceState {
  const skipped = real - state.slot;
  const known = state.pauses ?? [];
  if (skipped <= skippedBefore(state, Infinity)) return state;
  // One alarm is one pause, and those before the oldest slot of a window are one.
  const oldest = known.filter(([slot]) => slot < state.slot - MOVING_SLOTS).length - 1;
  const kept = known.slice(Math.max(0, oldest)).filter(([slot]) => slot !== state.slot);
  return { ...state, pauses: [...kept, [state.slot, skipped]] };
}

/** Slots that were left out before a slot; those of a pause come after the slot in which it began. */
function skippedBefore({ pauses = [] }: ReferenceState, slot: number): number {
  return pauses.findLast(([began]) => began < slot)?.[1] ?? 0;
}

/** What was frozen, by cell: events and calls, or the sum of scaled values and their number. */
function frozenCounts(test: RateTest | LatencyTest | MeanTest): RateCounts[] {
  if (test.type !== 'mean') {
    const { events, calls, season } = test.baseline!;
    return season === undefined
      ? [{ s: events, n: calls }]
      : season.calls.map((n, cell) => ({ s: season.events[cell]!, n }));
  }
  const [low, high] = test.range;
  const { mean, calls, season } = test.baseline!;
  const scaled = (value: number, n: number): RateCounts => ({ s: ((value - low) / (high - low)) * n, n });
  return season === undefined ? [scaled(mean, calls)] : season.calls.map((n, cell) => scaled(season.means[cell]!, n));
}

/** The bound of a share or a mean that favours the series. */
function boundOf({
  type,
  direction,
}: RateTest | LatencyTest | MeanTest): (counts: RateCounts, level: number) => number {
  const up = direction === 'up';
  if (type !== 'mean') return ({ s, n }, level) => (up ? upperRateBound(s, n, level) : lowerRateBound(s, n, level));
  return ({ s, n }, level) =>
    up ? upperMeanBound(n === 0 ? 1 : s / n, n, level) : lowerMeanBound(n === 0 ? 0 : s / n, n, level);
}

/** Log odds; ends are taken a little inside. */
function logit(share: number): number {
  const p = Math.min(1 - 1e-12, Math.max(1e-12, share));
  return Math.log(p / (1 - p));
}

function fromLogit(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
