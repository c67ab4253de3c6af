import { z } from 'zod';
import { VALUE_TYPES } from './value-types.js';

const listed = z.union([z.string().max(256), z.number(), z.boolean()]);
const type = z.enum(VALUE_TYPES);

/** `values` of a use as people write it. */
export const valueRulesDocumentSchema = z
  .record(
    z.string().min(1).max(128),
    z.strictObject({
      type: type.optional().describe('Default: number with min or max, the type of what oneOf lists, else any.'),
      min: z.number().optional().describe('The smallest value that is in range.'),
      max: z.number().optional().describe('The largest value that is in range.'),
      oneOf: z.array(listed).min(1).max(1000).optional().describe('The vocabulary.'),
      required: z.boolean().optional().describe('Default true: a value that is absent, null or NaN is missing.'),
    }),
  )
  .refine((rules) => Object.keys(rules).length > 0 && Object.keys(rules).length <= 200, {
    message: 'name between 1 and 200 values',
  });

/** The same in normal form, as it travels on the channel. */
export const valueRulesWireSchema = z.record(
  z.string(),
  z.object({
    type,
    min: z.number().exactOptional(),
    max: z.number().exactOptional(),
    oneOf: z.array(z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
    required: z.boolean(),
  }),
);
