/** Reroutes a model, more than half of whose calls fail. `approval` is the value of that key. */
export function failingCalls(approval = ''): string {
  return `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors, managedBy: git}
spec:
  match: {models: [risk]}
  over: {window: 60s, every: 0s, groupBy: [model], minSamples: 10, signals: {failed: {ratio: "error.type != ''"}}}
  when: "failed > 0.5"
  action: {reroute: {to: previous, percent: 100}}
  mode: enforce
${approval === '' ? '' : `  approval: ${approval}\n`}`;
}
