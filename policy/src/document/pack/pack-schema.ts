import { z } from 'zod';
import { API_VERSION } from '../../names.js';
import { metadata, share } from '../schema-parts.js';
import { PACK_VALIDATORS } from './pack-types.js';

const text = z.string().min(1).max(256);
const entity = z.strictObject({
  words: z.array(text).min(1).max(1000).optional().describe('Whole words or phrases.'),
  canaries: z
    .array(z.string().min(8, 'a canary of fewer than 8 characters is found by chance').max(256))
    .min(1)
    .max(100)
    .optional()
    .describe('Planted strings, found anywhere, also inside of words.'),
  pattern: text.optional().describe('A regular expression of the linear-time subset (docs/detector-packs.md).'),
  caseSensitive: z.boolean().optional().describe('Default: false for words, true for patterns.'),
  score: share.optional().describe('Score of a match that nothing confirms. Default 0.6; canaries 1.'),
  maxLength: z.int().min(1).max(1000).optional().describe('Needed for a pattern that has no end of its own.'),
  context: z
    .strictObject({
      words: z.array(z.string().max(64).regex(/\p{L}/u, 'a context word has letters')).min(1).max(100),
      score: share.optional(),
    })
    .optional()
    .describe('Words before a match that speak for it. Default score 0.95.'),
  validator: z.enum(PACK_VALIDATORS).optional(),
});

/** A pack as people write it. Unknown keys are errors. */
export const packDocumentSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('DetectorPack'),
  metadata,
  spec: z.strictObject({
    description: z.string().max(1000).optional(),
    entities: z
      .record(
        z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'an entity is lower-case letters, digits and underscores'),
        entity,
      )
      .refine((map) => Object.keys(map).length > 0 && Object.keys(map).length <= 50, 'write between 1 and 50 entities'),
  }),
});

/** A pack as people write it, after parsing. */
export type PackDocument = z.infer<typeof packDocumentSchema>;

/** JSON Schema (2020-12) of a pack, for editors; committed as schema/detector-pack.schema.json. */
export function packJsonSchema(): object {
  return {
    $id: 'https://guardspan.dev/schema/v1alpha1/detector-pack.schema.json',
    title: 'Guardspan pack of detectors',
    ...z.toJSONSchema(packDocumentSchema, { io: 'input' }),
  };
}
