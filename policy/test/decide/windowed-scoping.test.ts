import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../src/call/create-model-call.js';
import type { ModelCall } from '../../src/call/model-call.js';
import { requiredLevel } from '../../src/channel/required-level.js';
import { compileEvidence, createObservation } from '../../src/decide/compile-evidence.js';
import { compileWindowed } from '../../src/decide/compile-windowed.js';
import { GuardrailSet } from '../../src/decide/guardrail-set.js';
import { rolloutShare } from '../../src/decide/rollout-share.js';
import type { Decision, Freshness, HeldDirective } from '../../src/decide/types.js';
import { seriesMode } from '../../src/document/effective-mode.js';
import { loadGuardrails } from '../../src/document/load-guardrails.js';
import { runGuardrailTests } from '../../src/document/run-tests.js';
import type { RevisedGuardrail } from '../../src/document/types.js';
import { QUIET_HOST } from '../support/quiet-host.js';

const EXPIRY = Date.parse('2027-06-30') / 1000;

function guardrail(keys: string, mode = 'enforce'): RevisedGuardrail {
  const { guardrails, errors } = loadGuardrails(
    `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: w}
spec:
  match: {models: [m]}
  ${keys}
  over: {window: 1m, groupBy: [model], signals: {calls: {count: "true"}}}
  when: calls > 1
  action: {throttle: {rate: 0}}
  mode: ${mode}
`,
    { file: 'w.yaml' },
  );
  expect(errors).toEqual([]);
  return guardrails[0]!;
}

function directiveOf({ revision, guardrail: { spec } }: RevisedGuardrail): HeldDirective {
  return {
    id: 'd',
    guardrail: 'w',
    revision,
    verdict: 'v',
    scope: { model: 'm' },
    action: spec.action,
    mode: 'enforce',
    code: 'condition',
    message: '',
    trace: [],
    onStale: 'allow',
    stale: false,
  };
}

function callWith(part: Partial<ModelCall>): ModelCall {
  const call = createModelCall();
  return { ...call, model: { ...call.model, name: 'm' }, ...part };
}

function decide(
  revised: RevisedGuardrail,
  part: Partial<ModelCall>,
  held = true,
  freshness: Freshness = 'live',
): Decision {
  const { set, errors } = GuardrailSet.compile([revised]);
  expect(errors).toEqual([]);
  return set.decide({
    point: 'request',
    call: callWith(part),
    texts: () => [],
    directives: held ? [directiveOf(revised)] : [],
    freshness,
    host: QUIET_HOST,
  });
}

describe('`where` of a window', () => {
  const revised = guardrail('params: {tiers: [free]}\n  where: attrs.tier in params.tiers');

  it('lets a directive act on the calls that are counted, and on no other', () => {
    const compiled = compileWindowed(revised);
    const tier = fc.constantFrom('free', 'paid', 'trial', undefined);
    const name = fc.constantFrom('m', 'other');
    fc.assert(
      fc.property(tier, name, (one, model) => {
        const call = callWith({
          attrs: one === undefined ? {} : { tier: one },
          model: { ...createModelCall().model, name: model },
        });
        expect(decide(revised, call).action === 'throttle').toBe(compiled.counts(call));
      }),
    );
  });
  it('says that it could not be evaluated, and acts on no such call', () => {
    expect(decide(revised, {})).toMatchObject({
      action: 'allow',
      verdicts: [{ outcome: 'not_evaluated', code: 'detector_error', disposition: 'allow_failopen' }],
    });
  });
  it('leaves a call that it is not about out of what was evaluated, also without an evaluator', () => {
    expect(decide(revised, { attrs: { tier: 'paid' } }, false)).toMatchObject({ evaluated: 0, verdicts: [] });
    expect(decide(revised, { attrs: { tier: 'free' } }, false)).toMatchObject({ evaluated: 1, verdicts: [] });
    expect(decide(revised, { attrs: { tier: 'paid' } }, false, 'none').verdicts).toEqual([]);
    expect(decide(revised, { attrs: { tier: 'free' } }, false, 'none').verdicts).toMatchObject([
      { code: 'no_evaluator' },
    ]);
  });
  it('that cannot be compiled here leaves its directives without any call', () => {
    const broken = { ...revised, guardrail: { ...revised.guardrail, spec: { ...revised.guardrail.spec, where: '(' } } };
    const { set, errors } = GuardrailSet.compile([broken]);
    expect(errors).toMatchObject([{ guardrail: 'w' }]);
    const call = callWith({ attrs: { tier: 'free' } });
    expect(set.plan('request', call).unmatched.has('w')).toBe(true);
  });
  it('is asked by the tests of the document', () => {
    const tests = [
      {
        name: 'free',
        given: { attrs: { tier: 'free' }, signals: { calls: 2 } },
        expect: { action: 'throttle' as const },
      },
      {
        name: 'paid',
        given: { attrs: { tier: 'paid' }, signals: { calls: 2 } },
        expect: { action: 'throttle' as const },
      },
    ];
    const spec = { ...revised.guardrail.spec, tests };
    expect(runGuardrailTests({ ...revised, guardrail: { ...revised.guardrail, spec } })).toEqual([
      { name: 'free', passed: true, message: '' },
      { name: 'paid', passed: false, message: 'expected throttle, but `where` is not true of the call' },
    ]);
  });
});

