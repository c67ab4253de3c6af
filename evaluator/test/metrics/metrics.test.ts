import { readFileSync } from 'node:fs';
import { METRIC } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { APP_METRICS } from '../../src/metrics/app-metrics.js';
import { BucketCounts } from '../../src/metrics/bucket-counts.js';
import { Metrics } from '../../src/metrics/metrics.js';
import type { MetricDefinition } from '../../src/metrics/reference.js';
import { exportedName, METRICS, printMetricReference } from '../../src/metrics/reference.js';

const ALL = METRICS as readonly MetricDefinition[];
const TRACE = '0af7651916cd43dd8448eb211c80319c';

function labelsOf(metric: MetricDefinition): Record<string, string> {
  return Object.fromEntries(metric.labels.map((label) => [label, `a ${label}`]));
}

/** Uses every metric of the table once. */
function used(): Metrics {
  const metrics = new Metrics();
  for (const metric of METRICS) {
    if (metric.kind === 'counter') metrics.add(metric.name, labelsOf(metric), 3, TRACE);
    else if (metric.kind === 'gauge') metrics.set(metric.name, labelsOf(metric), 3);
    else if (metric.name === METRIC.MODEL_DURATION || metric.name === METRIC.MODEL_TIME_TO_FIRST) {
      const counts = new BucketCounts(metric.buckets);
      counts.observe(0.004, TRACE, 1_760_000_000);
      metrics.fill(metric.name, [counts.row(labelsOf(metric))]);
    } else metrics.observe(metric.name, 0.004, TRACE);
  }
  return metrics;
}

/** Lines of a scrape as name, labels and the rest. */
function samples(text: string): { name: string; labels: string[]; value: string }[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name, labels, value] = /^([a-z_]+)(?:\{(.*?)\})? (.+)$/.exec(line)!;
      return { name: name!, labels: [...(labels ?? '').matchAll(/([a-z_]+)="/g)].map((m) => m[1]!), value: value! };
    });
}

describe('table of metrics', () => {
  it('has each name once, under both spellings, and no name of an application', () => {
    const both = [...ALL, ...APP_METRICS];
    expect(new Set(both.map(({ name }) => name)).size).toBe(both.length);
    expect(new Set(both.map(exportedName)).size).toBe(both.length);
    expect(both.map(({ name }) => name).sort()).toEqual(Object.values(METRIC).sort());
    for (const { name } of ALL) expect(name).not.toMatch(/^guardspan\.app\./);
  });

  it('says of each metric what it means, what bounds it, and which labels it has', () => {
    for (const metric of [...ALL, ...APP_METRICS] as readonly MetricDefinition[]) {
      expect(metric.meaning, metric.name).toMatch(/\.$/);
      expect(metric.bound, metric.name).not.toBe('');
      expect(metric.kind === 'histogram', metric.name).toBe(metric.buckets !== undefined);
    }
  });

  it('is the table of docs/metrics.md', () => {
    const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    const block = /<!-- generated: begin -->\n\n([\s\S]*)\n\n<!-- generated: end -->/.exec(page)?.[1];
    expect(block).toBe(printMetricReference());
  });
});

describe('a scrape', () => {
  it('is OpenMetrics and ends with its mark', async () => {
    const { contentType, text } = await used().scrape();
    expect(contentType).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    expect(text.endsWith('# EOF\n')).toBe(true);
    expect(text.match(/# EOF/g)).toHaveLength(1);
  });

  it('shows every metric after its first use, under the documented name, kind and labels', async () => {
    const { text } = await used().scrape();
    const found = samples(text);
    for (const metric of ALL) {
      const name = exportedName(metric);
      const family = metric.kind === 'counter' ? name.replace(/_total$/, '') : name;
      expect(text).toContain(`# TYPE ${family} ${metric.kind}\n`);
      const sample = found.find((line) => line.name === (metric.kind === 'histogram' ? `${name}_count` : name));
      expect(sample, name).toBeDefined();
      expect(sample!.labels.sort(), name).toEqual([...metric.labels].sort());
      expect(sample!.value.split(' ')[0], name).toBe(metric.kind === 'histogram' ? '1' : '3');
    }
    const families = new Set(ALL.map(exportedName));
    for (const { name } of found) expect(families).toContain(name.replace(/_(bucket|count|sum)$/, ''));
  });

  it('carries the trace that was counted last as an exemplar', async () => {
    const metrics = new Metrics();
    metrics.add(METRIC.CALLS, {}, 1, TRACE);
    metrics.observe(METRIC.ACK_SECONDS, 0.004, TRACE);
    const lines = (await metrics.scrape()).text.split('\n');
    expect(lines.find((line) => line.startsWith('guardspan_calls_total '))).toContain(`# {trace_id="${TRACE}"} 1 `);
    const bucket = lines.find((line) => line.includes('_bucket{le="0.005"}') && line.includes('ack'));
    expect(bucket).toContain(`# {trace_id="${TRACE}"} 0.004 `);
  });

  it('leaves out exemplars where no trace is known, and shows a counter from 0', async () => {
    const metrics = new Metrics();
    metrics.add(METRIC.CALLS, {}, 0);
    const { text } = await metrics.scrape();
    expect(text).toMatch(/^guardspan_calls_total 0$/m);
    expect(text).not.toContain('trace_id');
  });

  it('forgets the series of a gauge that is filled anew, and keeps those of other gauges', async () => {
    const metrics = new Metrics();
    metrics.set(METRIC.COVERAGE, { service: 'old' }, 0.5);
    metrics.set(METRIC.DIRECTIVES_ACTIVE, { guardrail: 'slow' }, 1);
    metrics.clear(METRIC.COVERAGE);
    metrics.set(METRIC.COVERAGE, { service: 'new' }, 1);
    const { text } = await metrics.scrape();
    expect(text).not.toContain('service="old"');
    expect(text).toContain('guardspan_coverage{service="new"} 1\n');
    expect(text).toContain('guardspan_directives_active{guardrail="slow"} 1\n');
  });
});
