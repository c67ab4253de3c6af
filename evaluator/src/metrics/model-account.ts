import { ACTION_TYPES, DISPOSITIONS, METRIC } from '@guardspan/policy';
import type { ModelCall, RecordedCall } from '@guardspan/policy';
import { BucketCounts } from './bucket-counts.js';
import type { Metrics } from './metrics.js';
import { CALL_TIMES } from './model-metrics.js';
import type { ModelsView, ModelTotals, Quantiles } from './models-view.js';

/** Models of services that are told apart; further ones are counted as `other`. */
const MAX_MODELS = 500;
/** Verdicts about calls of one model that are told apart by guard-rail, action and disposition; further ones are left out. */
const MAX_VERDICTS = 64;
const KINDS = new Set(['llm', 'embedding', 'classifier', 'regressor', 'ranker']);
const REFUSALS = new Set(['deny', 'throttle', 'shutdown']);
const ACTIONS: ReadonlySet<string> = new Set(['allow', ...ACTION_TYPES]);
const KNOWN_DISPOSITIONS: ReadonlySet<string> = new Set(DISPOSITIONS);

/** A count that a scrape takes as a difference, and the trace that was counted last. */
interface Count {
  labels: { [label: string]: string };
  more: number;
  total: number;
  traceId: string;
}

/** Everything that is counted of one model of a service. */
class ModelRow {
  readonly labels: { service: string; environment: string; model: string; model_version: string };
  readonly kind: string;
  readonly answered: Count;
  readonly failed: Count;
  readonly refused: Count;
  readonly input: Count;
  readonly output: Count;
  readonly cost: Count;
  readonly verdicts = new Map<string, Count & { shown: boolean }>();
  readonly duration = new BucketCounts(CALL_TIMES);
  readonly timeToFirst = new BucketCounts(CALL_TIMES);
  streams = false;
  shown = false;
  /** When the first and the newest call were received, seconds from epoch. */
  firstAt = 0;
  lastAt = 0;

  constructor({ service, environment, model, version, kind }: ModelKey & { kind: string }) {
    this.labels = { service, environment, model, model_version: version };
    this.kind = kind;
    const count = (more: { [label: string]: string }): Count => ({
      labels: { ...this.labels, ...more },
      more: 0,
      total: 0,
      traceId: '',
    });
    this.answered = count({ outcome: 'answered' });
    this.failed = count({ outcome: 'failed' });
    this.refused = count({ outcome: 'refused' });
    this.input = count({ type: 'input' });
    this.output = count({ type: 'output' });
    this.cost = count({});
  }

  is({ service, environment, version }: ModelKey): boolean {
    const { labels } = this;
    return labels.service === service && labels.environment === environment && labels.model_version === version;
  }
}

interface ModelKey {
  service: string;
  environment: string;
  model: string;
  version: string;
}

/**
 * Counts calls by model as they are received, and hands the totals to the metrics before a scrape. A new series is shown at 0 once and
 * takes its counts with the next scrape, so that `rate()` and `increase()` see its first event.
 */
export class ModelAccount implements ModelsView {
  readonly #metrics: Metrics;
  readonly #knows: (guardrail: string) => boolean;
  readonly #byModel = new Map<string, ModelRow[]>();
  readonly #rows: ModelRow[] = [];

  /** @param knows Whether a guard-rail of this name is in force; other names are no label. */
  constructor(metrics: Metrics, knows: (guardrail: string) => boolean) {
    this.#metrics = metrics;
    this.#knows = knows;
  }

  /** Counts a batch. `at` is when it was received, seconds from epoch. */
  count(calls: readonly RecordedCall[], at: number): void {
    for (let index = 0; index < calls.length; index++) {
      const { call, id } = calls[index]!;
      this.#count(this.#rowOf(call), call, id.traceId, at);
    }
  }

