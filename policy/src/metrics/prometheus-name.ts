const UNIT_SUFFIX: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes', ms: 'milliseconds', '%': 'percent' };

/**
 * The Prometheus name of an OpenTelemetry metric: the rules of OpenTelemetry's Prometheus translation
 * (dots to underscores, unit as suffix, `_total` on counters, `_ratio` on gauges with unit `1`, annotations such as `{call}` dropped).
 */
export function prometheusName(name: string, kind: 'counter' | 'gauge' | 'histogram', unit: string): string {
  let result = name.replace(/[^a-zA-Z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  const suffix = unit === '1' && kind === 'gauge' ? 'ratio' : UNIT_SUFFIX[unit];
  if (suffix !== undefined && !result.split('_').includes(suffix)) result += `_${suffix}`;
  if (kind === 'counter' && !result.endsWith('_total')) result += '_total';
  return result;
}
