/** Calls of the background: 20 guard-rails match them, in as many series of each as there are tenants. */
export const BACKGROUND = { MODEL: 'bench-background', TENANTS: 50, GUARDRAILS: 20 } as const;
/** Model of the calls that cross a threshold. */
export const TRIGGER_MODEL = 'bench-trigger';

const SIGNALS = [
  'value: { quantile: 0.95, of: duration }',
  `value: { ratio: "error.type != ''" }`,
  'value: { sum: usage.totalTokens }',
  'value: { count: "true" }',
];

function document(name: string, model: string, over: string, when: string, mode = 'enforce'): string {
  return `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: ${name} }
spec:
  match: { models: [${model}] }
  over:
    groupBy: [tenant]
    ${over}
  when: '${when}'
  action: { reroute: { to: other, percent: 100 } }
  mode: ${mode}
  limits: { maxScopes: 1000 }
`;
}

/** One guard-rail that acts on the first call of each tenant, beside those of the background, which never act. */
export function propagationDocuments(): string {
  const background = Array.from({ length: BACKGROUND.GUARDRAILS }, (_, i) => {
    const signals = `window: ${60 + i}s\n    signals: { ${SIGNALS[i % SIGNALS.length]} }`;
    return document(`background-${i}`, BACKGROUND.MODEL, signals, 'value > 1000000000000.0');
  });
  const over = 'window: 60s\n    signals: { calls: { count: "true" } }';
  return [document('trigger', TRIGGER_MODEL, over, 'calls >= 1.0'), ...background].join('---\n');
}