  /** Call it before a scrape. */
  flush(): void {
    for (const row of this.#rows) this.#flushRow(row);
    const fill = (name: typeof METRIC.MODEL_DURATION | typeof METRIC.MODEL_TIME_TO_FIRST, rows: ModelRow[]): void => {
      this.#metrics.fill(
        name,
        rows.map((row) => {
          const counts = name === METRIC.MODEL_DURATION ? row.duration : row.timeToFirst;
          return row.shown ? counts.row(row.labels) : counts.empty(row.labels);
        }),
      );
    };
    fill(METRIC.MODEL_DURATION, this.#rows);
    fill(
      METRIC.MODEL_TIME_TO_FIRST,
      this.#rows.filter(({ streams }) => streams),
    );
    for (const row of this.#rows) row.shown = true;
  }

  list(): ModelTotals[] {
    return this.#rows.map((row) => ({
      ...{ service: row.labels.service, environment: row.labels.environment },
      ...{ model: row.labels.model, version: row.labels.model_version, kind: row.kind },
      ...{ firstAt: row.firstAt, lastAt: row.lastAt },
      ...{ answered: row.answered.total, failed: row.failed.total, refused: row.refused.total },
      ...{ inputTokens: row.input.total, outputTokens: row.output.total, cost: row.cost.total },
      ...{ duration: quantilesOf(row.duration), timeToFirst: quantilesOf(row.timeToFirst) },
      verdicts: [...row.verdicts.values()].map(({ labels, total }) => ({
        ...{ guardrail: labels['guardrail']!, action: labels['action']!, disposition: labels['disposition']! },
        calls: total,
      })),
    }));
  }

  #count(row: ModelRow, call: ModelCall, traceId: string, at: number): void {
    const { action, guardrails, disposition } = call.decision;
    if (row.firstAt === 0) row.firstAt = at;
    row.lastAt = at;
    if (REFUSALS.has(action)) tally(row.refused, 1, traceId);
    else {
      tally(call.error.type === '' ? row.answered : row.failed, 1, traceId);
      row.duration.observe(call.duration, traceId, at);
    }
    // NaN where there is none.
    if (call.timeToFirst >= 0) {
      row.streams = true;
      row.timeToFirst.observe(call.timeToFirst, traceId, at);
    }
    tally(row.input, call.usage.inputTokens, traceId);
    tally(row.output, call.usage.outputTokens, traceId);
    tally(row.cost, call.usage.cost, traceId);
    for (let index = 0; index < guardrails.length; index++)
      this.#verdict(row, { guardrail: guardrails[index]!, action, disposition }, traceId);
  }

  #verdict(row: ModelRow, verdict: { guardrail: string; action: string; disposition: string }, traceId: string): void {
    const { guardrail, action, disposition } = verdict;
    const key = `${guardrail}\n${action}\n${disposition}`;
    let count = row.verdicts.get(key);
    if (count === undefined) {
      if (row.verdicts.size >= MAX_VERDICTS) return;
      if (!ACTIONS.has(action) || !KNOWN_DISPOSITIONS.has(disposition) || !this.#knows(guardrail)) return;
      count = { labels: { ...row.labels, ...verdict }, more: 0, total: 0, traceId: '', shown: false };
      row.verdicts.set(key, count);
    }
    tally(count, 1, traceId);
  }

  #flushRow(row: ModelRow): void {
    const metrics = this.#metrics;
    if (!row.shown) metrics.set(METRIC.MODEL_INFO, { ...row.labels, kind: row.kind }, 1);
    const take = (count: Count, shown: boolean): number => {
      if (!shown) return 0;
      const { more } = count;
      count.more = 0;
      return more;
    };
    for (const count of [row.answered, row.failed, row.refused])
      metrics.add(METRIC.MODEL_CALLS, count.labels, take(count, row.shown), count.traceId);
    for (const count of [row.input, row.output])
      metrics.add(METRIC.MODEL_TOKENS, count.labels, take(count, row.shown), count.traceId);
    metrics.add(METRIC.MODEL_COST, row.cost.labels, take(row.cost, row.shown), row.cost.traceId);
    for (const count of row.verdicts.values()) {
      metrics.add(METRIC.GUARDRAIL_CALLS, count.labels, take(count, count.shown), count.traceId);
      count.shown = true;
    }
  }

  #rowOf(call: ModelCall): ModelRow {
    const { service, environment } = call;
    const { name: model, version, kind } = call.model;
    const key = { service, environment, model, version };
    const rows = this.#byModel.get(model);
    if (rows !== undefined) for (const row of rows) if (row.is(key)) return row;
    if (this.#rows.length < MAX_MODELS) return this.#add({ ...key, kind: KINDS.has(kind) ? kind : 'other' });
    const other = { service: '', environment: '', model: 'other', version: '' };
    return this.#byModel.get('other')?.find((row) => row.is(other)) ?? this.#add({ ...other, kind: 'other' });
  }

  #add(key: ModelKey & { kind: string }): ModelRow {
    const row = new ModelRow(key);
    this.#rows.push(row);
    const rows = this.#byModel.get(key.model);
    if (rows === undefined) this.#byModel.set(key.model, [row]);
    else rows.push(row);
    return row;
  }
}

function quantilesOf(counts: BucketCounts): Quantiles {
  return { p50: counts.quantile(0.5), p95: counts.quantile(0.95), p99: counts.quantile(0.99) };
}

/** Adds what is a positive, finite number. */
function tally(count: Count, more: number, traceId: string): void {
  if (!(more > 0 && more < Infinity)) return;
  count.more += more;
  count.total += more;
  count.traceId = traceId;
}
