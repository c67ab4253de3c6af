import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../src/call/create-model-call.js';
import { compileCondition } from '../../src/condition/compile-condition.js';
import { CALL_VARIABLES, DETECTOR_RESULT } from '../../src/condition/variables.js';

const VARIABLES = { ...CALL_VARIABLES, pii: DETECTOR_RESULT, secrets: DETECTOR_RESULT };

/** A context whose detectors say how often they were read. */
function counting(found: { pii: number; secrets: number }): {
  context: object;
  read: { pii: number; secrets: number };
} {
  const read = { pii: 0, secrets: 0 };
  const context = { ...createModelCall(), tenant: 'acme' };
  for (const name of ['pii', 'secrets'] as const) {
    Object.defineProperty(context, name, {
      enumerable: true,
      get: () => {
        read[name] += 1;
        return { count: found[name], maxScore: 0, entities: [] };
      },
    });
  }
  return { context, read };
}

describe('the detectors of a condition are read only when it reaches them', () => {
  it.each([
    ["tenant == 'other' && pii.count > 0", { pii: 0, secrets: 0 }, false],
    ["tenant == 'acme' && pii.count > 0", { pii: 1, secrets: 0 }, true],
    ["tenant == 'acme' || pii.count > 0", { pii: 0, secrets: 0 }, true],
    ['pii.count > 0 || secrets.count > 0', { pii: 1, secrets: 0 }, true],
    ['pii.count > 5 && secrets.count > 0', { pii: 1, secrets: 0 }, false],
    ["tenant == 'acme' ? pii.count > 0 : secrets.count > 0", { pii: 1, secrets: 0 }, true],
    ["tenant == 'other' ? pii.count > 0 : secrets.count > 0", { pii: 0, secrets: 1 }, true],
  ])('%s', (source, expected, outcome) => {
    const { context, read } = counting({ pii: 2, secrets: 3 });
    expect(compileCondition(source, VARIABLES, 'bool').evaluate(context)).toBe(outcome);
    expect(read).toEqual(expected);
  });
});
