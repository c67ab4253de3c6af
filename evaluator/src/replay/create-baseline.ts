import {
  binOf,
  compileEvidence,
  createObservation,
  fieldReader,
  GuardspanError,
  MEAN_BINS,
  MEAN_UNITS,
  OTHER,
  scopeReader,
  seasonCell,
  SEASONS,
} from '@guardspan/policy';
import type {
  BaselineOrigin,
  BaselineSeason,
  MeanSeason,
  ModelCall,
  RevisedGuardrail,
  Season,
} from '@guardspan/policy';
import { ENOUGH_EVENTS } from '../evidence/plan-effects.js';
import { CellCounts } from '../count/cells/cell-counts.js';
import { columnSums, rateCounts } from '../evidence/cells.js';
import { lowerMeanBound, upperMeanBound } from '../evidence/mean-bound.js';
import { meanInterval } from '../evidence/mean-interval.js';
import { meanSeason } from '../evidence/next-baseline.js';
import { lowerRateBound, upperRateBound } from '../evidence/rate-bound.js';
import { BASELINE_ALPHA } from '../evidence/rate-reference.js';
import { withFact } from '../engine/evidence/fact-join.js';
import type { ReplayCall } from './replay.js';

/** Frozen counts as `baseline:` of a test takes them. */
export type BaselineBlock = BaselineOrigin &
  (
    | { events: number; season?: BaselineSeason }
    | { mean: number; lower: number; upper: number; season?: MeanSeason }
    | { edges: number[]; counts: number[] }
    | { categories: string[]; counts: number[] }
  );

/** A baseline with what a person should know of it. */
export interface CreatedBaseline {
  baseline: BaselineBlock;
  /** Each number with its confidence sequence of 99 %, which is what the test reckons with, in words. */
  confidence: string[];
  /** Why the test will be slow or its promise not kept; empty when nothing is wrong. */
  warnings: string[];
}

/** Bins of a number at most, and categories that are kept apart. */
const BINS = 10;
const CATEGORIES = 30;

/**
 * Freezes the counts of recorded calls as the baseline of a rate, mean, latency or drift test; late facts are included. With `season` those of a rate, latency or mean
 * are kept apart by hour or day.
 * @throws GuardspanError GUARDSPAN_NOT_WINDOWED for another test, and GUARDSPAN_TABLE when no call enters or they are of several models
 */
export function createBaseline(
  revised: RevisedGuardrail,
  calls: readonly ReplayCall[],
  season?: Season,
): CreatedBaseline {
  const compiled = compileEvidence(revised);
  const { test } = compiled.evidence;
  if (test.type === 'rateGap' || test.type === 'association')
    throw new GuardspanError(
      'GUARDSPAN_NOT_WINDOWED',
      `${compiled.name}: ${test.type} takes no baseline`,
      'rate, mean, latency and drift do',
    );
  if (season !== undefined && test.type === 'drift')
    throw new GuardspanError(
      'GUARDSPAN_NOT_WINDOWED',
      `${compiled.name}: a baseline of ${test.type} has no season`,
      'rate, latency and mean have; leave --season out',
    );
  const seen = createObservation();
  const cells = new CellCounts();
  const entered: ModelCall[] = [];
  const counted = new SeasonCounts(season);
  for (const { call: recorded, facts } of calls) {
    const call = facts.reduce(withFact, recorded);
    if (!compiled.counts(call) || !compiled.observe(call, seen)) continue;
    cells.add(seen, []);
    counted.add(call.startedAt, test.type === 'mean' ? seen.units : seen.column);
    entered.push(call);
  }
  const { origin, warnings } = originOf(compiled.name, entered);
  const rows = cells.toRows();
  if (test.type === 'rate' || test.type === 'latency') {
    const { s, n } = rateCounts(rows);
    const [lower, upper] = bounds(s, n, BASELINE_ALPHA);
    few(s, 'events', warnings);
    return {
      baseline: { ...origin, events: s, ...counted.block() },
      confidence: [`share ${show(s / n)}, between ${show(lower)} and ${show(upper)}`, ...counted.confidence()],
      warnings,
    };
  }
  if (test.type === 'mean') {
    const [low, high] = test.range;
    const real = (x: number): number => low + x * (high - low);
    const mean = real(rows.units / MEAN_UNITS / entered.length);
    const [lower, upper] = meanInterval(columnSums(rows, MEAN_BINS), BASELINE_ALPHA).map(real) as [number, number];
    few(entered.length, 'calls', warnings);
    return {
      baseline: { ...origin, mean, lower, upper, ...counted.means(test.range) },
      confidence: [
        `mean ${show(mean)}, between ${show(lower)} and ${show(upper)}`,
        ...counted.meanConfidence(test.range),
      ],
      warnings,
    };
  }
  few(entered.length, 'calls', warnings);
  const read = fieldReader(test.of)!;
  return {
    ...binned(
      entered.map((call) => read(call)),
      origin,
    ),
    warnings,
  };
}

