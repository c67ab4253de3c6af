import type { CompiledEvidence } from '@guardspan/policy';
import type { SignalReading } from '../types.js';
import { callsOf } from './evidence-series.js';
import type { EvidenceSeries } from './evidence-series.js';
import type { Effect, Judge } from '../../evidence/judge.js';
import { advisoryReport } from '../../evidence/advisory.js';
import type { AdvisoryReport } from '../../evidence/advisory.js';
import { isSecured, type Security } from './evidence-rule.js';
import { isAdvisory } from './promise-status.js';
import { label, rankCauses } from './rank-causes.js';
import type { Cause, EvidenceReport, PromiseReason, PromiseStatus } from './report.js';

const REASON_TEXT: Readonly<Record<PromiseReason, string>> = {
  dispersion:
    'calls of a bucket are more alike than independent ones, so mode iid overstates its evidence; the guard-rail does not act until mode robust is chosen',
  burst:
    'neighbouring buckets are alike, so bursts outlast a bucket; make `every` at least four times as long as they are',
  late: 'more than 1 % of the calls came after their bucket had closed; make `settle` longer',
  sampled: 'some calls come from sampled spans; send the guard feed',
  missing_facts: 'more than 1 % of the calls never got the truth or group that the test reads',
  other_baseline: 'the baseline belongs to another model, version or feature view; make one for this series',
  baseline_spent:
    'the baseline has moved away from the approved one as far as its budget allows and stands still, so it follows this series no more; a person may approve a new one (guardspan baseline propose)',
  one_value_per_bucket:
    'nearly every bucket holds one value, so its neighbours are not independent; this is advice, not a promise',
};

/** Log-evidence and effect in the form of signals, for lists and messages. */
export function signalsOf(series: EvidenceSeries, judge: Judge): { [name: string]: SignalReading } {
  const evidence = { value: series.evidence, samples: series.calls, lower: NaN, upper: NaN };
  if (series.calls === 0) return { evidence };
  const effect = judge.effect(series.totals(), series.arm.toRows(), series.judge);
  if (effect === undefined) return { evidence };
  const { value, lower, upper } = effect;
  return { evidence, effect: { value, lower, upper, samples: series.calls } };
}

/**
 * The same for a list of thousands of series, of which few are read: effect and interval are computed when one of them is first read, so read a list before the engine goes on.
 * An effect that is not known reads as NaN.
 */
export function listedSignals(series: EvidenceSeries, judge: Judge): { [name: string]: SignalReading } {
  const evidence = { value: series.evidence, samples: series.calls, lower: NaN, upper: NaN };
  if (series.calls === 0) return { evidence };
  let known: SignalReading | undefined;
  const reading = (): SignalReading =>
    (known ??= signalsOf(series, judge)['effect'] ?? { value: NaN, samples: series.calls, lower: NaN, upper: NaN });
  const effect = {
    samples: series.calls,
    get value() {
      return reading().value;
    },
    get lower() {
      return reading().lower;
    },
    get upper() {
      return reading().upper;
    },
  };
  return { evidence, effect };
}

/** What a transition says to people: the document's own words with readings in, or the evidence. */
export function messageOf(
  series: EvidenceSeries,
  compiled: CompiledEvidence,
  { judge, threshold }: { judge: Judge; threshold: number },
): string {
  const { spec, metadata } = compiled.guardrail;
  if (spec.message === '')
    return `guard-rail ${metadata.name}: evidence ${rounded(series.evidence)} of ${rounded(threshold)} nats`;
  const signals = signalsOf(series, judge);
  return spec.message.replace(/\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, key: string) =>
    Object.hasOwn(signals, key) ? String(rounded(signals[key]!.value)) : whole,
  );
}

/** To three places, as people are shown nats. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Puts together what explains a series. Pure. */
export function explainSeries(
  series: EvidenceSeries,
  compiled: CompiledEvidence,
  judge: Judge,
  known: {
    threshold: number;
    series: { [field: string]: string };
    promise: PromiseStatus;
    bucket: number;
    security?: Security | undefined;
  },
): EvidenceReport {
  const { test, mode } = compiled.evidence;
  const [before, since, arm] = [series.before.toRows(), series.since.toRows(), series.arm.toRows()];
  const totals = series.totals();
  const effect = series.calls === 0 ? undefined : judge.effect(totals, arm, series.judge);
  const causes = rankCauses(before, since, compiled);
  const report: EvidenceReport = {
    guardrail: compiled.name,
    revision: compiled.revision,
    series: known.series,
    test: test.type,
    mode,
    state: series.machine.state,
    evidence: {
      value: series.evidence,
      highest: series.highest,
      threshold: known.threshold,
      path: [...series.path],
      crossedAt: series.crossedAt,
      crossedCalls: series.crossedCalls,
      ...(known.security === undefined ? {} : { robust: known.security }),
      restartedAt: series.restartAt,
      restartReason: series.restartReason,
    },
    promise: { ...known.promise, text: promiseText(compiled, known.promise) },
    ...(judge.reference === undefined ? {} : { baseline: judge.reference(series.judge) }),
    ...(isAdvisory(series, compiled.evidence) ? { advisory: advisoryReport(series.advisory) } : {}),
    needed: neededOf(series, judge, known.threshold),
    counters: { calls: series.calls, buckets: series.buckets, late: series.late, open: series.opened },
    effect,
    effectSinceOnset: callsOf(since) === 0 ? undefined : judge.effect(since, arm, series.judge),
    firstOffendingBucket: series.onset,
    groups:
      test.type === 'rateGap'
        ? totals.rows.map(([stratum, group, counts]) => {
            const calls = (counts[0] ?? 0) + (counts[1] ?? 0);
            return { stratum: label(stratum, ''), group, calls, rate: calls === 0 ? NaN : (counts[1] ?? 0) / calls };
          })
        : [],
    causes,
    exampleTraceIds: [...series.examples],
    summary: '',
    recompute: { every: known.bucket, before, since, arm },
  };
  report.summary = summaryOf(report, causes[0], neededAtPace(series, known.threshold));
  return report;
}

