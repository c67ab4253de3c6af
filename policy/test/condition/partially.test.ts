import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../src/condition/compile-condition.js';
import type { Condition } from '../../src/condition/compile-condition.js';
import { EXPRESSION_VARIABLES, expressionContext, standardCondition } from './arbitrary-expression.js';

const ROOTS = Object.keys(EXPRESSION_VARIABLES);

/** Some are of no known type, or cost too much. */
function accepted(source: string): Condition<boolean> | null {
  try {
    return compileCondition(source, EXPRESSION_VARIABLES, 'bool');
  } catch {
    return null;
  }
}

describe('a condition by a part of what it reads', () => {
  it('is what it comes to, whatever the rest is', () => {
    let answered = 0;
    fc.assert(
      fc.property(
        standardCondition,
        fc.subarray([...ROOTS, 'm.x', 'm.name']),
        fc.array(expressionContext, { minLength: 4, maxLength: 4 }),
        (source, kept, contexts) => {
          const condition = accepted(source);
          if (condition === null) return;
          const first = contexts[0]!;
          const known = Object.fromEntries(Object.entries(first).filter(([name]) => kept.includes(name)));
          if (known['m'] !== undefined)
            known['m'] = Object.fromEntries(
              Object.entries(known['m'] as object).filter(([name]) => kept.includes(`m.${name}`)),
            );
          const answer = condition.partially(known);
          if (answer === undefined) return;
          answered += 1;
          for (const rest of contexts as Record<string, unknown>[]) {
            const whole: Record<string, unknown> = { ...rest, ...known };
            if (known['m'] !== undefined) whole['m'] = { ...(rest['m'] as object), ...(known['m'] as object) };
            expect(condition.evaluate(whole), `${source} by ${kept.join()}`).toBe(answer);
          }
        },
      ),
      { numRuns: 12_000, seed: 20_261_128 },
    );
    expect(answered).toBeGreaterThan(600);
  });

  it.each([
    ["s == 'a' && dyn.n > 1.0", { s: 'b' }, false],
    ["dyn.n > 1.0 && s == 'a'", { s: 'b' }, false],
    ["s == 'a' && dyn.n > 1.0", { s: 'a' }, undefined],
    ["s == 'a' || dyn.n > 1.0", { s: 'a' }, true],
    ["!(s == 'a' || flag)", { s: 'a' }, false],
    ['has(dyn.n) && flag', { dyn: {} }, undefined],
    ["m.name == 'a'", { m: { x: 1 } }, undefined],
    ['rows.exists(s, s.n > 1.0)', { s: 'a' }, undefined],
  ])('%s by %o is %s', (source, known, answer) =>
    expect(compileCondition(source, EXPRESSION_VARIABLES, 'bool').partially(known)).toBe(answer),
  );
});
