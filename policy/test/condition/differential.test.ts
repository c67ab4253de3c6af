import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCondition, environmentFor } from '../../src/condition/compile-condition.js';
import { FALLBACK, translate } from '../../src/condition/translate.js';
import type { Variables } from '../../src/condition/variables.js';

const VARIABLES: Variables = {
  a: 'double',
  b: 'double',
  s: 'string',
  flag: 'bool',
  m: { x: 'double', name: 'string' },
  dyn: 'map<string, dyn>',
};

const numberLiteral = fc.constantFrom('0', '1', '2', '3', '0.5', '1.5', '100.0');
const stringLiteral = fc.constantFrom("'a'", "'b'", "''");
const { bool: boolExpression } = fc.letrec<{ num: string; str: string; bool: string }>((tie) => ({
  num: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'b', 'm.x', 'dyn.n', 'dyn["n"]'),
    numberLiteral,
    fc.tuple(tie('num'), fc.constantFrom('+', '-', '*', '/'), tie('num')).map(([l, op, r]) => `(${l} ${op} ${r})`),
    tie('num').map((inner) => `-(${inner})`),
  ),
  str: fc.oneof(fc.constantFrom('s', 'm.name', 'dyn.t'), stringLiteral),
  bool: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('flag', 'true', 'dyn.b', 'dyn.missing == 1.0'),
    fc
      .tuple(tie('num'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('num'))
      .map(([l, op, r]) => `${l} ${op} ${r}`),
    fc
      .tuple(tie('str'), fc.constantFrom('==', '!=', '<', '<=', '>', '>='), tie('str'))
      .map(([l, op, r]) => `${l} ${op} ${r}`),
    fc
      .tuple(tie('str'), fc.constantFrom('startsWith', 'endsWith', 'contains'), tie('str'))
      .map(([text, method, part]) => `${text}.${method}(${part})`),
    fc
      .tuple(tie('str'), fc.array(stringLiteral, { minLength: 1, maxLength: 3 }))
      .map(([l, list]) => `${l} in [${list.join(', ')}]`),
    fc.tuple(tie('bool'), fc.constantFrom('&&', '||'), tie('bool')).map(([l, op, r]) => `(${l}) ${op} (${r})`),
    tie('bool').map((inner) => `!(${inner})`),
  ),
}));
const double = fc.oneof(fc.constantFrom(0, -0, 1, 2, 3, 1.5, NaN, Infinity), fc.double());
const context = fc.record({
  a: double,
  b: double,
  s: fc.constantFrom('a', 'b', 'c', ''),
  flag: fc.boolean(),
  m: fc.record({ x: double, name: fc.constantFrom('a', 'b') }),
  dyn: fc.oneof(
    fc.record({ n: double, t: fc.constantFrom('a', 'z'), b: fc.boolean() }),
    fc.record({ n: fc.constant('text'), t: fc.constant(1), b: fc.constant('x') }),
    fc.constant({}),
  ),
});

describe('translated conditions', () => {
  it('give what the engine gives, for every expression and value', () => {
    const environment = environmentFor(VARIABLES);
    let compared = 0;
    fc.assert(
      fc.property(boolExpression, fc.array(context, { minLength: 3, maxLength: 3 }), (source, contexts) => {
        const parsed = environment.parse(source);
        if (!parsed.check().valid) return;
        const fast = translate(parsed.ast);
        if (fast === null) return;
        for (const values of contexts) {
          let value: unknown;
          try {
            value = fast(values);
          } catch (error) {
            expect(error).toBe(FALLBACK);
            continue;
          }
          compared += 1;
          expect(value, source).toBe(parsed(values));
        }
      }),
      { numRuns: 3000, seed: 20_261_123 },
    );
    expect(compared).toBeGreaterThan(2000);
  });
});

describe('compileCondition', () => {
  const codeOf = (source: string): string => {
    try {
      compileCondition(source, VARIABLES, 'bool');
      return '';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  it.each([
    ['a >', 'GUARDSPAN_CEL_SYNTAX'],
    ['s > 1.0', 'GUARDSPAN_CEL_TYPE'],
    ['a + 1', 'GUARDSPAN_CEL_TYPE'],
    ['nobody > 1.0', 'GUARDSPAN_CEL_UNKNOWN'],
    ['m.nmae == "x"', 'GUARDSPAN_CEL_UNKNOWN'],
    ['s.matches("^(a+)+$")', 'GUARDSPAN_CEL_MATCHES'],
    ['[1.0].all(i, [2.0].all(j, j > i))', 'GUARDSPAN_CEL_COST'],
    [Array.from({ length: 120 }, () => 'a > 1.0').join(' && '), 'GUARDSPAN_CEL_COST'],
  ])('refuses %s', (source, code) => expect(codeOf(source)).toBe(code));

  it('takes whole numbers where doubles are meant', () => {
    const values = { a: 3, b: 0, s: '', flag: true, m: { x: 1, name: '' }, dyn: {} };
    for (const source of ['a == 3', '2 * a >= 6', 'a - 1 == 2', '6 / a == 2', 'a != 4', 'm.x + 1 == 2'])
      expect(compileCondition(source, VARIABLES, 'bool').evaluate(values), source).toBe(true);
  });

  it('says in the trace which parts decided, without the text of a value', () => {
    const condition = compileCondition("a > 1.0 && s == 'secret'", VARIABLES, 'bool');
    const base = { b: 0, flag: true, m: { x: 1, name: '' }, dyn: {} };
    expect(condition.trace({ ...base, a: 2, s: 'hunter2' })).toEqual([
      { expression: 'a > 1.0', value: true, evaluated: true },
      { expression: 'a', value: 2, evaluated: true },
      { expression: "s == 'secret'", value: false, evaluated: true },
      { expression: 's', value: 'string(7)', evaluated: true },
    ]);
    expect(condition.trace({ ...base, a: 0, s: 'hunter2' }).at(-1)).toEqual({
      expression: "s == 'secret'",
      value: null,
      evaluated: false,
    });
  });

  it('holds a trace to 16 steps', () => {
    const source = Array.from({ length: 30 }, (_, index) => `a > -${index}.0`).join(' && ');
    expect(compileCondition(source, VARIABLES, 'bool').trace({ a: 5 })).toHaveLength(16);
  });
});
