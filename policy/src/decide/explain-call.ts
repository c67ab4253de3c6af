import type { ModelCall } from '../call/model-call.js';
import type { WrittenCall } from '../call/read-call.js';
import type { ExplainedExpression } from '../condition/explain-condition.js';
import { explainCondition } from '../condition/explain-condition.js';
import { effectiveMode } from '../document/effective-mode.js';
import { INLINE_POINTS } from '../document/types.js';
import type { DetectorUse, Guardrail, InlinePoint, Match, Mode, RevisedGuardrail } from '../document/types.js';
import { compileScope } from '../match/compile-scope.js';
import { compileMatch, MATCH_FIELDS } from '../match/compile-match.js';
import { compileScoping, whereHolds } from './applicable.js';
import { DetectorResults, inlineVariables } from './compile-inline.js';
import { compileContext } from './inline-context.js';
import { compileWindowed, windowedVariables } from './compile-windowed.js';
import { compileExceptions, exemptedBy } from './exemption.js';
import { GuardrailSet } from './guardrail-set.js';
import { settleSampling } from './settle-sampling.js';
import { toolLimitOf } from './tool-limit.js';
import type { LimitOf } from './tool-limit.js';
import type { DecideHost, Decision, Verdict, VerdictOutcome } from './types.js';
import { writtenTexts } from './written-texts.js';

/** What one key of `match` said. */
export interface ExplainedMatch {
  key: keyof Match;
  globs: readonly string[];
  value: string;
  matches: boolean;
}

/** What a detector found: kinds and places, never the text. */
export interface ExplainedDetector {
  name: string;
  detector: string;
  findings: { path: string; entity: string; start: number; end: number; score: number }[];
  /** Why it could not look at the text; absent when it could. */
  error?: string;
}

/** Why one guard-rail said what it said about the call. */
export interface ExplainedGuardrail {
  name: string;
  revision: string;
  mode: Mode;
  point: InlinePoint | 'windowed';
  /** `not_judged`: it had no say here, and `reason` says why. */
  outcome: VerdictOutcome | 'not_judged';
  /** One sentence. */
  reason: string;
  /** The keys of `match` that the document has. */
  match: ExplainedMatch[];
  detectors: ExplainedDetector[];
  /** The condition taken apart; null when it was not judged. */
  condition: ExplainedExpression | null;
  /** Its verdicts as the decision function made them. */
  verdicts: Verdict[];
  /** Name of the exception that exempts the call; absent when none does. */
  exception?: string;
}

/** The decision at one point. */
export interface ExplainedPoint {
  point: InlinePoint;
  decision: Decision;
}

/** Why a call got its decision. */
export interface CallExplanation {
  guardrails: ExplainedGuardrail[];
  /** In order; what comes after a point that ends the call is not reached. */
  points: ExplainedPoint[];
}

const HOST: DecideHost = {
  random: () => 0,
  newId: () => '',
  now: () => 0,
  tryAcquire: () => false,
  takeProbe: () => false,
  forbids: () => null,
};

/**
 * Explains why a call gets its decision: each guard-rail with its match, its detectors, each sub-expression of its condition with its value,
 * and its verdict with the disposition, by the same decision function as in a process that is connected to an evaluator. Percentages are taken
 * as reached, throttles as used up. A windowed guard-rail is judged by the numbers in `written.window`, as if its series had them. Pure; never throws.
 */
export function explainCall(
  guardrails: readonly RevisedGuardrail[],
  written: WrittenCall,
  options: { points?: readonly InlinePoint[] } = {},
): CallExplanation {
  const { set, errors } = GuardrailSet.compile(guardrails);
  const broken = new Map(errors.map(({ guardrail, message }) => [guardrail, message]));
  const points: ExplainedPoint[] = [];
  for (const point of INLINE_POINTS) {
    if (options.points?.includes(point) === false) continue;
    const decision = set.decide({
      point,
      call: written.call,
      texts: () => writtenTexts(point, written, written.call.toolCalls),
      directives: [],
      freshness: 'live',
      host: HOST,
    });
    points.push({ point, decision: withoutTexts(decision) });
    if (decision.end !== null) break;
  }
  const explained = guardrails.map((revised) => {
    const { name } = revised.guardrail.metadata;
    const verdicts = points.flatMap(({ decision }) => decision.verdicts.filter(({ guardrail }) => guardrail === name));
    return explainGuardrail(revised, written, points, verdicts, broken.get(name));
  });
  return { guardrails: explained.sort((a, b) => (a.name < b.name ? -1 : 1)), points };
}

/** Explanations say kinds and places, never a text. */
function withoutTexts({ rewriting: _rewriting, rewrites: _rewrites, ...decision }: Decision): Decision {
  return settleSampling(decision, 0);
}