describe('`rollout` of a window', () => {
  const revised = guardrail('rollout: {percent: 30, by: tenant}');

  it('acts for its share of the keys, records for the others, and counts all', () => {
    const compiled = compileWindowed(revised);
    for (const tenant of Array.from({ length: 200 }, (_, index) => `tenant-${index}`)) {
      const inside = rolloutShare('w', tenant) < 30;
      const decision = decide(revised, { tenant });
      expect(decision.action).toBe(inside ? 'throttle' : 'allow');
      expect(decision.verdicts).toMatchObject([
        { mode: inside ? 'enforce' : 'dryrun', disposition: inside ? 'enforced' : 'would_act' },
      ]);
      expect(compiled.counts(callWith({ tenant }))).toBe(true);
    }
  });
});

describe('`overrides` of a window', () => {
  const revised = guardrail(
    "overrides: [{environments: ['test*'], mode: 'off'}, {environments: [staging], mode: warn}]",
  );

  it('decide in the process in which mode a directive holds', () => {
    expect(decide(revised, { environment: 'production' }).action).toBe('throttle');
    expect(decide(revised, { environment: 'staging' }).verdicts).toMatchObject([
      { mode: 'warn', disposition: 'would_act' },
    ]);
    expect(decide(revised, { environment: 'testing' })).toMatchObject({ evaluated: 0, verdicts: [] });
  });
  it('count nothing where they say off', () => {
    const compiled = compileWindowed(revised);
    expect(
      ['production', 'staging', 'testing'].map((environment) => compiled.counts(callWith({ environment }))),
    ).toEqual([true, true, false]);
  });
  it('give a series the mode of its environment, or the strictest when it holds several', () => {
    const { spec } = revised.guardrail;
    expect(seriesMode(spec, { environment: 'staging' })).toBe('warn');
    expect(seriesMode(spec, { model: 'm' })).toBe('enforce');
  });
  it('let it act where it is on although its own mode is off', () => {
    const other = guardrail('overrides: [{environments: [live], mode: enforce}]', 'off');
    expect(decide(other, { environment: 'live' }).action).toBe('throttle');
    expect(decide(other, { environment: 'dev' })).toMatchObject({ evaluated: 0, verdicts: [] });
  });
});

describe('`expires` of a window', () => {
  const revised = guardrail('expires: 2027-06-30');

  it('ends directives in the process too, whatever the evaluator says, and says so', () => {
    expect(decide(revised, { startedAt: EXPIRY - 1 }).action).toBe('throttle');
    expect(decide(revised, { startedAt: EXPIRY })).toMatchObject({
      action: 'allow',
      evaluated: 0,
      verdicts: [{ point: 'windowed', outcome: 'not_evaluated', code: 'expired', disposition: 'not_evaluated' }],
    });
  });
});

describe('`params` beside a test', () => {
  it('are read by what it counts', () => {
    const { guardrails, errors } = loadGuardrails(
      `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: t}
spec:
  params: {bad: [spam, abuse], tier: free}
  over:
    every: 60s
    test: {rate: {of: output.label in params.bad, among: attrs.tier == params.tier, max: 0.1}}
    promise: {falseAlarms: 1, per: 30d}
  action: {annotate: {attributes: {a: b}}}
`,
      { file: 't.yaml' },
    );
    expect(errors).toEqual([]);
    const { observe } = compileEvidence(guardrails[0]!);
    const seen = createObservation();
    const output = (label: string): ModelCall['output'] => ({ ...createModelCall().output, label });
    const column = (label: string): number => {
      expect(observe(callWith({ attrs: { tier: 'free' }, output: output(label) }), seen)).toBe(true);
      return seen.column;
    };
    expect([column('spam'), column('fine')]).toEqual([1, 0]);
    expect(observe(callWith({ attrs: { tier: 'paid' }, output: output('spam') }), seen)).toBe(false);
  });
});

describe('the feature level', () => {
  it('keeps windows that narrow their calls from clients that would act on all of them', () => {
    expect(requiredLevel(guardrail('description: x').guardrail)).toBe(1);
    expect(requiredLevel(guardrail('exclude: {tenants: [a]}').guardrail)).toBe(2);
    for (const key of ["where: tenant == 'a'", 'rollout: {percent: 1, by: tenant}', 'expires: 2027-06-30'])
      expect(requiredLevel(guardrail(key).guardrail)).toBe(4);
  });
});
