import { z } from 'zod';
import { IDENTIFIER, instant } from './schema-parts.js';
import { MODES } from './types.js';

const name = z.string().regex(IDENTIFIER, 'a name is letters, digits and underscores').max(64);
const texts = z.array(z.string());

interface Parts {
  match: z.ZodType;
  cel: z.ZodType<string>;
  duration: z.ZodType<string>;
  globs: z.ZodType<string[]>;
}

/** Keys of `spec` that say which calls a guard-rail acts on, beyond `match`: the authored form. */
export function scopingKeys<M extends z.ZodType>({ match, cel, duration, globs }: Parts & { match: M }) {
  const counted = {
    per: z.array(z.string().min(1).max(128)).min(1).max(4).describe('One total for each combination of these fields.'),
    window: duration,
  };
  return {
    exclude: match.optional().describe('Same keys as match; calls that it matches are left out.'),
    where: cel.optional().describe('CEL on fields of the request; calls for which it is false are left out.'),
    params: z
      .record(
        name,
        z.union([
          z.string().max(1024),
          z.number(),
          z.boolean(),
          z.array(z.string().max(256)).min(1).max(100),
          z.array(z.number()).min(1).max(100),
        ]),
      )
      .optional()
      .describe('Constants that conditions read as params.<name>.'),
    counters: z
      .record(name, z.union([z.strictObject({ count: cel, ...counted }), z.strictObject({ sum: cel, ...counted })]))
      .optional()
      .describe('Totals of this process over a window, for each value of a field.'),
    overrides: z
      .array(z.strictObject({ environments: globs, mode: z.enum(MODES) }))
      .max(20)
      .optional()
      .describe('The first whose environments match decides the mode.'),
    rollout: z
      .strictObject({
        percent: z.number().min(0).max(100),
        by: z.string().min(1).max(128),
        seed: z.string().min(1).max(128).optional(),
      })
      .optional()
      .describe('Acts for this share of the values of a field; every other call is judged in dryrun.'),
    expires: instant
      .optional()
      .describe('A date (its midnight in UTC) or a time; from then on the guard-rail is not evaluated.'),
  };
}

/** The same keys in normal form, as they travel on the channel. */
export function scopingWireKeys<M extends z.ZodType>(match: M) {
  return {
    exclude: match.exactOptional(),
    where: z.string().exactOptional(),
    params: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), texts, z.array(z.number())]))
      .exactOptional(),
    counters: z
      .record(
        z.string(),
        z.object({ fn: z.enum(['count', 'sum']), of: z.string(), per: texts, window: z.number().min(0) }),
      )
      .exactOptional(),
    overrides: z.array(z.object({ environments: texts, mode: z.enum(MODES) })).exactOptional(),
    rollout: z.object({ percent: z.number().min(0).max(100), by: z.string(), seed: z.string() }).exactOptional(),
    expires: z.number().exactOptional(),
  };
}
