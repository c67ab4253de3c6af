import { CALL_VARIABLES, paramVariables } from '../condition/variables.js';
import { fieldReader } from '../call/field-reader.js';
import { checkExpression } from './check-expression.js';
import type { Finding } from './finding.js';
import type { GuardrailDocument } from './schema.js';
import { MOVING_SLOTS, SEASONS } from './evidence-types.js';
import type { BinsBaseline, Evidence, EvidenceTest, LatencyTest, MeanTest, RateTest } from './evidence-types.js';
import type { Guardrail } from './types.js';

const TEST = ['spec', 'over', 'test'] as const;
type Found = (code: string, key: readonly (string | number)[], message: string, hint: string, offset?: number) => void;

/** Keys of `over` that mean nothing without a test: the normal form does not hold them, so they are looked for in what was written. */
export function checkAuthoredEvidence({ spec }: GuardrailDocument): Finding[] {
  const over = spec.over;
  if (over === undefined || over.test !== undefined) return [];
  return (['promise', 'mode', 'maxSeries', 'explainBy'] as const)
    .filter((key) => over[key] !== undefined)
    .map((key) => ({
      code: 'GUARDSPAN_DOC_PROMISE_WITHOUT_TEST',
      path: ['spec', 'over', key],
      message: key === 'promise' ? 'a threshold cannot keep a promise' : `\`${key}\` belongs to a test`,
      hint: `add a \`test\`, or remove \`${key}\``,
    }));
}

/** Everything about a test that its shape does not say. `path` of findings leads to the authored keys. */
export function checkEvidence(guardrail: Guardrail, evidence: Evidence, findings: Finding[]): void {
  const { spec } = guardrail;
  const over = spec.over!;
  const { test } = evidence;
  const found: Found = (code, path, message, hint, offset) =>
    findings.push({ code, path: [...path], message, hint, ...(offset === undefined ? {} : { offset }) });
  const base = [...TEST, test.type];

  if (spec.when !== '') {
    const hint = 'remove `when`: a test acts when its evidence reaches the threshold that the promise sets';
    found('GUARDSPAN_DOC_TEST_KEY', ['spec', 'when'], 'a guard-rail has a test or a threshold, not both', hint);
  }
  if (spec.until !== '' || spec.for !== 0) {
    const key = spec.until !== '' ? 'until' : 'for';
    const hint = `remove \`${key}\`: recovery is judged by a test too, and evidence already says how long a breach has to last`;
    found('GUARDSPAN_DOC_TEST_KEY', ['spec', key], `\`${key}\` has no meaning with a test`, hint);
  }
  if (Object.keys(over.signals).length > 0) {
    const hint = 'remove `signals`, or use `when` instead of `test`';
    found('GUARDSPAN_DOC_TEST_KEY', ['spec', 'over', 'signals'], 'a guard-rail has a test or signals, not both', hint);
  }
  if (spec.tests.length > 0) {
    const hint = 'remove `tests` and replay recorded calls: guardspan replay --guardrails DIR --calls FILE';
    found('GUARDSPAN_DOC_TEST_KEY', ['spec', 'tests'], 'evidence comes from many calls, one call cannot test it', hint);
  }
  if (over.every === 0) {
    const hint = 'write how long a bucket is, for example `every: 10s`';
    found(
      'GUARDSPAN_DOC_TEST_EVERY',
      ['spec', 'over', 'every'],
      'a test acts at closes of buckets only, so it needs `every`',
      hint,
    );
  }
  if (spec.onNoData === 'fire') {
    const hint = 'use a second guard-rail with a `count` signal for silence';
    found('GUARDSPAN_DOC_TEST_KEY', ['spec', 'onNoData'], 'silence is no evidence', hint);
  }
  if (test.type === 'latency' && over.settle < test.within) {
    const hint = 'leave `settle` out: it is `within` + 2 s then';
    found(
      'GUARDSPAN_DOC_TEST_SETTLE',
      ['spec', 'over', 'settle'],
      'a bucket would close before its slow calls are known to be slow',
      hint,
    );
  }
  const variables = { ...CALL_VARIABLES, ...paramVariables(spec.params) };
  checkReads(test, found, base, (source, type, key) => {
    checkExpression(source, variables, type, [...base, key], findings, 'evaluator');
  });
  checkReference(test, over.groupBy, base, found);
  for (const [index, path] of evidence.explainBy.entries())
    checkField(path, ['spec', 'over', 'explainBy', index], found);
  checkShape(test, base, found);
}

