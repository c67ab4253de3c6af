import fc from 'fast-check';
import { expect, it } from 'vitest';
import { prometheusName } from '../../src/runtime.js';

it.each([
  ['guardspan.calls', 'counter', '{call}', 'guardspan_calls_total'],
  ['guardspan.coverage', 'gauge', '1', 'guardspan_coverage_ratio'],
  ['guardspan.propagation.duration', 'histogram', 's', 'guardspan_propagation_duration_seconds'],
  ['guardspan.directives.active', 'gauge', '{directive}', 'guardspan_directives_active'],
  // The rules of opentelemetry's otlptranslator, one each: unit, no unit twice, no `_total` twice, `1` on gauges only, other characters.
  ['gen_ai.client.operation.duration', 'histogram', 's', 'gen_ai_client_operation_duration_seconds'],
  ['process.memory', 'gauge', 'By', 'process_memory_bytes'],
  ['http.wait', 'histogram', 'ms', 'http_wait_milliseconds'],
  ['disk.used', 'gauge', '%', 'disk_used_percent'],
  ['lag.seconds', 'gauge', 's', 'lag_seconds'],
  ['calls.total', 'counter', '{call}', 'calls_total'],
  ['share', 'counter', '1', 'share_total'],
  ['a--b c', 'gauge', '', 'a_b_c'],
] as const)('%s (%s, %s) is %s', (name, kind, unit, expected) => {
  expect(prometheusName(name, kind, unit)).toBe(expected);
});

it('gives a name that Prometheus takes, and the same when it is translated again', () => {
  const words = fc.array(fc.stringMatching(/^[a-z][a-z_]{0,8}$/), { minLength: 1, maxLength: 5 });
  const kind = fc.constantFrom('counter', 'gauge', 'histogram');
  const unit = fc.constantFrom('', '1', 's', 'ms', 'By', '%', '{call}');
  fc.assert(
    fc.property(words, kind, unit, (parts, kinds, units) => {
      const name = prometheusName(parts.join('.'), kinds, units);
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(prometheusName(name, kinds, units)).toBe(name);
    }),
  );
});
