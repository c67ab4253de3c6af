import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Name of the document with this index. */
export function documentName(index: number): string {
  return `bench-${String(index).padStart(5, '0')}`;
}

/** One guard-rail of many: every second one is judged during the call, the others on windows. All of them are about every process, the worst case. */
export function documentText(index: number, limit = 0.5): string {
  const head = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: ${documentName(index)}, labels: { owner: team-${index % 20}, severity: warning } }
spec:
  match: { models: [model-${index % 200}] }
`;
  if (index % 2 === 0)
    return `${head}  at: request
  when: 'tenant == "blocked" && features.amount > ${index + limit}'
  action: { deny: {} }
  mode: warn
  message: '"refused"'
  tests:
    - { name: others pass, given: { model: { name: model-${index % 200} }, tenant: free, features: { amount: 1 } }, expect: { action: allow } }
`;
  return `${head}  over:
    window: 5m
    groupBy: [service, model]
    minSamples: 100
    signals: { errors: { ratio: "error.type != ''" } }
  when: 'errors > ${limit}'
  action: { reroute: { to: other } }
  mode: warn
`;
}

/** A directory with as many documents, one in each file. */
export function writeDocuments(directory: string, count: number): string {
  mkdirSync(directory, { recursive: true });
  for (let index = 0; index < count; index++)
    writeFileSync(join(directory, `${documentName(index)}.yaml`), documentText(index));
  return directory;
}
