import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../src/call/create-model-call.js';
import type { ModelCall } from '../../src/call/model-call.js';
import { decideCall } from '../../src/decide/decide-call.js';
import { GuardrailSet } from '../../src/decide/guardrail-set.js';
import type { DecideInput } from '../../src/decide/types.js';
import { loadGuardrails } from '../../src/document/load-guardrails.js';
import { QUIET_HOST } from '../support/quiet-host.js';

const CONDITIONS = [
  "model.name == 'big' && found.count > 0.0",
  "attrs.n > 1.0 && tenant == 'acme'",
  "tenant == 'acme' || found.count > 0.0",
  'found.count > 0.0 && other.count > 0.0',
  'found.maxScore > 0.5 || attrs.n > 1.0',
  'found.count == 0.0',
  '!(found.count > 0.0)',
  "'email' in found.entities",
  "has(model.provider) && model.provider == 'p'",
  "model.version < '2' && found.count + other.count > 1.0",
  "operation == 'chat' && !streamed",
  "service.startsWith('legacy-') || environment != 'production'",
  "featureView.name == 'v' && featureView.version == '1'",
  'attrs.n > 1.0',
] as const;

function setOf(conditions: readonly string[], more = ''): GuardrailSet {
  const documents = conditions.map(
    (when, index) => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: g${index}}
spec:
  at: request
  uses:
    found: {detector: pii, on: prompt.text}
    other: {detector: secrets, on: prompt.text}
  ${index === 0 ? more : ''}
  when: ${JSON.stringify(when)}
  action: {deny: {}}
  mode: enforce
`,
  );
  const { guardrails, errors } = loadGuardrails(documents.join('---\n'), { file: 'g.yaml' });
  expect(errors).toEqual([]);
  return GuardrailSet.compile(guardrails).set;
}

function inputOf(part: Partial<ModelCall>, texts: readonly string[]): DecideInput {
  return {
    point: 'request',
    call: { ...createModelCall(), ...part },
    texts: () => texts.map((text, index) => ({ path: `/${index}`, role: 'user', text })),
    directives: [],
    freshness: 'live',
    host: QUIET_HOST,
  };
}

const identity = { framework: 'f', kind: 'llm' as const };
const calls = fc.record(
  {
    model: fc.constantFrom(
      { ...identity, name: 'big', version: '1', provider: 'p' },
      { ...identity, name: 'small', version: '3', provider: 'q' },
    ),
    tenant: fc.constantFrom('acme', 'other'),
    operation: fc.constantFrom('chat', 'embeddings'),
    service: fc.constantFrom('legacy-a', 'b'),
    environment: fc.constantFrom('production', 'staging'),
    streamed: fc.boolean(),
    featureView: fc.constantFrom({ name: 'v', version: '1' }, { name: 'v', version: '2' }),
    attrs: fc.constantFrom({}, { n: 2 }, { n: 'text' }),
  },
  { requiredKeys: ['model'] },
);
const texts = fc.subarray(['nothing is in here', 'write to ada@example.com', 'AKIAIOSFODNN7EXAMPLA is a key']);

describe('guard-rails of a plan that are asked', () => {
  it('come to what all of them come to, for any call and text', () => {
    let spared = 0;
    const asked = fc.property(
      fc.subarray([...CONDITIONS], { minLength: 1 }),
      fc.array(fc.tuple(calls, texts), { minLength: 1, maxLength: 4 }),
      (conditions, made) => {
        const set = setOf(conditions);
        for (const [part, written] of made) {
          const input = inputOf(part, written);
          const plan = set.plan('request', input.call);
          spared += plan.inline.length - plan.asked.filter(({ findings }) => findings === null).length;
          const all = { ...plan, asked: plan.inline.map((guardrail) => ({ guardrail, findings: null })) };
          expect(decideCall(plan, input)).toEqual(decideCall(all, input));
        }
      },
    );
    fc.assert(asked, { numRuns: 150, seed: 20_261_128 });
    expect(spared).toBeGreaterThan(100);
  });

  it('are not those whose condition is false for every call of the plan', () => {
    const set = setOf(["model.name == 'big' && streamed", "tenant == 'acme'", 'streamed']);
    const { call } = inputOf({}, []);
    expect(set.plan('request', call).asked.map(({ guardrail }) => guardrail.name)).toEqual(['g2']);
    expect(set.plan('request', { ...call, tenant: 'acme' }).asked.map(({ guardrail }) => guardrail.name)).toEqual([
      'g1',
      'g2',
    ]);
  });

  it('are evaluated guard-rails all the same', () => {
    expect(setOf(["tenant == 'acme'", 'found.count > 0.0', 'streamed']).decide(inputOf({}, ['clean']))).toMatchObject({
      disposition: 'allow',
      evaluated: 3,
    });
  });

  it('are rows of the failure table when nothing can be judged, with those that would not be asked', () => {
    const decision = setOf(["tenant == 'acme'", 'streamed']).decide({ ...inputOf({}, []), failure: 'detector_error' });
    expect(decision.verdicts.map(({ guardrail }) => guardrail)).toEqual(['g0', 'g1']);
  });

  it('do not run a detector that no condition reaches', () => {
    let read = 0;
    const input = { ...inputOf({}, []), texts: () => (read++, []) };
    setOf(['streamed && found.count > 0.0', "tenant == 'acme' && other.count > 0.0"]).decide(input);
    expect(read).toBe(0);
  });

  it('are, beside guard-rails for a part of the calls, the same', () => {
    const set = setOf(["tenant == 'acme'", "tenant == 'acme'", 'true'], 'where: "tenant == \'acme\'"');
    const plan = set.plan('request', inputOf({}, []).call);
    expect(plan.partly.map(({ name }) => name)).toEqual(['g0']);
    expect(plan.asked.map(({ guardrail }) => guardrail.name)).toEqual(['g2']);
    expect(set.decide(inputOf({}, []))).toMatchObject({ evaluated: 2 });
    expect(set.decide(inputOf({ tenant: 'acme' }, []))).toMatchObject({ evaluated: 3 });
  });
});
