import type { Disposition } from '@guardspan/policy';
import type { ReportGrowth } from './coverage.js';

/** Length of a slice, seconds. */
const STEP = 10;
/** Slices that are kept: an hour. */
const KEPT = 360;
/** Guard-rails that one slice tells apart; those beyond count in the total only. */
const MAX_GUARDRAILS = 2000;

type Counts = { [disposition in Disposition]?: number };
interface Slice {
  start: number;
  calls: number;
  total: Counts;
  guardrails: Map<string, Counts>;
}

/** What one slice of the history says. */
export interface DispositionSlice {
  /** Seconds from epoch. */
  start: number;
  /** Calls that were guarded. */
  calls: number;
  /** Verdicts that are no pass, by what came of them. */
  counts: Counts;
}

/**
 * What came of verdicts in the last hour, in slices of ten seconds, as processes report it. In memory: it begins with the start of the
 * evaluator; the metrics hold the long history.
 */
export class DispositionHistory {
  readonly #slices: Slice[] = [];
  /** Seconds from epoch; nothing is known before. */
  readonly #since: number;

  constructor(now: number) {
    this.#since = now;
  }

  /** Takes what one report, or one decision by request, added. `now` is in seconds from epoch. */
  accept(growth: ReportGrowth, now: number): void {
    const slice = this.#slice(now);
    for (const { count } of growth.guarded) slice.calls += count;
    for (const { guardrail, disposition, count } of growth.dispositions) {
      add(slice.total, disposition, count);
      let counts = slice.guardrails.get(guardrail);
      if (counts === undefined) {
        if (slice.guardrails.size >= MAX_GUARDRAILS) continue;
        slice.guardrails.set(guardrail, (counts = {}));
      }
      add(counts, disposition, count);
    }
  }

  /**
   * Slices of the last hour in which something was reported, oldest first; `calls` are all guarded calls, also for one guard-rail.
   * @param guardrail only its verdicts; undefined for those of all.
   */
  read(now: number, guardrail?: string): { step: number; since: number; items: DispositionSlice[] } {
    const from = Math.floor(now / STEP) * STEP - (KEPT - 1) * STEP;
    const items = this.#slices
      .filter(({ start }) => start >= from)
      .map(({ start, calls, total, guardrails }) => ({
        start,
        calls,
        counts: { ...(guardrail === undefined ? total : guardrails.get(guardrail)) },
      }));
    return { step: STEP, since: Math.max(this.#since, from), items };
  }

  #slice(now: number): Slice {
    const start = Math.floor(now / STEP) * STEP;
    const last = this.#slices.at(-1);
    // A clock that steps back counts into the newest slice.
    if (last !== undefined && last.start >= start) return last;
    const slice: Slice = { start, calls: 0, total: {}, guardrails: new Map() };
    this.#slices.push(slice);
    if (this.#slices.length > KEPT) this.#slices.shift();
    return slice;
  }
}

function add(counts: Counts, disposition: Disposition, count: number): void {
  counts[disposition] = (counts[disposition] ?? 0) + count;
}
