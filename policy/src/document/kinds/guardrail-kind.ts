import { checkGuardrail } from '../check-guardrail.js';
import { checkAuthoredEvidence } from '../evidence-check.js';
import { normaliseGuardrail } from '../normalise.js';
import type { GuardrailDocument } from '../schema.js';
import { guardrailDocumentSchema, guardrailJsonSchema } from '../schema.js';
import type { Guardrail } from '../types.js';
import type { DocumentKind } from './document-kind.js';

/** `kind: Guardrail`: what calls must respect, and what is done when they do not. */
export const guardrailKind: DocumentKind<Guardrail> = {
  kind: 'Guardrail',
  noun: 'guard-rail',
  collection: 'guardrails',
  page: 'docs/guardrails.md',
  schema: guardrailDocumentSchema,
  jsonSchema: guardrailJsonSchema,
  read: (shape: GuardrailDocument) => {
    const normal = normaliseGuardrail(shape);
    const findings = [...checkAuthoredEvidence(shape), ...checkGuardrail(normal)];
    return { name: normal.metadata.name, normal, identity: normal, findings };
  },
};
