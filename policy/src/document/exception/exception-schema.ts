import { z } from 'zod';
import { API_VERSION } from '../../names.js';
import { cel, documentName, instant, match, metadata } from '../schema-parts.js';

/** An exception as people write it. Unknown keys are errors. */
export const exceptionDocumentSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('GuardrailException'),
  metadata,
  spec: z.strictObject({
    owner: z.string().trim().min(1, 'somebody answers for an exception').max(200).describe('Who answers for it.'),
    reason: z.string().trim().min(1, 'an exception has a reason').max(1000).describe('Why, in a plain sentence.'),
    expires: instant.describe('A date (its midnight in UTC) or a time; calls that start later are not exempt.'),
    guardrails: z.array(documentName).min(1).max(100).describe('Names of the guard-rails that it exempts from.'),
    match: match.optional(),
    where: cel.optional().describe('CEL on fields of the request; calls for which it is false are not exempt.'),
    approval: z.literal('required').optional().describe('It comes into force, and changes, by two people only.'),
  }),
});

/** An exception as people write it, after parsing. */
export type ExceptionDocument = z.infer<typeof exceptionDocumentSchema>;

/** JSON Schema (2020-12) of an exception, for editors; committed as schema/guardrail-exception.schema.json. */
export function exceptionJsonSchema(): object {
  return {
    $id: 'https://guardspan.dev/schema/v1alpha1/guardrail-exception.schema.json',
    title: 'Guardspan exception from guard-rails',
    ...z.toJSONSchema(exceptionDocumentSchema, { io: 'input' }),
  };
}