function checkReads(
  test: EvidenceTest,
  found: Found,
  base: readonly (string | number)[],
  expression: (source: string, type: 'bool' | 'double', key: string) => void,
): void {
  expression(test.among, 'bool', 'among');
  if (test.type === 'rate' || test.type === 'rateGap') expression(test.of, 'bool', 'of');
  else if (test.type === 'mean') expression(test.of, 'double', 'of');
  else if (test.type !== 'latency') checkField(test.of, [...base, 'of'], found);
  if (test.type === 'rateGap' || test.type === 'association')
    for (const [index, path] of test.strata.entries()) checkField(path, [...base, 'strata', index], found);
}

function checkField(path: string, at: (string | number)[], found: Found): void {
  if (fieldReader(path) !== undefined) return;
  const hint = 'name one, for example output.label, features.age or service';
  found('GUARDSPAN_DOC_TEST_FIELD', at, `\`${path}\` is no field of a call`, hint);
}

function checkReference(
  test: EvidenceTest,
  groupBy: readonly string[],
  base: readonly (string | number)[],
  found: Found,
): void {
  if (test.type !== 'rate' && test.type !== 'mean' && test.type !== 'latency') return;
  const given = [test.limit, test.baseline, test.against].filter((one) => one !== null).length;
  if (given !== 1) {
    const known = test.type === 'latency' ? 'max, baseline, against' : 'max, min, baseline, against';
    const message = given === 0 ? 'there is nothing to test against' : 'there is more than one thing to test against';
    found('GUARDSPAN_DOC_TEST_LIMIT', base, message, `write exactly one of ${known}`);
  }
  if (test.against !== null && !groupBy.includes(test.against.field)) {
    const hint = `add ${test.against.field} to groupBy`;
    found('GUARDSPAN_DOC_TEST_ARM', [...base, 'against'], 'series are not told apart by the field of `against`', hint);
  }
  const share = test.type !== 'mean' && test.limit !== null && (test.limit <= 0 || test.limit >= 1);
  if (share) {
    const hint = 'write a share between 0 and 1, for example 0.01; use an inline guard-rail where one call is too many';
    found('GUARDSPAN_DOC_TEST_LIMIT', base, 'a limit of 0 or 1 leaves nothing to test', hint);
  }
}

function checkShape(test: EvidenceTest, base: readonly (string | number)[], found: Found): void {
  if (test.type === 'mean') {
    const [low, high] = test.range;
    const outside = test.limit !== null && (test.limit <= low || test.limit >= high);
    if (low >= high || outside) {
      const hint = 'write range: [smallest, largest] around the limit; values beyond are clipped';
      found('GUARDSPAN_DOC_TEST_RANGE', [...base, 'range'], 'the limit must lie inside the range', hint);
    }
  }
  if (test.type === 'rateGap') {
    if (test.reference !== '' && test.groups.length > 0 && !test.groups.includes(test.reference)) {
      const hint = 'list it there, or leave `groups` out';
      found('GUARDSPAN_DOC_TEST_GROUP', [...base, 'reference'], `\`${test.reference}\` is not in groups`, hint);
    }
  }
  if (test.type === 'drift') checkBins(test.baseline, [...base, 'baseline'], found);
  if (test.type === 'association' && !increasing(test.edges))
    found('GUARDSPAN_DOC_TEST_BINS', [...base, 'edges'], 'edges do not increase', 'sort them');
  if (test.type === 'rate' || test.type === 'latency') checkRateBaseline(test, base, found);
  if (test.type === 'mean') checkMeanBaseline(test, base, found);
}

