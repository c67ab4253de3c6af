import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../src/condition/compile-condition.js';
import type { ExplainedExpression } from '../../src/condition/explain-condition.js';
import { explainCondition } from '../../src/condition/explain-condition.js';
import type { Variables } from '../../src/condition/variables.js';

const VARIABLES: Variables = { a: 'double', b: 'double', s: 'string', flag: 'bool', items: 'list<dyn>' };

const { bool } = fc.letrec<{ num: string; bool: string }>((tie) => ({
  num: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'b', '1.0', '2'),
    fc.tuple(tie('num'), fc.constantFrom('+', '-', '*'), tie('num')).map(([l, op, r]) => `(${l} ${op} ${r})`),
  ),
  bool: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('flag', `s == ')'`, `s.startsWith("(")`, 'items.exists(x, x == 1.0)'),
    fc.tuple(tie('num'), fc.constantFrom('<', '>=', '=='), tie('num')).map(([l, op, r]) => `${l} ${op} ${r}`),
    fc.tuple(tie('bool'), fc.constantFrom('&&', '||'), tie('bool')).map(([l, op, r]) => `(${l}) ${op} (${r})`),
    tie('bool').map((inner) => `!(${inner})`),
    fc.tuple(tie('bool'), tie('bool'), tie('bool')).map(([c, y, n]) => `(${c}) ? (${y}) : (${n})`),
  ),
}));
const context = fc.record({
  a: fc.constantFrom(0, 1, 2.5),
  b: fc.constantFrom(0, 1, -3),
  s: fc.constantFrom('', ')', '(x'),
  flag: fc.boolean(),
  items: fc.constantFrom([], [1], ['y']),
});

function all(step: ExplainedExpression): ExplainedExpression[] {
  return [step, ...step.parts.flatMap(all)];
}

describe('explainCondition', () => {
  it('comes to what the condition comes to, and every part that it reached has a value of its own', () => {
    fc.assert(
      fc.property(bool, context, (source, values) => {
        const explained = explainCondition(source, VARIABLES, values);
        expect(explained.value).toBe(compileCondition(source, VARIABLES, 'bool').evaluate(values));
        for (const step of all(explained)) {
          expect(step.error, step.expression).toBeUndefined();
          expect(step.evaluated ? step.value !== null : step.value === null, step.expression).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('says which part failed, and goes on', () => {
    const explained = explainCondition('items[3] == 1.0 || flag', VARIABLES, { items: [], flag: true });
    expect(explained).toMatchObject({ value: true, parts: [{ value: null }, { value: true }] });
    expect(explained.parts[0]!.error).toBeDefined();
  });

  it('shows numbers that JSON lacks by name, and cuts long texts', () => {
    const explained = explainCondition('a > b || s == "x"', VARIABLES, { a: NaN, b: Infinity, s: 'y'.repeat(500) });
    const values = all(explained).map(({ value }) => value);
    expect(values).toContain('NaN');
    expect(values).toContain('Infinity');
    expect(values).toContain(`${'y'.repeat(200)}…`);
  });
});
