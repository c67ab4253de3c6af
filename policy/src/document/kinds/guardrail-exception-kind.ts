import { checkException } from '../exception/check-exception.js';
import { exceptionDocumentSchema, exceptionJsonSchema } from '../exception/exception-schema.js';
import type { ExceptionDocument } from '../exception/exception-schema.js';
import type { GuardrailException } from '../exception/exception-types.js';
import { normaliseException } from '../exception/normalise-exception.js';
import type { DocumentKind } from './document-kind.js';

/** `kind: GuardrailException`: some calls are exempt from some guard-rails, for a while. */
export const guardrailExceptionKind: DocumentKind<GuardrailException> = {
  kind: 'GuardrailException',
  noun: 'exception',
  collection: 'exceptions',
  page: 'docs/exceptions.md',
  schema: exceptionDocumentSchema,
  jsonSchema: exceptionJsonSchema,
  read: (shape: ExceptionDocument) => {
    const normal = normaliseException(shape);
    return { name: normal.metadata.name, normal, identity: normal, findings: checkException(normal) };
  },
};