/** (threshold - evidence) / information of a call since the onset: the fewest that any test could do with. */
function neededOf(series: EvidenceSeries, judge: Judge, threshold: number): number | null {
  if (series.evidence >= threshold) return 0;
  const since = series.since.toRows();
  const information = callsOf(since) === 0 ? 0 : judge.information(since, series.arm.toRows(), series.judge);
  return information > 0 ? Math.ceil((threshold - Math.max(0, series.evidence)) / information) : null;
}

/** Calls until the threshold when the evidence goes on growing as it did since the onset: a bet on a whole bucket gains less than the best that its calls could tell. */
function neededAtPace({ evidence, gained, since }: EvidenceSeries, threshold: number): number {
  return ((threshold - Math.max(0, evidence)) * since.calls) / gained;
}

function promiseText({ evidence }: CompiledEvidence, { reasons }: PromiseStatus): string {
  const { promise, maxSeries } = evidence;
  const promised =
    promise.alpha !== null
      ? `a false alarm with probability ${promise.alpha} at most, ever`
      : `${promise.falseAlarms} false alarm(s) in ${Math.round((promise.per / 86_400) * 100) / 100} days at most`;
  const over = maxSeries === 1 ? '' : `, over ${maxSeries} series`;
  if (reasons.length === 0) return `Promised: ${promised}${over}. Its condition holds as far as the counts tell.`;
  return `Not guaranteed (promised: ${promised}${over}): ${reasons.map((reason) => REASON_TEXT[reason]).join('; ')}.`;
}

function summaryOf(report: EvidenceReport, first: Cause | undefined, atPace: number): string {
  const { evidence, effect, counters } = report;
  if (counters.calls === 0) return 'No bucket has closed yet.';
  const crossed = evidence.highest >= evidence.threshold;
  const level = `${Number.isFinite(evidence.value) ? `evidence ${rounded(evidence.value)}` : 'no evidence yet'} of ${rounded(evidence.threshold)} nats after ${counters.calls} calls`;
  const size = effect === undefined ? '' : ` ${effectText(effect)}`;
  const about = Number.isFinite(atPace)
    ? `, about ${Number(atPace.toPrecision(2))} as the evidence has grown since`
    : '';
  const further =
    report.needed === null || report.needed === 0
      ? ''
      : ` At least ${report.needed} more calls like the latest are needed${about}.`;
  if (report.advisory !== undefined)
    return `Advisory, no promise, and not acted on: ${advisoryText(report.advisory)} (${level}.${size})`;
  if (!crossed) return `Not shown to be broken: ${level}.${size}${further}`;
  const cause = first === undefined || first.score <= 0 ? '' : ` Likeliest cause: ${causeText(first)}.`;
  const refused = report.state === 'ok' && report.promise.reasons.includes('dispersion');
  if (refused)
    return `Not acted on: ${level}, but calls of a bucket are not independent, as mode iid takes them to be. Choose mode robust.${size}${cause}`;
  const { robust } = evidence;
  if (report.state === 'ok' && robust !== undefined && !isSecured({ evidence: evidence.value }, robust)) {
    const or = Number.isFinite(robust.sufficient)
      ? `, and ${rounded(robust.sufficient)} nats would do by themselves`
      : '';
    return `Not acted on yet: ${level}, but evidence that holds for clustered calls too is ${rounded(robust.value)} of ${rounded(robust.threshold)} nats${or}.${size}${cause}`;
  }
  return `Broken: ${level}.${size}${cause}`;
}

function advisoryText({ score, threshold, unusual, lastAt }: AdvisoryReport): string {
  if (score === null) return 'there are too few values yet.';
  const now = `the last value is ${rounded(score)} spreads from the usual, ${threshold} are unusual`;
  return unusual === 0
    ? `${now}; none was.`
    : `${now}; ${unusual} value(s) were, the last at ${new Date(lastAt * 1000).toISOString()}.`;
}

function effectText({ name, value, lower, upper, limit, above, wasserstein }: Effect): string {
  const side = above ? 'at most' : 'at least';
  const text = `The ${name.replaceAll('_', ' ')} is ${rounded(value)} (${rounded(lower)} to ${rounded(upper)}), allowed is ${side} ${rounded(limit)}.`;
  if (wasserstein === undefined) return text;
  const { value: moved, lower: from, upper: to, iqr } = wasserstein;
  return `${text} Values are ${rounded(moved)} (${rounded(from)} to ${rounded(to)}) from the baseline on average, whose middle half spans ${rounded(iqr)}.`;
}

function causeText({ kind, field, value, calls, after, before }: Cause): string {
  const where = kind === 'feature' ? `${field} = ${value}` : kind === 'bin' ? `${field} ${value}` : value;
  return `${where} (${rounded(after)} in ${calls} calls, ${rounded(before)} expected)`;
}