function checkRateBaseline(test: RateTest | LatencyTest, base: readonly (string | number)[], found: Found): void {
  const { baseline } = test;
  if (baseline !== null && (baseline.calls === 0 || baseline.events > baseline.calls)) {
    const hint = 'make it with guardspan baseline create';
    found('GUARDSPAN_DOC_TEST_BASELINE', [...base, 'baseline'], 'the counts of the baseline do not fit', hint);
  }
  const season = baseline?.season;
  if (season !== undefined) {
    const { by, calls, events } = season;
    const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
    const fits =
      calls.length === SEASONS[by] &&
      events.length === SEASONS[by] &&
      events.every((count, cell) => count <= calls[cell]!) &&
      sum(calls) === baseline!.calls &&
      sum(events) === baseline!.events;
    if (!fits) {
      const message = `${by} has ${SEASONS[by]} cells, whose calls and events add up to those of the baseline`;
      const hint = `make it with guardspan baseline create --season ${by}`;
      found('GUARDSPAN_DOC_TEST_BASELINE', [...base, 'baseline', 'season'], message, hint);
    }
  }
  checkMoving(test, base, found);
}

function checkMeanBaseline(test: MeanTest, base: readonly (string | number)[], found: Found): void {
  const { baseline, range } = test;
  const season = baseline?.season;
  if (season !== undefined) {
    const { by, calls, means } = season;
    const fits =
      calls.length === SEASONS[by] &&
      means.length === SEASONS[by] &&
      means.every((mean) => mean >= range[0] && mean <= range[1]) &&
      calls.reduce((total, count) => total + count, 0) === baseline!.calls;
    if (!fits) {
      const message = `${by} has ${SEASONS[by]} cells, with means in \`range\` and calls that add up to those of the baseline`;
      const hint = `make it with guardspan baseline create --season ${by}`;
      found('GUARDSPAN_DOC_TEST_BASELINE', [...base, 'baseline', 'season'], message, hint);
    }
  }
  checkMoving(test, base, found);
}

function checkMoving(
  { baseline, moving }: Pick<RateTest | LatencyTest | MeanTest, 'baseline' | 'moving'>,
  base: readonly (string | number)[],
  found: Found,
): void {
  if (moving === undefined) return;
  if (baseline === null) {
    const hint = 'add `baseline`: it says what was approved, and the budget is counted from it';
    found('GUARDSPAN_DOC_TEST_BASELINE', [...base, 'moving'], 'a baseline that moves needs a frozen one', hint);
  }
  if (moving.window <= 0 || moving.lag > (MOVING_SLOTS - 1) * moving.window) {
    const message = `\`lag\` is at most ${MOVING_SLOTS - 1} times \`window\``;
    found('GUARDSPAN_DOC_TEST_BASELINE', [...base, 'moving', 'window'], message, 'make the window longer');
  }
}

function checkBins(bins: BinsBaseline, path: (string | number)[], found: Found): void {
  const labels = bins.categories.length > 0 ? bins.categories.length : bins.edges.length + 1;
  const both = bins.categories.length > 0 && bins.edges.length > 0;
  const none = bins.categories.length === 0 && bins.edges.length === 0;
  const total = bins.counts.reduce((sum, one) => sum + one, 0);
  if (both || none || labels !== bins.counts.length || !increasing(bins.edges) || total === 0) {
    const hint =
      'give categories with one count each, or n edges (increasing) with n + 1 counts; guardspan baseline create makes them';
    found('GUARDSPAN_DOC_TEST_BINS', path, 'bins and counts of the baseline do not fit', hint);
  }
}

function increasing(edges: readonly number[]): boolean {
  return edges.every((edge, index) => index === 0 || edge > edges[index - 1]!);
}
