import { asWatched, compileEvidence, compileMatch, createObservation, strictestMode } from '@guardspan/policy';
import type { EvidenceTest, Mode, ModelCall, RecordedCall, RevisedGuardrail } from '@guardspan/policy';
import { createEngine } from '../engine/create-engine.js';
import { forPeople } from '../engine/evidence/for-people.js';
import type { ShownReport } from '../engine/evidence/for-people.js';
import { withFact } from '../engine/evidence/fact-join.js';
import type { EvidenceReport } from '../engine/evidence/report.js';
import type { LateFact, SeriesView, Transition } from '../engine/types.js';
import { hintsFor } from './hints.js';
import { toldReach } from './reach-text.js';
import type { ToldReach } from './reach-text.js';

/** A recorded call as a replay takes it. */
export interface ReplayCall {
  call: ModelCall;
  /** Stands for the call where facts are joined; unique. */
  id: string;
  /** Empty when unknown. */
  traceId: string;
  /** Truths and groups that come later: seconds after the start of the call. */
  facts: { kind: 'truth' | 'group'; name: string; value: string; delay: number }[];
}

/** What explains a series at the end of a replay. */
export interface ReplayedReport extends ShownReport {
  /** Of one whose evidence never reached the threshold: what these calls could have shown. */
  reach?: ToldReach;
}

/** What one guard-rail said about recorded calls. */
export interface ReplayedGuardrail {
  name: string;
  revision: string;
  /** Mode of the document. */
  mode: Mode;
  /** The mode in which it was judged: `warn` for `enforce`, see {@link replay}. */
  judgedAs: Mode;
  /** `threshold` has no promise about false alarms. */
  kind: 'test' | 'threshold';
  /** Calls that the guard-rail is about. */
  calls: number;
  /** Calls that it would be about, if they did not lack what its test reads or hold it as another type; `first` names one, such as `row 7`. */
  notJudged: { calls: number; first: string };
  /** Mistakes in mapping or document that these calls look like, in words; none in most replays. */
  hints: string[];
  /** Of a test: what explains each series at the end. */
  evidence: ReplayedReport[];
  /** Of a threshold: the signals of each series at the end. */
  series: SeriesView[];
}

/** What came of a replay. */
export interface ReplayResult {
  calls: number;
  guardrails: ReplayedGuardrail[];
  /** Every change of state, in order of time. */
  timeline: (Omit<Transition, 'trace' | 'exampleTraceIds'> & { calls: number })[];
  /** Guard-rails that judge single calls; a replay of windows says nothing about them. */
  skipped: string[];
}

/** Calls of one bucket when rows are counted and not timed. */
export interface RowTime {
  perBucket: number;
}

const EPOCH = 1_000_000_000;

/**
 * Runs recorded calls, in order of start, through the engine of the evaluator with virtual time. The same calls give the same bits as they gave when they
 * came in live, as far as they came in time. A recording shows neither what an action would have changed nor the probes that `enforce` recovers by, so such
 * documents are judged as in `warn`: evidence goes on after firing. Each guard-rail has an engine of its own, so `rows` can count the rows that it is about.
 */
export function replay(
  guardrails: readonly RevisedGuardrail[],
  calls: readonly ReplayCall[],
  rows: RowTime | null,
): ReplayResult {
  const windowed = guardrails.filter(
    ({ guardrail }) => guardrail.spec.over !== null && strictestMode(guardrail.spec) !== 'off',
  );
  const timeline: ReplayResult['timeline'] = [];
  const results = windowed.map((revised) => replayOne(revised, calls, rows, timeline));
  timeline.sort((a, b) => a.at - b.at || (a.guardrail < b.guardrail ? -1 : 1));
  const skipped = guardrails.filter((one) => !windowed.includes(one)).map(({ guardrail }) => guardrail.metadata.name);
  return { calls: calls.length, guardrails: results, timeline, skipped };
}

