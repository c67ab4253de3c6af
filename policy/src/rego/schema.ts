import { z } from 'zod';
import { CHECK_POSITIONS } from '../external/types.js';

/** Name of an engine, as processes declare it. */
const ENGINE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const PATH = /^[A-Za-z_][A-Za-z0-9_]*(?:\/[A-Za-z_][A-Za-z0-9_]*)*$/;

/** `rego` of a document. @param duration schema of a duration, from the document's own */
export function regoDocumentSchema<D extends z.ZodType>(duration: D) {
  return z
    .strictObject({
      engine: z.string().regex(ENGINE, 'a name is lower-case letters, digits and dashes, at most 63 characters'),
      path: z.string().max(256).regex(PATH, 'write the package with slashes, for example guardspan/residency'),
      deadline: duration.optional().describe('The engine may be an OPA server; this is how long it may take.'),
      position: z.enum(CHECK_POSITIONS).optional().describe('before (default) the model call, or beside it.'),
    })
    .refine((use) => use.position === undefined || use.deadline !== undefined, {
      path: ['position'],
      message: 'position says when a server is asked; give it a deadline too',
    })
    .describe('A Rego policy that decides when `when` holds (docs/rego.md).');
}

/** `rego` of the normal form, as it travels on the wire. */
export const regoWireSchema = z.object({
  engine: z.string(),
  path: z.string(),
  external: z.object({ deadline: z.number(), position: z.enum(CHECK_POSITIONS) }).exactOptional(),
});
