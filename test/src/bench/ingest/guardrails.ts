/** Guard-rails that match the spans of the benchmark. */
export const MATCHING = 20;

const SIGNALS = [
  { signals: 'calls: {count: "true"}', when: 'calls > 1000000000.0' },
  { signals: 'errors: {ratio: "error.type != \'\'"}', when: 'errors > 0.9' },
  { signals: 'tokens: {mean: "usage.totalTokens"}', when: 'tokens > 1000000.0' },
  { signals: 'p95: {quantile: 0.95, of: "duration"}', when: 'p95 > 60.0' },
];

/**
 * The mix: of {@link MATCHING} guard-rails a quarter counts, a quarter watches a ratio, a quarter a mean and a quarter a quantile, one in four re-evaluated at
 * each batch; each keeps one series for each tenant. The rest, up to `total`, matches other services.
 */
export function guardrails(total: number): string {
  return Array.from({ length: total }, (_, index) => {
    const { signals, when } = SIGNALS[index % SIGNALS.length]!;
    const service = index < MATCHING ? 'assistant' : `other-${index}`;
    const every = index % 5 === 0 ? '0s' : '10s';
    return [
      'apiVersion: guardspan/v1alpha1',
      'kind: Guardrail',
      `metadata: {name: bench-${index}}`,
      'spec:',
      `  match: {services: [${service}]}`,
      `  over: {window: ${60 + index}s, every: ${every}, groupBy: [tenant], minSamples: 100, signals: {${signals}}}`,
      `  when: "${when}"`,
      '  action: {annotate: {attributes: {slow: "yes"}}}',
      '  mode: warn',
    ].join('\n');
  }).join('\n---\n');
}
