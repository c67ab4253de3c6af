import type { CelInput } from '@bufbuild/cel';
import { isCelError, run } from '@bufbuild/cel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../src/condition/compile-condition.js';
import { GuardspanError } from '../../src/error.js';
import { EXPRESSION_VARIABLES, expressionContext, mixedCondition, standardCondition } from './arbitrary-expression.js';

const RUNS = process.env.GUARDSPAN_VERIFY === 'full' ? 8000 : 500;

type Values = Readonly<Record<string, unknown>>;

/** The value of a condition, or `error`; undefined when it is refused at load. */
function ours(source: string, values: Values): boolean | 'error' | undefined {
  let condition;
  try {
    condition = compileCondition(source, EXPRESSION_VARIABLES, 'bool');
  } catch (error) {
    expect(error).toBeInstanceOf(GuardspanError);
    return undefined;
  }
  try {
    return condition.evaluate(values);
  } catch (error) {
    expect((error as GuardspanError).code).toBe('GUARDSPAN_CONDITION_FAILED');
    return 'error';
  }
}

/** The same by @bufbuild/cel, which passes the whole core of the conformance suite. */
function oracle(source: string, values: Values): unknown {
  const value = run(source, values as Record<string, CelInput>);
  return isCelError(value) ? 'error' : value;
}

describe('guard CEL and @bufbuild/cel', () => {
  it('agree about conditions that are standard CEL, errors included', () => {
    let compared = 0;
    let errors = 0;
    const trueOrFalse = { true: 0, false: 0 };
    fc.assert(
      fc.property(
        standardCondition,
        fc.array(expressionContext, { minLength: 2, maxLength: 2 }),
        (source, contexts) => {
          for (const values of contexts) {
            const value = ours(source, values);
            if (value === undefined) continue;
            expect(value, source).toBe(oracle(source, values));
            compared++;
            if (value === 'error') errors++;
            else trueOrFalse[`${value}`]++;
          }
        },
      ),
      { numRuns: RUNS, seed: 20_261_125 },
    );
    // Guards against a generator that has come to make only what is refused, or what is always an error.
    expect(compared).toBeGreaterThan(RUNS);
    expect(Math.min(errors, trueOrFalse.true, trueOrFalse.false)).toBeGreaterThan(RUNS / 20);
  });

  describe('differ on purpose', () => {
    it('a whole number beside a double is a double: what standard CEL says of `2.0 * a`, guard CEL says of `2 * a`', () => {
      let compared = 0;
      fc.assert(
        fc.property(mixedCondition, expressionContext, (template, values) => {
          const value = ours(template.replaceAll('#', ''), values);
          if (value === undefined) return;
          expect(value, template).toBe(oracle(template.replaceAll(/#(\d)/g, '$1.0'), values));
          compared++;
        }),
        { numRuns: RUNS, seed: 20_261_125 },
      );
      expect(compared).toBeGreaterThan(RUNS / 2);
    });

    it.each(['a + 1 > 2.0', 'a - 1 > 2.0', '2 * a > 2.0', 'a / 2 > 2.0'])('standard CEL has no %s', (source) => {
      const values = { a: 10 };
      expect([ours(source, values), oracle(source, values)]).toEqual([true, 'error']);
    });

    it.each(["dyn.n == 1.0 ? 'x' == 'x' : 1 == 1 && 32", '[1, 2.0] == [1, 2.0]', 'true || 32'])(
      'guard CEL refuses at load, by types, what standard CEL evaluates or fails later: %s',
      (source) => expect(ours(source, { dyn: { n: 1 } })).toBeUndefined(),
    );
  });
});
