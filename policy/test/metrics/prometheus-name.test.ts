import { expect, it } from 'vitest';
import { prometheusName } from '../../src/runtime.js';

it.each([
  ['guardspan.calls', 'counter', '{call}', 'guardspan_calls_total'],
  ['guardspan.coverage', 'gauge', '1', 'guardspan_coverage_ratio'],
  ['guardspan.propagation.duration', 'histogram', 's', 'guardspan_propagation_duration_seconds'],
  ['guardspan.directives.active', 'gauge', '{directive}', 'guardspan_directives_active'],
] as const)('%s (%s, %s) is %s', (name, kind, unit, expected) => {
  expect(prometheusName(name, kind, unit)).toBe(expected);
});