function originOf(name: string, calls: readonly ModelCall[]): { origin: BaselineOrigin; warnings: string[] } {
  const valuesOf = (field: string): string[] => {
    const read = scopeReader(field);
    return [...new Set(calls.map((call) => read(call)))].sort();
  };
  const models = valuesOf('model');
  if (models.length !== 1) {
    const what =
      models.length === 0
        ? 'no recorded call enters'
        : `the recorded calls are of several models: ${models.join(', ')}`;
    throw new GuardspanError(
      'GUARDSPAN_TABLE',
      `${name}: ${what}`,
      'a baseline is made from calls of one model that the guard-rail matches',
    );
  }
  const warnings: string[] = [];
  const single = (field: string, what: string): string => {
    const values = valuesOf(field);
    if (values.length > 1)
      warnings.push(`the calls are of several ${what} (${values.join(', ')}): the baseline is bound to none`);
    return values.length === 1 ? values[0]! : '';
  };
  let [from, to] = [Infinity, -Infinity];
  for (const { startedAt } of calls) [from, to] = [Math.min(from, startedAt), Math.max(to, startedAt)];
  const version = single('model_version', 'versions');
  const featureView = single('feature_view', 'feature views');
  return { origin: { model: models[0]!, version, featureView, calls: calls.length, from, to }, warnings };
}

/** Calls and events (of a mean: units) by cell of a season; nothing without one. */
class SeasonCounts {
  readonly #by: Season | undefined;
  readonly #calls: number[];
  readonly #events: number[];

  constructor(by: Season | undefined) {
    this.#by = by;
    const cells = by === undefined ? 0 : SEASONS[by];
    this.#calls = new Array<number>(cells).fill(0);
    this.#events = new Array<number>(cells).fill(0);
  }

  add(at: number, events: number): void {
    if (this.#by === undefined) return;
    const cell = seasonCell(this.#by, at);
    this.#calls[cell]! += 1;
    this.#events[cell]! += events;
  }

  block(): { season?: BaselineSeason } {
    return this.#by === undefined ? {} : { season: { by: this.#by, calls: this.#calls, events: this.#events } };
  }

  /** The same of a mean, whose units were added in the place of events. */
  means(range: readonly [number, number]): { season?: MeanSeason } {
    if (this.#by === undefined) return {};
    return { season: meanSeason(this.#by, { calls: this.#calls, events: this.#events }, range) };
  }

  meanConfidence([low, high]: readonly [number, number]): string[] {
    return this.#calls.map((n, cell) => {
      const level = BASELINE_ALPHA / this.#calls.length;
      const mean = n === 0 ? NaN : this.#events[cell]! / MEAN_UNITS / n;
      const real = (x: number): number => show(low + x * (high - low));
      if (n === 0) return `${this.#by} ${cell}: no calls`;
      return `${this.#by} ${cell}: mean ${real(mean)}, between ${real(lowerMeanBound(mean, n, level))} and ${real(upperMeanBound(mean, n, level))}`;
    });
  }

  confidence(): string[] {
    return this.#calls.map((n, cell) => {
      const [lower, upper] = bounds(this.#events[cell]!, n, BASELINE_ALPHA / this.#calls.length);
      const share = n === 0 ? 'no calls' : `share ${show(this.#events[cell]! / n)}`;
      return `${this.#by} ${cell}: ${share}, between ${show(lower)} and ${show(upper)}`;
    });
  }
}

function few(count: number, what: string, warnings: string[]): void {
  if (count < ENOUGH_EVENTS)
    warnings.push(
      `${count} ${what} are fewer than ${ENOUGH_EVENTS}: the interval is wide, and the test will be slow and find no small change. Record more calls${what === 'events' ? ', or let the baseline move with the series (`moving`)' : ''}.`,
    );
}

/** Bins at quantiles when all values are numbers, else categories, the rarest under `__other__`. */
function binned(values: readonly unknown[], origin: BaselineOrigin): Omit<CreatedBaseline, 'warnings'> {
  const numbers = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
  if (numbers.length === values.length) {
    const sorted = [...numbers].sort((a, b) => a - b);
    const largest = sorted[sorted.length - 1]!;
    const quantiles = Array.from(
      { length: BINS - 1 },
      (_, i) => sorted[Math.ceil(((i + 1) / BINS) * sorted.length) - 1]!,
    );
    const edges = [...new Set(quantiles)].filter((edge) => edge < largest);
    if (edges.length > 0) {
      const counts = new Array<number>(edges.length + 1).fill(0);
      for (const value of numbers) counts[binOf(value, edges)]!++;
      const names = counts.map((_, b) =>
        b < edges.length ? `up to ${show(edges[b]!)}` : `above ${show(edges[b - 1]!)}`,
      );
      return { baseline: { ...origin, edges, counts }, confidence: sharesOf(names, counts) };
    }
  }
  const sums = new Map<string, number>();
  for (const value of values) {
    const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
    const name = text === '' ? OTHER : text;
    sums.set(name, (sums.get(name) ?? 0) + 1);
  }
  const ordered = [...sums].filter(([name]) => name !== OTHER).sort(([x, a], [y, b]) => b - a || (x < y ? -1 : 1));
  const kept = ordered.slice(0, CATEGORIES);
  const categories = [...kept.map(([name]) => name), OTHER];
  const listed = kept.map(([, count]) => count);
  const counts = [...listed, values.length - listed.reduce((sum, count) => sum + count, 0)];
  return { baseline: { ...origin, categories, counts }, confidence: sharesOf(categories, counts) };
}

/** Shares whose intervals hold together. */
function sharesOf(names: readonly string[], counts: readonly number[]): string[] {
  const n = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count, b) => {
    const [lower, upper] = bounds(count, n, BASELINE_ALPHA / counts.length / 2);
    return `${JSON.stringify(names[b])}: share ${show(count / n)}, between ${show(lower)} and ${show(upper)}`;
  });
}

/** What a test takes for the least and the largest rate, each with this error. */
function bounds(s: number, n: number, alpha: number): [lower: number, upper: number] {
  return [lowerRateBound(s, n, alpha), upperRateBound(s, n, alpha)];
}

function show(value: number): number {
  return Number(value.toPrecision(4));
}
