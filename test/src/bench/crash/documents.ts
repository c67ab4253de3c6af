/** Names of the guard-rails of the benchmark. */
export const CRASH = {
  TOTALS: 'crash-totals',
  ERRORS: 'crash-errors',
  LIMIT: 'crash-limit',
  EDITED: 'crash-edited',
} as const;

/**
 * Guard-rails whose outcome depends on the records alone: windows are longer than any run, and buckets close so late that no retry comes too late.
 * The first only counts; the second fires and is released again and again; the third fires once for each series and holds a directive.
 */
export const CRASH_DOCUMENTS = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: ${CRASH.TOTALS} }
spec:
  match: { models: [crash-counted, crash-judged] }
  over:
    window: 24h
    every: 60s
    settle: 1h
    groupBy: [tenant]
    signals:
      calls: { count: "true" }
      tokens: { sum: usage.totalTokens }
  when: 'calls > 1000000000000.0'
  action: { annotate: { attributes: { many: "yes" } } }
  mode: warn
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: ${CRASH.ERRORS} }
spec:
  match: { models: [crash-judged] }
  over:
    window: 24h
    every: 0s
    settle: 1h
    groupBy: [tenant]
    minSamples: 20
    signals:
      failed: { ratio: "error.type != ''" }
  when: 'failed > 0.6'
  until: 'failed < 0.5'
  action: { annotate: { attributes: { failing: "yes" } } }
  mode: warn
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: ${CRASH.LIMIT} }
spec:
  match: { models: [crash-judged] }
  over:
    window: 24h
    every: 0s
    settle: 1h
    groupBy: [tenant]
    signals:
      calls: { count: "true" }
  when: 'calls > 150.0'
  action: { shutdown: { retryAfter: 30s } }
  mode: enforce
  limits: { maxScopes: 100 }
`;

/** A guard-rail that the operator of the benchmark changes; `n` makes each version another. */
export function editedDocument(n: number): string {
  return JSON.stringify({
    apiVersion: 'guardspan/v1alpha1',
    kind: 'Guardrail',
    metadata: { name: CRASH.EDITED, managedBy: 'ui' },
    spec: {
      description: `Version ${n}.`,
      at: 'request',
      when: "attrs.version == 'none'",
      action: { annotate: { attributes: { version: String(n) } } },
    },
  });
}
