import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expressions, filledIn } from './support/expressions.js';
import { PROGRAMS } from './support/prometheus.js';
import type { Series } from './support/prometheus.js';
import { recordScenario } from './support/scenario.js';
import type { Recorded } from './support/scenario.js';

if (PROGRAMS === undefined)
  process.stderr.write(
    'Skipping what needs Prometheus: GUARDSPAN_PROMETHEUS_DIR names no folder (npm test prepares one)\n',
  );

const ALL = expressions();
process.stdout.write(
  `dashboards: ${new Set(ALL.map(({ dashboard }) => dashboard)).size} dashboards, ${ALL.length} expressions, ${ALL.filter(({ exemplar }) => exemplar).length} of them lead to traces\n`,
);

describe.skipIf(PROGRAMS === undefined)('against a real Prometheus that scraped a real evaluator', () => {
  let recorded: Recorded;
  const ask = async (expr: string, guardrail?: string): Promise<Series[]> => {
    const { prometheus, start, end } = recorded;
    return prometheus.range(filledIn(expr, end - start, guardrail), start, end);
  };
  /** The last value of the one series that has these labels. */
  const last = async (dashboard: string, panel: number, labels: { [label: string]: string } = {}): Promise<number> => {
    const { expr } = ALL.find((one) => one.dashboard === dashboard && one.panel === panel)!;
    const found = (await ask(expr)).filter(({ metric }) =>
      Object.entries(labels).every(([label, value]) => metric[label] === value),
    );
    expect(found, expr).toHaveLength(1);
    return Number(found[0]!.values.at(-1)![1]);
  };

  beforeAll(async () => {
    recorded = await recordScenario();
  });
  afterAll(async () => {
    await recorded?.prometheus.stop();
  });

  it.each(ALL)('$dashboard: $place returns data', async ({ expr }) => {
    const values = (await ask(expr)).flatMap(({ values }) => values.map(([, value]) => Number(value)));
    expect(
      values.filter((value) => !Number.isNaN(value)),
      expr,
    ).not.toHaveLength(0);
  });

  it.each(ALL.filter(({ exemplar }) => exemplar))('$dashboard: $place leads to traces', async ({ expr }) => {
    const { prometheus, start, end } = recorded;
    const found = await prometheus.exemplars(filledIn(expr, end - start), start, end);
    expect(found.length).toBeGreaterThan(0);
    for (const { labels } of found) expect(labels['trace_id']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('a row of what is violated names model, version, service, mode, action and owner, and since when', async () => {
    const { expr } = ALL.find(({ dashboard, panel }) => dashboard === 'overview' && panel === 9)!;
    const [row] = (await ask(expr)).filter(({ metric }) => metric['guardrail'] === 'failing');
    expect(row!.metric).toEqual({
      ...{ guardrail: 'failing', service: 'assistant', environment: 'production', model: 'large', model_version: '1' },
      ...{ mode: 'enforce', action: 'reroute', severity: 'critical', owner: 'platform' },
    });
    const since = Number(row!.values[0]![1]) / 1000;
    expect(since).toBeGreaterThan(recorded.start);
    expect(since).toBeLessThan(recorded.end);
  });

  it('what passed undecided is told apart from what was enforced', async () => {
    expect(await last('overview', 3)).toBeGreaterThan(0);
    expect(await last('overview', 4)).toBe(0);
    expect(await last('overview', 10, { action: 'redact', disposition: 'enforced' })).toBeGreaterThan(30);
  });

  it('a guard-rail with a test shows its evidence above the threshold that it acts at, and its promise', async () => {
    expect(await last('model', 12, { guardrail: 'few-errors', model: 'large' })).toBeGreaterThan(1);
    const promise = ALL.find(({ dashboard, panel }) => dashboard === 'guardrail' && panel === 17)!;
    expect((await ask(promise.expr, 'few-errors')).map(({ metric }) => metric)).toEqual([{ guardrail: 'few-errors' }]);
  });

  describe('the ten questions of an engineer on call, about the guard-rail of the alert', () => {
    const about = async (panel: number): Promise<Series[]> =>
      ask(ALL.find(({ dashboard, panel: id }) => dashboard === 'guardrail' && id === panel)!.expr, 'failing');
    const lastOf = (series: Series[]): number[] => series.map(({ values }) => Number(values.at(-1)![1]));

    it('which model, since when, whose guard-rail', async () => {
      const [row, ...others] = await about(2);
      expect(others).toEqual([]);
      expect(row!.metric).toMatchObject({ model: 'large', model_version: '1', owner: 'platform' });
      expect(Number(row!.values[0]![1]) / 1000).toBeGreaterThan(recorded.start);
    });
    it('what was done, to how many calls', async () => {
      const [row, ...others] = await about(10);
      expect(others).toEqual([]);
      expect(row!.metric).toMatchObject({ action: 'reroute', disposition: 'enforced', model: 'previous' });
      expect(lastOf([row!])[0]).toBeGreaterThan(9);
      expect(lastOf(await about(4))[0]).toBeGreaterThan(9);
    });
    it('is it still going on', async () => {
      const [states] = await about(3);
      const values = states!.values.map(([, value]) => Number(value));
      expect(values[0]).toBe(0);
      expect(values.at(-1)).toBeGreaterThan(0);
    });
    it('which revision', async () => {
      const [row] = await about(1);
      expect(row!.metric).toMatchObject({ mode: 'enforce', action: 'reroute' });
      expect(row!.metric['revision']).toMatch(/^[0-9a-f]{64}$/);
    });
    it('can I trust it', async () => {
      expect(lastOf(await about(18))).toEqual([0]);
      expect(lastOf(await about(20))).toEqual([0]);
      const signals = ALL.filter(({ dashboard, panel }) => dashboard === 'guardrail' && panel === 14);
      const ends = await Promise.all(signals.map(({ expr }) => ask(expr, 'failing')));
      const [value, lower, upper] = ends.map(([series]) => Number(series!.values.at(-1)![1]));
      expect(lower).toBeLessThan(value!);
      expect(upper).toBeGreaterThan(value!);
    });
    it('show me a trace', async () => {
      const { prometheus, start, end } = recorded;
      const { expr } = ALL.find(({ dashboard, panel }) => dashboard === 'guardrail' && panel === 11)!;
      const found = await prometheus.exemplars(filledIn(expr, end - start, 'failing'), start, end);
      expect(found.length).toBeGreaterThan(0);
    });
  });

  it('coverage is the share of guarded calls', async () => {
    const share = await last('fleet', 1);
    expect(share).toBeGreaterThan(0.9);
    expect(share).toBeLessThan(1);
  });
});
