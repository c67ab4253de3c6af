import type { RevisedGuardrail } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import type { SeriesView } from '../../src/engine/types.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { SeriesGauges } from '../../src/serve/series-gauges.js';

const view = (change: Partial<SeriesView>): SeriesView => ({
  guardrail: 'fair',
  revision: 'r',
  series: { service: 'shop', model: 'risk', model_version: '3' },
  state: 'ok',
  since: 10,
  verdictId: '',
  signals: { women: { value: 0.5, samples: 40, lower: 0.4, upper: 0.6 } },
  degraded: false,
  ...change,
});
const OF = 'guardrail="fair",service="shop",environment="",model="risk",model_version="3"';

function gauges(guardrails: readonly RevisedGuardrail[] = []): (views: SeriesView[]) => Promise<string[]> {
  const metrics = new Metrics();
  const series = new SeriesGauges(metrics);
  return async (views) => {
    const folds = series.begin(guardrails);
    for (const one of views) folds.take(one);
    for (const _ of series.show(folds));
    return (await metrics.scrape()).text.split('\n').filter((line) => /^guardspan_(series|signal|evidence)/.test(line));
  };
}

describe('gauges of series', () => {
  it('show a signal with its interval and the calls behind it', async () => {
    expect(await gauges()([view({})])).toEqual([
      `guardspan_signal_value{${OF},signal="women"} 0.5`,
      `guardspan_signal_lower{${OF},signal="women"} 0.4`,
      `guardspan_signal_upper{${OF},signal="women"} 0.6`,
      `guardspan_signal_samples{${OF},signal="women"} 40`,
    ]);
  });

  it('leave out ends of an interval that it does not have, and a reading of fewer than ten calls', async () => {
    const none = { value: 1, samples: 9, lower: NaN, upper: NaN };
    const lines = await gauges()([view({ signals: { few: none, many: { ...none, samples: 10 } } })]);
    expect(lines).toEqual([
      `guardspan_signal_value{${OF},signal="many"} 1`,
      `guardspan_signal_samples{${OF},signal="many"} 10`,
    ]);
  });

  it('fold series that differ in more than the model: the worst state is read, and each that fires is counted', async () => {
    const of = (department: string, state: SeriesView['state'], value: number, verdictId: string): SeriesView =>
      view({
        ...{
          state,
          verdictId,
          series: { service: 'shop', model: 'risk', model_version: '3', 'features.department': department },
        },
        signals: { women: { value, samples: 40, lower: NaN, upper: NaN } },
      });
    const lines = await gauges()([of('A', 'ok', 0.9, ''), of('B', 'firing', 0.1, 'v1'), of('C', 'probing', 0.2, 'v2')]);
    expect(lines.join('\n')).not.toMatch(/department|"[ABC]"/);
    expect(lines).toContain(`guardspan_series_firing{${OF}} 2`);
    expect(lines).toContain(`guardspan_signal_value{${OF},signal="women"} 0.1`);
  });

  it('keep the time of a verdict while it goes from firing to probing and back', async () => {
    const show = gauges();
    await show([view({ state: 'firing', since: 100, verdictId: 'v' })]);
    await show([view({ state: 'probing', since: 130, verdictId: 'v' })]);
    const lines = await show([view({ state: 'firing', since: 150, verdictId: 'v' })]);
    expect(lines).toContain(`guardspan_series_firing_timestamp_seconds{${OF}} 100`);
    const after = await show([view({ state: 'firing', since: 300, verdictId: 'w' })]);
    expect(after).toContain(`guardspan_series_firing_timestamp_seconds{${OF}} 300`);
    expect(await show([view({})])).not.toContainEqual(expect.stringContaining('firing'));
  });

  it('show the highest evidence beside the threshold that it is held against', async () => {
    const evidence = (value: number): NonNullable<SeriesView['evidence']> => ({
      ...{ value, threshold: 9.5, warned: false },
      promise: { status: 'kept', reasons: [] },
    });
    const reading = { value: 1.5, samples: 40, lower: NaN, upper: NaN };
    const lines = await gauges()([
      view({ signals: { evidence: reading }, evidence: evidence(1.5) }),
      view({ signals: { evidence: reading }, evidence: evidence(3.5) }),
    ]);
    expect(lines).toEqual([`guardspan_evidence{${OF}} 3.5`, `guardspan_evidence_threshold{${OF}} 9.5`]);
  });

  it('name the model of a guard-rail that matches one and does not group by it', async () => {
    const guardrail = { metadata: { name: 'fair' }, spec: { match: { models: ['risk'] } } };
    const show = gauges([{ guardrail, revision: 'r' } as unknown as RevisedGuardrail]);
    const lines = await show([view({ series: { service: 'shop' } })]);
    expect(lines[0]).toContain('model="risk",model_version=""');
  });

  it('are bounded: 100 models of a guard-rail, those that fire first', async () => {
    const views = Array.from({ length: 150 }, (_, index) =>
      view({
        series: { model: `m${index}` },
        ...(index >= 90 ? { state: 'firing' as const, verdictId: `v${index}` } : {}),
      }),
    );
    const lines = await gauges()(views);
    expect(lines.filter((line) => line.startsWith('guardspan_signal_value'))).toHaveLength(100);
    expect(lines.filter((line) => line.startsWith('guardspan_series_firing{'))).toHaveLength(60);
  });
});
