import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../src/call/create-model-call.js';
import type { CallValue, ModelCall } from '../../src/call/model-call.js';
import { requiredLevel } from '../../src/channel/required-level.js';
import { explainCall } from '../../src/decide/explain-call.js';
import { GuardrailSet } from '../../src/decide/guardrail-set.js';
import type { Decision } from '../../src/decide/types.js';
import { loadGuardrails } from '../../src/document/load-guardrails.js';
import type { InlinePoint, RevisedGuardrail } from '../../src/document/types.js';
import { checkValues } from '../../src/values/check-values.js';
import { VALUE_TYPES } from '../../src/values/value-types.js';
import type { ValueRule, ValueRules } from '../../src/values/value-types.js';
import { QUIET_HOST } from '../support/quiet-host.js';

function issue(rule: Partial<ValueRule>, value: CallValue | undefined): string | null {
  const rules: ValueRules = { x: { type: 'any', required: true, ...rule } };
  return checkValues(rules, value === undefined ? {} : { x: value })[0]?.issue ?? null;
}

describe('a check of one value', () => {
  const between: Partial<ValueRule> = { type: 'number', min: 18, max: 120 };

  it.each([
    ['both ends of a range are in it', between, 18, null],
    ['both ends of a range are in it', between, 120, null],
    ['below the range', between, 17.999, 'range'],
    ['above the range', between, 121, 'range'],
    ['an infinite number is out of every range', { type: 'number' } as const, Infinity, 'range'],
    ['an infinite number is out of every range', { type: 'integer' } as const, -Infinity, 'range'],
    ['a number as text has the wrong type', between, '42', 'type'],
    ['a fraction is no integer', { type: 'integer' } as const, 1.5, 'type'],
    ['a whole number is an integer', { type: 'integer' } as const, 3, null],
    ['a list is no number', between, [42], 'type'],
    ['true is no text', { type: 'string' } as const, true, 'type'],
    ['false is a bool', { type: 'bool' } as const, false, null],
    ['what is absent is missing', between, undefined, 'missing'],
    ['null is missing', {}, null, 'missing'],
    ['NaN is missing, as tables write it', between, NaN, 'missing'],
    ['what may be absent is not checked then', { ...between, required: false }, undefined, null],
    ['what may be absent is checked when it is there', { ...between, required: false }, 5, 'range'],
    ['a word of the vocabulary', { oneOf: ['north', 'south'] }, 'south', null],
    ['out of the vocabulary', { oneOf: ['north', 'south'] }, 'South', 'vocabulary'],
    ['a number is not the text of it', { oneOf: [1, 2] }, '1', 'vocabulary'],
    ['an empty text is there', { type: 'string' } as const, '', null],
  ])('%s: %j of %j is %s', (_name, rule, value, expected) => {
    expect(issue(rule, value)).toBe(expected);
  });

  it('finds at most one thing, and nothing in a value that it takes', () => {
    const value = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
    ) as fc.Arbitrary<CallValue>;
    const rule = fc.record({
      type: fc.constantFrom<ValueRule['type']>(...VALUE_TYPES),
      min: fc.double({ min: -10, max: 0, noNaN: true }),
      max: fc.double({ min: 0, max: 10, noNaN: true }),
      required: fc.boolean(),
    });
    fc.assert(
      fc.property(rule, value, (one, x) => {
        const found = checkValues({ x: one }, { x });
        expect(found.length).toBeLessThanOrEqual(1);
        const inRange = typeof x !== 'number' || (x >= one.min && x <= one.max);
        const rightType =
          one.type === 'any' ||
          (one.type === 'bool'
            ? typeof x === 'boolean'
            : one.type === 'integer'
              ? Number.isInteger(x)
              : typeof x === one.type);
        const absent = x === null || Number.isNaN(x);
        if (!absent && rightType && inRange) expect(found).toEqual([]);
        if (!absent && !(rightType && inRange)) expect(found).toHaveLength(1);
      }),
    );
  });

  it('never takes what an object inherits for a value', () => {
    const rules = { toString: { type: 'any', required: true } } as unknown as ValueRules;
    expect(checkValues(rules, {})).toEqual([{ name: 'toString', issue: 'missing' }]);
  });
});

