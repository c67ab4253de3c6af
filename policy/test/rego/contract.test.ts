import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createModelCall,
  GuardspanError,
  MAX_REASON_LENGTH,
  MAX_REASONS,
  readOutcome,
  regoInput,
} from '../../src/index.js';

describe('what a policy says', () => {
  it.each([
    [{ deny: [], warn: [] }, 'pass', []],
    [{ deny: ['b', 'a', 'a'], warn: ['c'] }, 'deny', ['a', 'b']],
    [{ warn: ['c'] }, 'warn', ['c']],
    [{ deny: [{ msg: 'x', severity: 'high' }, { message: 'y' }] }, 'deny', ['x', 'y']],
    [{ decision: 'allow' }, 'pass', []],
    [{ decision: 'deny' }, 'deny', []],
    [{ decision: { decision: 'warn', reasons: ['w'] } }, 'warn', ['w']],
    [{ decision: 'allow', deny: ['stronger'] }, 'deny', ['stronger']],
    [{ decision: 'warn', deny: [] }, 'warn', []],
    [{ deny: [], helper: { any: 'thing' } }, 'pass', []],
  ])('%j is %s', (value, says, reasons) => {
    expect(readOutcome(value)).toMatchObject({ says, reasons });
  });

  it.each([undefined, null, true, [], {}, 'deny', { allow: true }])('%j defines nothing, which is no pass', (value) => {
    expect(() => readOutcome(value)).toThrowError(expect.objectContaining({ code: 'GUARDSPAN_REGO_UNDEFINED' }));
  });

  it.each([
    { deny: 'x' },
    { deny: [1] },
    { warn: true },
    { deny: [{}] },
    { decision: 'no' },
    { decision: { reasons: [] } },
    { deny: null },
  ])('%j breaks the contract', (value) => {
    expect(() => readOutcome(value)).toThrowError(expect.objectContaining({ code: 'GUARDSPAN_REGO_CONTRACT' }));
  });

  it('is bounded, and read from any JSON without another kind of error', () => {
    const many = readOutcome({ deny: Array.from({ length: 100 }, (_, n) => `${n} ${'x'.repeat(1000)}`) });
    expect(many.reasons).toHaveLength(MAX_REASONS);
    expect(many.denied).toBe(100);
    for (const reason of many.reasons) expect(reason).toHaveLength(MAX_REASON_LENGTH);
    const member = fc.oneof(fc.jsonValue(), fc.array(fc.oneof(fc.string(), fc.record({ msg: fc.string() }))));
    fc.assert(
      fc.property(fc.record({ deny: member, warn: member, decision: member }, { requiredKeys: [] }), (value) => {
        try {
          const { says, denied, warned, reasons } = readOutcome(value);
          expect(says === 'deny' || denied === 0).toBe(true);
          expect(says !== 'pass' || denied + warned === 0).toBe(true);
          expect(reasons.length).toBeLessThanOrEqual(MAX_REASONS);
        } catch (error) {
          if (!(error instanceof GuardspanError)) throw error;
        }
      }),
    );
  });
});

describe('the input of a policy', () => {
  it('holds the fields of the point, and never groups, truths or decisions', () => {
    const call = { ...createModelCall(), group: { sex: 'f' }, truth: { repaid: true } };
    expect(Object.keys(regoInput('request', call, {}).call).sort()).toEqual(
      [
        'attrs',
        'environment',
        'featureView',
        'features',
        'model',
        'operation',
        'service',
        'startedAt',
        'streamed',
        'tenant',
      ].sort(),
    );
    const response = regoInput('response', call, {}).call;
    expect(Object.keys(response)).toEqual(expect.arrayContaining(['output', 'toolCalls', 'usage', 'error']));
    for (const field of ['group', 'truth', 'decision']) expect(response).not.toHaveProperty(field);
  });

  it('leaves out what is unknown, so that it is undefined in Rego and not null', () => {
    const call = createModelCall();
    call.usage.inputTokens = 3;
    call.features = { income: NaN, age: 40, tags: [NaN, 'x'] };
    const input = regoInput('response', call, {});
    expect(input.call['usage']).toEqual({ inputTokens: 3 });
    expect(input.call['features']).toEqual({ age: 40, tags: [null, 'x'] });
    expect(input.call).not.toHaveProperty('duration');
    expect(JSON.parse(JSON.stringify(input))).toEqual(input);
  });
});
