import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileCondition, CONDITION_LIMITS, environmentFor } from '../../src/condition/compile-condition.js';
import type { ConditionPlace } from '../../src/condition/cost.js';
import { CONDITION_BUDGET, CONDITION_COST, estimateCost } from '../../src/condition/cost.js';
import type { Variables } from '../../src/condition/variables.js';

const VARIABLES: Variables = { a: 'double', s: 'string', m: { tags: 'list<string>' }, rows: 'list<dyn>' };
const costOf = (source: string): number => estimateCost(environmentFor(VARIABLES).parse(source).ast);

describe('the estimated cost of a condition', () => {
  it.each([
    ['a > 1.0', 3],
    ['a > 1.0 && a < 2.0', 7],
    ["s.startsWith('x')", 2 + CONDITION_COST.function],
    ['size(s) > 1', 4],
    ["s in ['x', 'y']", 5],
    ['s in m.tags', 3 + CONDITION_COST.scan],
    ["['x', 'y'].exists(t, t == s)", 1 + 3 + 2 * (1 + 3)],
    ['rows.all(r, r.n > a)', 1 + 1 + CONDITION_COST.items * (1 + 4)],
    ['rows.filter(r, r.n > a).all(r, true)', 1 + (2 + CONDITION_COST.items * 5) + CONDITION_COST.items * 2],
    ["rows.all(r, ['x', 'y'].exists(t, t == r.n))", 2 + CONDITION_COST.items * (1 + 4 + 2 * 5)],
  ])('of %s is %d', (source, cost) => expect(costOf(source)).toBe(cost));

  const codeOf = (source: string, place: ConditionPlace): string => {
    try {
      compileCondition(source, VARIABLES, 'bool', place);
      return '';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const rowsWith = (terms: number): string =>
    `rows.all(r, ${Array.from({ length: terms }, (_, index) => `r.n > ${index}.0`).join(' && ')})`;

  it.each<[string, string, string, string]>([
    ['one comprehension', rowsWith(9), '', ''],
    ['a comprehension with a long body', rowsWith(11), 'GUARDSPAN_CEL_COST', ''],
    ['a list written out in a list', "rows.all(r, ['x', 'y'].exists(t, t == r.n))", 'GUARDSPAN_CEL_COST', ''],
    ['a list in a list', 'rows.all(r, rows.exists(t, t.n == r.n))', 'GUARDSPAN_CEL_COST', 'GUARDSPAN_CEL_COST'],
    [
      'three in each other',
      '[1.0].all(x, [1.0].all(y, [1.0].all(z, x == z)))',
      'GUARDSPAN_CEL_COST',
      'GUARDSPAN_CEL_COST',
    ],
  ])('decides where %s may run', (_, source, inline, evaluator) =>
    expect([codeOf(source, 'inline'), codeOf(source, 'evaluator')]).toEqual([inline, evaluator]),
  );

  it('means the same in a list of a list as in a loop', () => {
    const condition = compileCondition(
      "rows.exists(r, ['x', 'y'].exists(t, t == r.n && s == t))",
      VARIABLES,
      'bool',
      'evaluator',
    );
    expect(condition.evaluate({ s: 'y', rows: [{ n: 'x' }, { n: 'y' }] })).toBe(true);
    expect(condition.evaluate({ s: 'y', rows: [{ n: 'x' }, { n: 'z' }] })).toBe(false);
  });

  it('has the budget that docs/guardrails.md prints', () => {
    const page = readFileSync(new URL('../../../docs/guardrails.md', import.meta.url), 'utf8');
    const { inline, evaluator } = CONDITION_BUDGET;
    const cells = (budget: { maxCost: number; maxComprehensionDepth: number }): RegExp =>
      new RegExp(`\\| ${budget.maxCost.toLocaleString('en')} +\\| ${budget.maxComprehensionDepth} +\\|`);
    expect(page).toMatch(cells(inline));
    expect(page).toMatch(cells(evaluator));
    expect(page).toContain(
      `a function ${CONDITION_COST.function} (\`has\` and \`size\` 1); \`in\` ${CONDITION_COST.scan} unless`,
    );
    expect(page).toContain(`else ${CONDITION_COST.items}.`);
    expect(page).toContain(
      `${CONDITION_LIMITS.maxLength.toLocaleString('en')} characters and ${CONDITION_LIMITS.maxNodes} parts`,
    );
  });
});
