import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadGuardrails } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { guardspan } from './support/run-cli.js';

const document = (test: object): string =>
  stringify({
    apiVersion: 'guardspan/v1alpha1',
    kind: 'Guardrail',
    metadata: { name: 'tested', labels: { owner: 'shop' } },
    spec: {
      over: { every: '10s', groupBy: ['model'], test, promise: { falseAlarms: 1, per: '30d' } },
      action: { annotate: { attributes: { bad: 'yes' } } },
      mode: 'warn',
    },
  });

async function create(
  test: object,
  count: number,
  models = 1,
  further: readonly string[] = [],
): ReturnType<typeof guardspan> {
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-baseline-'));
  const lines = Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      startedAt: 1_800_000_000 + i,
      duration: (i % 10) + 0.5,
      model: { name: `m${i % models}`, version: '7' },
      error: { type: i % 4 === 0 ? 'timeout' : '' },
      output: { label: i % 2 === 0 ? 'yes' : i % 100 === 1 ? '' : 'no' },
    }),
  );
  writeFileSync(join(folder, 'rule.yaml'), document(test));
  writeFileSync(join(folder, 'calls.jsonl'), lines.join('\n'));
  return guardspan([
    'baseline',
    'create',
    '--calls',
    join(folder, 'calls.jsonl'),
    '--guardrail',
    join(folder, 'rule.yaml'),
    ...further,
  ]);
}

const ORIGIN = { model: 'm0', version: '7', featureView: '', calls: 4_000, from: 1_800_000_000, to: 1_800_003_999 };
const STAND_IN = { model: 'm', calls: 2, categories: ['a', 'b'], counts: [1, 1] };

describe('guardspan baseline create', () => {
  it.each([
    ['rate', { of: "error.type != ''" }, { max: 0.1 }, { events: 1_000 }],
    ['latency', { within: '8s' }, { max: 0.1 }, { events: 800 }],
    ['mean', { of: 'duration', range: [0, 10] }, { max: 9 }, { mean: expect.closeTo(5, 4) as number }],
    [
      'drift',
      { of: 'output.label' },
      { baseline: STAND_IN },
      { categories: ['yes', 'no', '__other__'], counts: [2_000, 1_960, 40] },
    ],
    [
      'drift',
      { of: 'duration' },
      { baseline: STAND_IN },
      { edges: [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5], counts: Array(10).fill(400) },
    ],
  ])('prints a block for %s that the document takes', async (type, own, before, wanted) => {
    const { code, out, err } = await create({ [type]: { ...own, ...before } }, 4_000);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/# .*between [\d.]+ and [\d.]+/);
    const { baseline } = parse(out) as { baseline: object };
    expect(baseline).toMatchObject({ ...ORIGIN, ...wanted });
    const { errors } = loadGuardrails(document({ [type]: { ...own, baseline } }), { file: 'x.yaml' });
    expect(errors).toEqual([]);
  });

  it('warns of few events, and refuses what is no reference', async () => {
    const rate = { rate: { of: "error.type != ''", max: 0.1 } };
    expect((await create(rate, 400)).err).toContain('warning 100 events are fewer than 500');
    expect(await create(rate, 400, 2)).toMatchObject({
      code: 1,
      err: expect.stringContaining('several models: m0, m1') as string,
    });
    const gap = { rateGap: { attribute: 'sex', of: "output.label == 'yes'" } };
    expect(await create(gap, 400)).toMatchObject({
      code: 1,
      err: expect.stringContaining('takes no baseline') as string,
    });
  });

  it('keeps the hours of the day apart, so that the block fits the document', async () => {
    const rate = { of: "error.type != ''" };
    const { code, out } = await create({ rate: { ...rate, max: 0.1 } }, 4_000, 1, ['--season', 'hourOfDay']);
    expect(code).toBe(0);
    const { baseline } = parse(out) as { baseline: { season: { by: string; calls: number[]; events: number[] } } };
    // The calls begin at 08:00 UTC, one a second.
    expect(baseline.season.by).toBe('hourOfDay');
    expect(baseline.season.calls.slice(7, 11)).toEqual([0, 3_600, 400, 0]);
    expect(baseline.season.events.slice(7, 11)).toEqual([0, 900, 100, 0]);
    expect(out).toContain('# hourOfDay 8: share 0.25, between');
    expect(loadGuardrails(document({ rate: { ...rate, baseline } }), { file: 'rule.yaml' }).errors).toEqual([]);
  });

  it('says which tests have no season', async () => {
    const stand = { model: 'm', calls: 2, categories: ['a', 'b'], counts: [1, 1] };
    const drift = { drift: { of: 'output.label', baseline: stand } };
    const { code, err } = await create(drift, 100, 1, ['--season', 'dayOfWeek']);
    expect(code).not.toBe(0);
    expect(err).toContain('a baseline of drift has no season');
  });
});
