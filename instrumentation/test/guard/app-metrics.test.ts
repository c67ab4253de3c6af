import * as api from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { APP_METRICS } from '@guardspan/evaluator';
import type { MetricDefinition } from '@guardspan/evaluator';
import { createModelCall } from '@guardspan/policy';
import type { Decision } from '@guardspan/policy';
import { afterEach, expect, it } from 'vitest';
import { AppMetrics } from '../../src/guard/app-telemetry.js';

afterEach(() => api.metrics.disable());

it('makes the metrics that the contract lists, with their unit, labels and boundaries, and no others', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
  api.metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  const call = createModelCall();
  call.model.name = 'risk';
  new AppMetrics().decided(
    call,
    { action: 'redact', disposition: 'enforced' } as Decision,
    { monotonic: () => 0.00002 },
    0,
  );
  await reader.forceFlush();
  const made = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  await reader.shutdown();
  const shown = made.map(({ descriptor, dataPoints: [point] }) => ({
    name: descriptor.name,
    unit: descriptor.unit,
    labels: Object.keys(point!.attributes).sort(),
    boundaries: (point!.value as { buckets?: { boundaries: number[] } }).buckets?.boundaries,
  }));
  expect(shown).toEqual(
    (APP_METRICS as readonly MetricDefinition[]).map(({ name, unit, labels, buckets }) => ({
      ...{ name, unit, labels: [...labels].sort(), boundaries: buckets },
    })),
  );
});
