import { loadGuardrails } from '@guardspan/policy';
import type { RevisedGuardrail } from '@guardspan/policy';

/** Loads one document; `spec` is YAML flow text of further keys. */
export function guardrailOf(name: string, spec: Readonly<Record<string, unknown>>): RevisedGuardrail {
  const document = { apiVersion: 'guardspan/v1alpha1', kind: 'Guardrail', metadata: { name }, spec };
  const { guardrails, errors } = loadGuardrails(JSON.stringify(document), { file: `${name}.json` });
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return guardrails[0]!;
}

/** A windowed guard-rail on failed calls, by model. */
export function windowed(name: string, spec: Readonly<Record<string, unknown>> = {}): RevisedGuardrail {
  return guardrailOf(name, {
    match: { services: ['shop'], models: ['risk*'] },
    over: {
      window: '60s',
      every: '0s',
      groupBy: ['model'],
      minSamples: 10,
      signals: { failed: { ratio: "error.type != ''" } },
    },
    when: 'failed > 0.5',
    action: { reroute: { to: 'previous', percent: 100 } },
    mode: 'enforce',
    ...spec,
  });
}
