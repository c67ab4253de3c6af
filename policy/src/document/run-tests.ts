import { createModelCall } from '../call/create-model-call.js';
import type { CallValue, ModelCall } from '../call/model-call.js';
import { compileWindowed } from '../decide/compile-windowed.js';
import { finishLiterally } from '../decide/finish-rewriting.js';
import { GuardrailSet } from '../decide/guardrail-set.js';
import { writtenTexts } from '../decide/written-texts.js';
import { settleSampling } from '../decide/settle-sampling.js';
import { textAfter } from '../decide/text-after.js';
import { asEnforced } from './as-enforced.js';
import type { GuardrailTest, RevisedGuardrail } from './types.js';

/** Outcome of one of a document's own tests. */
export interface GuardrailTestResult {
  name: string;
  passed: boolean;
  /** Empty when it passed. */
  message: string;
}

/** Runs a document's own tests, as if its mode were `enforce`. Never throws. */
export function runGuardrailTests(revised: RevisedGuardrail): GuardrailTestResult[] {
  const { guardrail } = revised;
  const enforced: RevisedGuardrail = {
    ...revised,
    guardrail: asEnforced(guardrail),
  };
  return guardrail.spec.tests.map((test) => {
    try {
      const message = guardrail.spec.over === null ? runInline(enforced, test) : runWindowed(enforced, test);
      return { name: test.name, passed: message === '', message };
    } catch (error) {
      return { name: test.name, passed: false, message: (error as Error).message };
    }
  });
}

function runInline(revised: RevisedGuardrail, test: GuardrailTest): string {
  const { set, errors } = GuardrailSet.compile([revised]);
  if (errors[0] !== undefined) return errors[0].message;
  const { counters, rego, ...given } = test.given as { [key: string]: CallValue } & {
    counters?: { [name: string]: CallValue };
  };
  const point = revised.guardrail.spec.at!;
  const call = callOf(given, revised);
  const { prompt, output } = given;
  const parts = writtenTexts(
    point,
    { prompt: writtenText(prompt), output: writtenText(output) },
    // What is written down may leave the arguments out.
    call.toolCalls.map(({ name, arguments: args = {} }) => ({ name, arguments: args })),
  );
  const decided = set.decide({
    point,
    call,
    texts: () => parts,
    directives: [],
    freshness: 'live',
    host: {
      random: () => 0,
      newId: () => '0'.repeat(32),
      now: () => 0,
      // A test says what has been counted before.
      counters: { add: () => undefined, total: (id) => Number(counters?.[id.slice(id.indexOf('/') + 1)] ?? 0) },
      tryAcquire: () => false,
      takeProbe: () => false,
      forbids: () => null,
      // No engine runs here: a test says what the policy answers, and the policy has tests of its own.
      rego: () =>
        rego === undefined
          ? { failure: 'detector_error', message: 'the test gives no answer of the policy (given.rego)' }
          : { value: rego },
    },
  });
  // Shares are taken as reached.
  const decision = settleSampling(finishLiterally(decided), 0);
  if (decision.action !== test.expect.action)
    return `expected ${test.expect.action}, got ${decision.action}${reasonOf(decision.verdicts[0])}`;
  if (test.expect.text !== undefined) {
    const text = parts.map((part) => textAfter(part, decision)).join('\n');
    if (text !== test.expect.text)
      return `expected the text ${JSON.stringify(test.expect.text)}, got ${JSON.stringify(text)}`;
  }
  return '';
}

function reasonOf(verdict: { code: string; message: string } | undefined): string {
  return verdict === undefined ? '' : ` (${verdict.code}: ${verdict.message})`;
}

function runWindowed(revised: RevisedGuardrail, test: GuardrailTest): string {
  const compiled = compileWindowed(revised);
  const { signals, samples, lower, upper, ...call } = test.given as Record<string, Record<string, CallValue>>;
  if (Object.keys(call).length > 0) {
    const given = callOf(call, revised);
    const misses = !compiled.matches(given)
      ? 'the call does not match'
      : compiled.admits?.(given) === false
        ? '`where` is not true of the call'
        : '';
    if (misses !== '') return test.expect.action === 'allow' ? '' : `expected ${test.expect.action}, but ${misses}`;
  }
  const numbers = (given: Record<string, CallValue> | undefined, fallback: number): Record<string, number> =>
    Object.fromEntries(
      Object.keys(revised.guardrail.spec.over!.signals).map((name) => [
        name,
        typeof given?.[name] === 'number' ? given[name] : fallback,
      ]),
    );
  const breach = compiled.breach({
    value: numbers(signals, NaN),
    samples: numbers(samples, Infinity),
    lower: numbers(lower, NaN),
    upper: numbers(upper, NaN),
  });
  const action = breach ? revised.guardrail.spec.action.type : 'allow';
  return action === test.expect.action ? '' : `expected ${test.expect.action}, got ${action}`;
}

function writtenText(value: CallValue | undefined): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return typeof value.text === 'string' ? value.text : undefined;
}

// Fields that a test leaves out take a value that the guard-rail's own `match` accepts, so that a test says only what it is about.
function callOf(given: GuardrailTest['given'], { guardrail }: RevisedGuardrail): ModelCall {
  const call = createModelCall();
  const { match } = guardrail.spec;
  const first = (globs: readonly string[]): string => (globs[0] ?? '').replaceAll('*', '');
  call.model.name = first(match.models);
  call.model.version = first(match.versions);
  call.service = first(match.services);
  call.environment = first(match.environments);
  call.tenant = first(match.tenants);
  call.operation = first(match.operations);
  call.featureView.name = first(match.featureViews);
  merge(call as unknown as Record<string, unknown>, given);
  return call;
}

function merge(target: Record<string, unknown>, source: Readonly<Record<string, CallValue>>): void {
  for (const [key, value] of Object.entries(source)) {
    const current = target[key];
    const both = [current, value].every((side) => typeof side === 'object' && side !== null && !Array.isArray(side));
    if (both) merge(current as Record<string, unknown>, value as Record<string, CallValue>);
    else target[key] = value;
  }
}
