import { GuardrailSet, loadGuardrails } from '@guardspan/policy';

/** Ten conditions on the fields of a call that an application guards: none holds for the benchmark's calls. */
const FIELDS = [
  "model.name == 'gpt-4o' && startedAt < 100000.0",
  "tenant in ['blocked-a', 'blocked-b']",
  "has(attrs.region) && attrs.region == 'none'",
  "operation == 'embeddings' && streamed",
  "environment == 'staging' && tenant == 'acme'",
  "service.startsWith('legacy-')",
  "model.version != '' && model.version < '3'",
  "has(attrs.tier) && attrs.tier == 'free' && streamed",
  "model.provider == 'unknown'",
  "tenant == 'none' && operation == 'chat'",
];

const document = (index: number, when: string, uses: string): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: bench-${index}}
spec:
  at: request
  ${uses}
  when: ${JSON.stringify(when)}
  action: {deny: {}}
  mode: enforce
`;

/** Twenty guard-rails, as YAML. With text, ten of them read the results of one use of all detectors on the prompt, which is computed once for the call. */
export function guardrailDocuments(withText: boolean): string {
  const documents = Array.from({ length: 20 }, (_unused, index) => {
    const field = FIELDS[index % FIELDS.length]!;
    if (!withText || index < 10) return document(index, field, '');
    const uses = 'uses: {found: {detector: all, on: prompt.text}}';
    return document(index, `found.count > ${index + 100}.0 && found.maxScore > 0.5`, uses);
  });
  return documents.join('---\n');
}

/**
 * The same, ready to decide.
 * @throws Error when a document of the benchmark does not load
 */
export function guardrails(withText: boolean): GuardrailSet {
  const { guardrails: loaded, errors } = loadGuardrails(guardrailDocuments(withText), { file: 'bench.yaml' });
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return GuardrailSet.compile(loaded).set;
}
