import { MEAN_BINS, MEAN_UNITS, OTHER, seasonCell, SEASONS } from '@guardspan/policy';
import type {
  BaselineOrigin,
  DriftTest,
  EvidenceTest,
  LatencyTest,
  MeanSeason,
  MeanTest,
  RateTest,
  Season,
} from '@guardspan/policy';
import { CellCounts } from '../count/cells/cell-counts.js';
import type { CellRows } from '../count/cells/cell-counts.js';
import { columnSums, rateCounts } from './cells.js';
import { meanInterval } from './mean-interval.js';
import { BASELINE_ALPHA } from './rate-reference.js';

/** A test that has a frozen baseline now. */
export type BaselinedTest = (RateTest | LatencyTest | MeanTest | DriftTest) & {
  baseline: NonNullable<RateTest['baseline'] | MeanTest['baseline']> | DriftTest['baseline'];
};

/** True when a test has a frozen baseline that another can replace. */
export function isBaselined(test: EvidenceTest): test is BaselinedTest {
  return 'baseline' in test && test.baseline !== null;
}

/** Counts closed buckets into the frozen baseline that may replace the one of a test: same season, same bins. */
export class NextBaseline {
  readonly #test: BaselinedTest;
  readonly #cells = new CellCounts();
  /** Calls and events by cell; of a mean the sums of its units in the place of events. */
  readonly #season: { calls: number[]; events: number[] };

  constructor(test: BaselinedTest) {
    this.#test = test;
    const by = this.#by;
    const cells = by === undefined ? 0 : SEASONS[by];
    this.#season = { calls: new Array<number>(cells).fill(0), events: new Array<number>(cells).fill(0) };
  }

  /** Calls counted. */
  get calls(): number {
    return this.#cells.calls;
  }

  /** Adds a closed bucket that began at `at`, seconds from epoch. */
  add(at: number, cells: CellRows): void {
    this.#cells.merge(cells);
    if (this.#by === undefined) return;
    const cell = seasonCell(this.#by, at);
    if (this.#test.type === 'mean') {
      this.#season.calls[cell]! += columnSums(cells, MEAN_BINS).reduce((sum, count) => sum + count, 0);
      this.#season.events[cell]! += cells.units;
      return;
    }
    const { s, n } = rateCounts(cells);
    this.#season.calls[cell]! += n;
    this.#season.events[cell]! += s;
  }

  /** The block that `baseline:` of the document takes. There must be calls. */
  block(origin: Omit<BaselineOrigin, 'calls'>): { [key: string]: unknown } {
    const { model, version, featureView, from, to } = origin;
    const calls = this.calls;
    const named = {
      model,
      ...(version === '' ? {} : { version }),
      ...(featureView === '' ? {} : { featureView }),
      calls,
      from,
      to,
    };
    const rows = this.#cells.toRows();
    const test = this.#test;
    if (test.type === 'mean') {
      const [low, high] = test.range;
      const real = (x: number): number => low + x * (high - low);
      const [lower, upper] = meanInterval(columnSums(rows, MEAN_BINS), BASELINE_ALPHA);
      const mean = real(rows.units / MEAN_UNITS / calls);
      const season = this.#by === undefined ? {} : { season: meanSeason(this.#by, this.#season, test.range) };
      return { ...named, mean, lower: real(lower), upper: real(upper), ...season };
    }
    if (test.type === 'drift') return { ...named, ...binsOf(test, rows) };
    const by = this.#by;
    return {
      ...named,
      events: rateCounts(rows).s,
      ...(by === undefined ? {} : { season: { by, ...this.#season } }),
    };
  }

  get #by(): keyof typeof SEASONS | undefined {
    const { baseline } = this.#test;
    return 'season' in baseline ? baseline.season?.by : undefined;
  }
}

/** Means of cells from calls and sums of units; of a cell without calls the upper end of the range, which allows anything as its bound does. */
export function meanSeason(
  by: Season,
  { calls, events }: { calls: readonly number[]; events: readonly number[] },
  [low, high]: readonly [number, number],
): MeanSeason {
  const means = calls.map((n, cell) => (n === 0 ? high : low + (events[cell]! / MEAN_UNITS / n) * (high - low)));
  return { by, calls: [...calls], means };
}

function binsOf({ baseline }: DriftTest, rows: CellRows): { [key: string]: unknown } {
  const { edges, categories } = baseline;
  if (edges.length > 0) return { edges, counts: columnSums(rows, edges.length + 1) };
  const names = categories.includes(OTHER) ? categories : [...categories, OTHER];
  const counts = names.map(() => 0);
  const sums = columnSums(rows, rows.categories.length);
  rows.categories.forEach((name, column) => {
    const at = names.indexOf(name);
    counts[at < 0 ? names.indexOf(OTHER) : at]! += sums[column]!;
  });
  return { categories: names, counts };
}
