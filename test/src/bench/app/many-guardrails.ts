/** Windowed guard-rails of many owners, each its own model, as one file of YAML documents. */
export function manyGuardrails(count: number): string {
  const owners = ['platform', 'privacy', 'credit-risk', 'support', 'search'];
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      apiVersion: 'guardspan/v1alpha1',
      kind: 'Guardrail',
      metadata: {
        name: `slow-${owners[index % owners.length]}-${String(index).padStart(4, '0')}`,
        labels: { owner: owners[index % owners.length], severity: 'medium' },
      },
      spec: {
        description: `Answers of model ${index} are not slower than two seconds.`,
        match: { models: [`model-${index}`] },
        over: {
          window: '5m',
          groupBy: ['model'],
          minSamples: 50,
          signals: { p95: { quantile: 0.95, of: 'duration' } },
        },
        when: 'p95 > 2.0',
        action: { annotate: {} },
        mode: index % 7 === 0 ? 'enforce' : 'warn',
      },
    }),
  ).join('\n---\n');
}