function replayOne(
  revised: RevisedGuardrail,
  calls: readonly ReplayCall[],
  rows: RowTime | null,
  timeline: ReplayResult['timeline'],
): ReplayedGuardrail {
  const { guardrail, revision } = revised;
  const mode = strictestMode(guardrail.spec);
  const watched = asWatched(guardrail);
  const judgedAs = strictestMode(watched.spec);
  const judged = { revision, guardrail: watched };
  const over = guardrail.spec.over!;
  let ids = 0;
  let accepted = 0;
  const engine = createEngine({ newId: () => `${guardrail.metadata.name}-${++ids}`, maxSeen: 1, hashSeed: 1 });
  engine.onTransition(({ trace: _trace, exampleTraceIds: _ids, ...rest }) =>
    timeline.push({ ...rest, calls: accepted }),
  );
  const { about, notJudged } = sorted(revised, calls);
  const timed = rows === null ? about : about.map((one, index) => at(one, timeOfRow(index, rows, over.bucket)));
  const events = eventsOf(timed);
  const first = events[0]?.at ?? EPOCH;
  engine.load([judged], first);
  let index = 0;
  while (index < events.length) {
    // What happens at the same moment is told together, calls before facts.
    const now = events[index]!.at;
    const records: RecordedCall[] = [];
    const facts: LateFact[] = [];
    for (; index < events.length && events[index]!.at === now; index++) {
      const event = events[index]!;
      if (event.fact === undefined) records.push(recordOf(event.one));
      else facts.push({ traceId: '', spanId: '', callId: event.one.id, ...event.fact });
    }
    accepted += records.length;
    if (records.length > 0) engine.accept(records, now);
    if (facts.length > 0) engine.facts(facts, now);
  }
  const last = events[events.length - 1]?.at ?? first;
  engine.tick(last + 2 * over.bucket + over.settle + 1);
  const evidence = explained(engine.reports(), judged);
  return {
    name: guardrail.metadata.name,
    revision,
    mode,
    judgedAs,
    kind: over.evidence === undefined ? 'threshold' : 'test',
    calls: about.length,
    notJudged,
    hints: hintsFor(revised, calls, about, evidence),
    evidence,
    series: over.evidence === undefined ? engine.series() : [],
  };
}

function explained(reports: readonly EvidenceReport[], judged: RevisedGuardrail): ReplayedReport[] {
  if (reports.length === 0) return [];
  const compiled = compileEvidence(judged);
  return reports.map((report) => {
    const reach = toldReach(report, compiled, reports.length);
    return reach === undefined ? forPeople(report) : { ...forPeople(report), reach };
  });
}

/** A test that every call enters which `among` lets in. */
const LIMIT = {
  type: 'rate',
  of: 'true',
  limit: 0.5,
  baseline: null,
  against: null,
  tolerance: 0,
  direction: 'up',
} as const;

/** Which calls a guard-rail is about: those that match and, of a test, enter it as far as is known without late facts. */
function sorted(
  revised: RevisedGuardrail,
  calls: readonly ReplayCall[],
): { about: ReplayCall[]; notJudged: ReplayedGuardrail['notJudged'] } {
  const { guardrail } = revised;
  const matches = compileMatch(guardrail.spec.match);
  const notJudged = { calls: 0, first: '' };
  const { over } = guardrail.spec;
  if (over?.evidence === undefined) return { about: calls.filter(({ call }) => matches(call)), notJudged };
  const compiled = compileEvidence(revised);
  const { evidence } = over;
  const withTest = (test: EvidenceTest) =>
    compileEvidence({
      ...revised,
      guardrail: { ...guardrail, spec: { ...guardrail.spec, over: { ...over, evidence: { ...evidence, test } } } },
    });
  // Calls and groups that a test leaves out on purpose lack nothing.
  const { test } = evidence;
  const everyone = withTest(test.type === 'rateGap' ? { ...test, groups: [] } : test);
  const excluded = withTest({ ...LIMIT, among: `!(${test.among})` });
  const seen = createObservation();
  const about = calls.filter(({ call, facts, id }) => {
    if (!matches(call)) return false;
    // What never comes is lacking; what comes later is not.
    const complete = facts.reduce(withFact, call);
    const judged = compiled.observe(complete, seen);
    if (!judged && !everyone.observe(complete, seen) && !excluded.observe(complete, seen)) {
      notJudged.calls++;
      if (notJudged.first === '') notJudged.first = id;
    }
    return judged || facts.length > 0;
  });
  return { about, notJudged };
}

/** The middle of its place in its bucket, so that no row falls on a border. */
function timeOfRow(index: number, { perBucket }: RowTime, bucket: number): number {
  const start = Math.ceil(EPOCH / bucket) * bucket;
  return start + (Math.floor(index / perBucket) + ((index % perBucket) + 0.5) / perBucket) * bucket;
}

function at(one: ReplayCall, startedAt: number): ReplayCall {
  return { ...one, call: { ...one.call, startedAt } };
}

interface ReplayEvent {
  at: number;
  one: ReplayCall;
  fact?: { kind: 'truth' | 'group'; name: string; value: string };
}

function eventsOf(calls: readonly ReplayCall[]): ReplayEvent[] {
  const events: ReplayEvent[] = [];
  for (const one of calls) {
    events.push({ at: one.call.startedAt, one });
    for (const { delay, ...fact } of one.facts) events.push({ at: one.call.startedAt + delay, one, fact });
  }
  return events.sort((a, b) => a.at - b.at);
}

function recordOf({ call, id, traceId }: ReplayCall): RecordedCall {
  return {
    call,
    // Identities of rows are no trace ids, so that nothing is taken for a duplicate.
    id: { traceId, spanId: '', callId: id },
    source: 'feed',
    sampled: false,
    instance: '',
    incarnation: '',
  };
}
