import { METRIC } from '@guardspan/policy';
import { labelsOf, selector } from './selector.js';
import type { Matchers, MetricName } from './selector.js';

/** Variables that select series, by the label that they are about. */
export type ScopeVariable = 'environment' | 'service' | 'model' | 'guardrail';

/** Series have a label only when their guard-rail groups by it; those without it are about every value. */
const SPARSE: ReadonlySet<MetricName> = new Set([
  METRIC.SERIES_FIRING,
  METRIC.SERIES_FIRING_TIMESTAMP,
  METRIC.SIGNAL_VALUE,
  METRIC.SIGNAL_LOWER,
  METRIC.SIGNAL_UPPER,
  METRIC.SIGNAL_SAMPLES,
  METRIC.EVIDENCE,
  METRIC.EVIDENCE_THRESHOLD,
]);

/** Writes selectors that follow the variables of one dashboard, for every label that both have. */
export class Scope {
  readonly #variables: readonly ScopeVariable[];

  constructor(...variables: ScopeVariable[]) {
    this.#variables = variables;
  }

  /** A selector of a counter, a gauge or one part of a histogram. */
  of<Name extends MetricName>(
    name: Name,
    matchers: Matchers<Name> = {},
    part: '' | '_bucket' | '_count' | '_sum' = '',
  ): string {
    const labels = labelsOf(name);
    const chosen = Object.fromEntries(
      this.#variables
        .filter((variable) => labels.includes(variable))
        .map((variable) => [variable, SPARSE.has(name) && variable !== 'guardrail' ? `$${variable}|` : `$${variable}`]),
    );
    return selector(name, { ...(chosen as Matchers<Name>), ...matchers }, part);
  }

  /** `rate()` over the interval that suits the resolution of the panel. */
  rate<Name extends MetricName>(
    name: Name,
    matchers: Matchers<Name> = {},
    part: '' | '_bucket' | '_count' | '_sum' = '',
  ): string {
    return `rate(${this.of(name, matchers, part)}[$__rate_interval])`;
  }

  /** `increase()` over the time range of the dashboard. */
  increase<Name extends MetricName>(name: Name, matchers: Matchers<Name> = {}): string {
    return `increase(${this.of(name, matchers)}[$__range])`;
  }

  /** A quantile of a histogram; nothing, and not NaN, where nothing was observed. */
  quantile(quantile: number, name: MetricName, by: readonly string[] = []): string {
    return `histogram_quantile(${quantile}, sum by (${['le', ...by].join(', ')}) (${this.rate(name, {}, '_bucket')})) >= 0`;
  }
}