function guardrail(uses: string, when: string, rest = '', at: InlinePoint = 'request'): RevisedGuardrail {
  const { guardrails, errors } = loadGuardrails(
    `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: g}
spec:
  at: ${at}
  uses: {inputs: {detector: values, ${uses}}}
  when: "${when}"
  action: {deny: {}}
  mode: enforce
  ${rest}
`,
    { file: 'g.yaml' },
  );
  expect(errors).toEqual([]);
  return guardrails[0]!;
}

function decide(revised: RevisedGuardrail, part: Partial<ModelCall>, point: InlinePoint = 'request'): Decision {
  const { set, errors } = GuardrailSet.compile([revised]);
  expect(errors).toEqual([]);
  return set.decide({
    point,
    call: { ...createModelCall(), ...part },
    texts: () => [],
    directives: [],
    freshness: 'live',
    host: QUIET_HOST,
  });
}

describe('a guard-rail that checks values', () => {
  const ON = 'on: features, values: {age: {min: 18, max: 120}, region: {oneOf: [north, south]}}';

  it('decides on how many are wrong, which, and in what way', () => {
    const revised = guardrail(
      ON,
      "inputs.count > 1 || inputs.fields.exists(f, f == 'region') || 'missing' in inputs.entities",
    );
    const action = (features: ModelCall['features']): string => decide(revised, { features }).action;
    expect(action({ age: 40, region: 'north' })).toBe('allow');
    expect(action({ age: 400, region: 'north' })).toBe('allow');
    expect(action({ age: 400, region: 'west' })).toBe('deny');
    expect(action({ age: 40, region: 'west' })).toBe('deny');
    expect(action({ region: 'north' })).toBe('deny');
  });

  it('names what is wrong and never says a value, in the message, the trace and the explanation', () => {
    const message = "message: '{inputs} wrong: {inputs.fields}'";
    const revised = guardrail(ON, 'inputs.count > 0', message);
    const features = { age: 987_654, region: 'a secret place' };
    const decision = decide(revised, { features });
    expect(decision.verdicts[0]!.message).toBe('2 wrong: age, region');
    const explained = explainCall([revised], {
      call: { ...createModelCall(), features },
      window: { signals: {}, samples: {}, lower: {}, upper: {} },
    } as never);
    expect(explained.guardrails[0]!.detectors[0]!.findings).toMatchObject([
      { path: 'age', entity: 'range' },
      { path: 'region', entity: 'vocabulary' },
    ]);
    expect(JSON.stringify([decision, explained.guardrails])).not.toMatch(/987654|secret place/);
  });

  it('looks for some kinds only when it says so', () => {
    const revised = guardrail(`${ON}, entities: [missing]`, 'inputs.count > 0');
    expect(decide(revised, { features: { age: 400, region: 'north' } }).action).toBe('allow');
    expect(decide(revised, { features: { age: 40 } }).action).toBe('deny');
  });

  it('checks what the model answers, beside what it was asked', () => {
    const uses = 'on: output.values, values: {limit: {min: 0, max: 5000}}';
    const revised = guardrail(uses, 'inputs.count > 0', '', 'response');
    const output = (limit: number): ModelCall['output'] => ({ ...createModelCall().output, values: { limit } });
    expect(decide(revised, { output: output(100) }, 'response').action).toBe('allow');
    expect(decide(revised, { output: output(-1) }, 'response').action).toBe('deny');
  });

  it('needs a client that knows it', () => {
    expect(requiredLevel(guardrail(ON, 'inputs.count > 0').guardrail)).toBe(4);
  });
});
