import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '@guardspan/evaluator';
import { describe, expect, it } from 'vitest';
import { guardspan } from './support/run-cli.js';

const RULE = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: equal-selection, labels: {owner: credit}}
spec:
  over:
    every: 60s
    groupBy: [model]
    test: {rateGap: {attribute: sex, of: "output.label == 'approve'", ratio: 0.8}}
    promise: {falseAlarms: 1, per: 90d}
  action: {annotate: {attributes: {bad: 'yes'}}}
  mode: warn
`;
const INLINE = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: no-test, labels: {owner: credit}}
spec: {at: request, when: 'tenant == "x"', action: {deny: {}}, mode: warn}
`;

/** A guard-rail, and calls of which one in ten is of women. */
function files(): { rule: string; inline: string; calls: string; none: string } {
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-plan-'));
  const lines = Array.from({ length: 1_000 }, (_, i) =>
    JSON.stringify({
      startedAt: 1_800_000_000 + i,
      model: { name: 'm' },
      group: { sex: i % 10 === 0 ? 'f' : 'm' },
      output: { label: i % 3 === 0 ? 'approve' : 'refuse' },
    }),
  );
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return {
    rule: write('rule.yaml', RULE),
    inline: write('inline.yaml', INLINE),
    calls: write('calls.jsonl', lines.join('\n')),
    none: write('none.jsonl', lines[0]!),
  };
}

describe('guardspan plan', () => {
  it('takes groups and rate from recorded calls', async () => {
    const { rule, calls } = files();
    const { code, out, err } = await guardspan(['plan', rule, '--calls', calls]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('1 false alarm in 90 d');
    expect(out).toContain('1 series were seen: maxSeries: 1 would save');
    expect(out).toContain('the smallest group is f: 10 % of the calls, 6.01 in a bucket');
    expect(out).toContain('5 buckets (5 m) wait for one another until each group has 30 calls');
    expect(out).toMatch(/% in f, .* allowed/);
    expect(out).not.toContain('assumed');
  });

  it('says what it assumes when only a rate is known', async () => {
    const { rule } = files();
    const { out } = await guardspan(['plan', rule, '--rate', '20', '--json']);
    const { plans } = JSON.parse(out) as { plans: Plan[] };
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatchObject({ guardrail: 'equal-selection', callsPerSecond: 20, series: null });
    expect(plans[0]!.assumed).not.toEqual([]);
    const found = plans[0]!.effects.map(({ seconds }) => seconds).filter((seconds) => seconds !== null);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((seconds) => seconds > 60)).toBe(true);
  });

  it('names what is wrong with its input', async () => {
    const { rule, inline, calls, none } = files();
    const cases: [string[], number, RegExp][] = [
      [[rule], 2, /either --calls FILE or --rate N/],
      [[rule, '--calls', calls, '--rate', '3'], 2, /either --calls FILE or --rate N/],
      [[rule, '--rate', 'many'], 2, /"many" is no rate/],
      [[inline, '--rate', '3'], 1, /no guard-rail with a test/],
      [[rule, '--calls', none], 1, /fewer than two calls .* enter equal-selection/],
    ];
    for (const [argv, expected, message] of cases) {
      const { code, err } = await guardspan(['plan', ...argv]);
      expect([argv, code]).toEqual([argv, expected]);
      expect(err).toMatch(message);
    }
  });
});
