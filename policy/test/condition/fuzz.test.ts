import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { compileCondition, ConditionError } from '../../src/condition/compile-condition.js';
import { CALL_VARIABLES, DETECTOR_RESULT, paramVariables } from '../../src/condition/variables.js';
import { createModelCall } from '../../src/call/create-model-call.js';
import { GuardspanError } from '../../src/error.js';

const SEEDS = [
  "streamed && attrs.tier == 'free'",
  'pii.count > 0 || pii.maxScore >= 0.5',
  "duration * 2 + 1 > params.limit && 'email' in pii.entities",
  "toolCalls.exists(tool, tool.name == 'transfer' && (!has(tool.arguments.amount) || tool.arguments.amount > 5.0))",
  '!toolCalls.all(tool, tool.name in params.tools) ? duration > 1 : usage.cost < 2',
  "features['age'] > 10 && size(features) == 2 && model.name.startsWith('gpt')",
  'timestamp("2027-01-01T00:00:00Z") < timestamp("2027-01-02T00:00:00Z") && duration("1h") > duration("1m")',
];
const SCRAP = [
  '',
  ' ',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '.',
  ',',
  '?',
  ':',
  '!',
  '-',
  '&&',
  '||',
  '==',
  '<',
  'in',
  "'",
  '"',
  '\\',
  '"""',
  "r'",
  "b'",
  '0x',
  '1e999',
  '9223372036854775808',
  '-9223372036854775809u',
  'null',
  '__proto__',
  'constructor',
  'matches("(a+)+$")',
  '.map(x, x)',
  '.all(y, true)',
  'has(',
  '\u0000',
  '😀',
  '//',
  '[1,2,3]',
  '{"a": 1}',
];
const VARIABLES = {
  ...CALL_VARIABLES,
  pii: DETECTOR_RESULT,
  ...paramVariables({ limit: 3, tools: ['read'] }),
};
const CONTEXT = {
  ...createModelCall(),
  features: { age: 5, kind: 'x' },
  toolCalls: [{ name: 'transfer', arguments: {} }],
  pii: { count: 1, maxScore: 0.5, entities: ['email'] },
  params: { limit: 3, tools: ['read'] },
};
const runs = process.env.GUARDSPAN_VERIFY === 'full' ? 100_000 : 3000;

// Mulberry32: the same expressions in each run.
function randomFrom(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

it(
  `${runs} mutated expressions compile or are refused with a code and a place, and never take 50 ms of a processor`,
  { timeout: 900_000 },
  () => {
    const random = randomFrom(20261125);
    let compiled = 0;
    for (let run = 0; run < runs; run++) {
      let source = SEEDS[random(SEEDS.length)]!;
      for (let change = random(4); change >= 0; change--) {
        const at = random(source.length + 1);
        source = source.slice(0, at) + SCRAP[random(SCRAP.length)]! + source.slice(at + random(8));
      }
      const before = performance.now();
      const { user } = process.cpuUsage();
      try {
        const condition = compileCondition(source, VARIABLES, 'bool');
        compiled += 1;
        condition.trace(CONTEXT);
        condition.evaluate(CONTEXT);
      } catch (error) {
        expect(error, source).toBeInstanceOf(GuardspanError);
        if (error instanceof ConditionError) {
          expect(error.offset).toBeGreaterThanOrEqual(0);
          expect(error.offset).toBeLessThanOrEqual(source.length);
          expect(error.hint).not.toBe('');
        }
      }
      // A machine that does something else at that moment is no hang: what is slow by the clock must also be slow by the processor.
      if (performance.now() - before > 50) expect((process.cpuUsage().user - user) / 1000, source).toBeLessThan(50);
    }
    expect(compiled).toBeGreaterThan(runs / 50);
  },
);