function explainGuardrail(
  revised: RevisedGuardrail,
  written: WrittenCall,
  points: readonly ExplainedPoint[],
  verdicts: Verdict[],
  broken: string | undefined,
): ExplainedGuardrail {
  const { metadata, spec } = revised.guardrail;
  const base: ExplainedGuardrail = {
    name: metadata.name,
    revision: revised.revision,
    mode: effectiveMode(spec, written.call.environment),
    point: spec.at ?? 'windowed',
    outcome: 'not_judged',
    reason: '',
    match: explainMatch(spec.match, written.call),
    detectors: [],
    condition: null,
    verdicts,
  };
  if (base.mode === 'off') return { ...base, reason: 'its mode is off' };
  const misses = base.match.filter(({ matches }) => !matches);
  if (misses.length > 0)
    return { ...base, reason: `the call does not match ${misses.map(({ key }) => key).join(', ')}` };
  if (!compileScope(spec)(written.call)) return { ...base, reason: 'the call is excluded' };
  if (broken !== undefined) return { ...base, outcome: 'not_evaluated', reason: `it cannot be compiled: ${broken}` };
  const exception = exemptedBy(compileExceptions(revised.guardrail), written.call);
  if (spec.at === null && exception !== null)
    return { ...base, outcome: 'not_evaluated', reason: `the call is exempt by the exception ${exception}`, exception };
  const scoping = compileScoping(revised.guardrail);
  if (spec.at === null && scoping !== null) {
    if (written.call.startedAt >= scoping.expires)
      return { ...base, outcome: 'not_evaluated', reason: 'the guard-rail has expired' };
    if (whereHolds(scoping, written.call) !== true) return { ...base, reason: '`where` is not true of the call' };
  }
  if (spec.at === null) return explainWindowed(base, revised, written);
  if (!points.some(({ point }) => point === spec.at))
    return { ...base, reason: `the call does not reach its point, ${spec.at}` };
  return explainInline(base, revised.guardrail, written);
}

function explainMatch(match: Match, call: ModelCall): ExplainedMatch[] {
  return MATCH_FIELDS.filter(({ key }) => match[key].length > 0).map(({ key, read }) => ({
    key,
    globs: match[key],
    value: read(call),
    matches: compileMatch({ ...EVERYTHING, [key]: match[key] })(call),
  }));
}

function explainInline(base: ExplainedGuardrail, guardrail: Guardrail, written: WrittenCall): ExplainedGuardrail {
  const { spec } = guardrail;
  const point = spec.at!;
  const results = new DetectorResults(
    () => writtenTexts(point, written, written.call.toolCalls),
    undefined,
    undefined,
    written.call,
  );
  const scoping = compileScoping(guardrail);
  const limitOf = toolLimitOf(spec.action);
  const verdict = base.verdicts.find((one) => one.point === point);
  // Nobody asked its condition.
  if (verdict?.exception !== undefined)
    return { ...base, outcome: verdict.outcome, reason: verdict.message, exception: verdict.exception };
  const condition = explainCondition(
    spec.when,
    inlineVariables(point, spec),
    compileContext(spec.uses, scoping, limitOf)(written.call, results, () => 0),
  );
  const detectors = Object.entries(spec.uses)
    .filter(([, use]) => use.external === undefined)
    .map(([name, use]) => explainDetector(name, use, results, limitOf));
  if (verdict !== undefined)
    return {
      ...base,
      detectors,
      condition,
      outcome: verdict.outcome,
      reason: verdict.message,
    };
  if (scoping === null || whereHolds(scoping, written.call) !== false)
    return { ...base, detectors, condition, outcome: 'pass', reason: 'its condition is not true' };
  return { ...base, reason: '`where` is not true of the call' };
}

function explainDetector(
  name: string,
  use: DetectorUse,
  results: DetectorResults,
  limitOf: LimitOf,
): ExplainedDetector {
  try {
    const findings = results
      .findings(use, limitOf(name))
      .map(({ path, entity, start, end, score }) => ({ path, entity, start, end, score }));
    return { name, detector: use.detector, findings };
  } catch (error) {
    return { name, detector: use.detector, findings: [], error: (error as Error).message };
  }
}

function explainWindowed(
  base: ExplainedGuardrail,
  revised: RevisedGuardrail,
  { window }: WrittenCall,
): ExplainedGuardrail {
  const over = revised.guardrail.spec.over!;
  if (over.evidence !== undefined)
    return {
      ...base,
      reason: 'it is judged in the evaluator, by evidence that grows over many calls; a suite of tests shows how',
    };
  const names = Object.keys(over.signals);
  if (!names.some((name) => Object.hasOwn(window.signals, name)))
    return {
      ...base,
      reason: `it is judged in the evaluator, on many calls; give signals: {${names.join(', ')}} to see how`,
    };
  const filled = (given: { [name: string]: number }, fallback: number): { [name: string]: number } =>
    Object.fromEntries(names.map((name) => [name, given[name] ?? fallback]));
  const env = {
    value: filled(window.signals, NaN),
    samples: filled(window.samples, Infinity),
    lower: filled(window.lower, NaN),
    upper: filled(window.upper, NaN),
  };
  const compiled = compileWindowed(revised);
  const { when, params } = revised.guardrail.spec;
  const condition = explainCondition(when, windowedVariables(over, params), {
    ...env.value,
    ...(params === undefined ? {} : { params }),
    samples: env.samples,
    lower: env.lower,
    upper: env.upper,
  });
  const scarce = names.find((name) => env.samples[name]! < over.minSamples && new RegExp(`\\b${name}\\b`).test(when));
  if (scarce !== undefined)
    return {
      ...base,
      condition,
      outcome: 'not_evaluated',
      reason: `there is too little data: ${scarce} comes from ${env.samples[scarce]} calls, and minSamples is ${over.minSamples}`,
    };
  return compiled.breach(env)
    ? { ...base, condition, outcome: 'violation', reason: compiled.message(env) }
    : { ...base, condition, outcome: 'pass', reason: 'its condition is not true of these numbers' };
}

const EVERYTHING: Match = {
  services: [],
  models: [],
  versions: [],
  environments: [],
  tenants: [],
  operations: [],
  featureViews: [],
};
