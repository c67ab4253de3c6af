import { z } from 'zod';
import { EVIDENCE_MODES, SEASONS } from './evidence-types.js';

const DURATION = /^\d+(?:\.\d+)?(?:ms|s|m|h|d)$/;
const duration = z.string().regex(DURATION, 'write a duration with its unit, for example 250ms or 5m');
const cel = z
  .string()
  .trim()
  .min(1, 'the expression is empty')
  .max(4096)
  .describe('A CEL expression (docs/guardrails.md).');
const share = z.number().min(0).max(1);
const count = z.int().min(0);
const field = z.string().min(1).max(128);
const fields = z.array(field).max(8);
const among = cel.optional();
const edges = z.array(z.number()).max(63);

const origin = {
  model: z.string().max(256),
  version: z.string().max(256).optional(),
  featureView: z.string().max(256).optional(),
  calls: count,
  from: z.number().optional(),
  to: z.number().optional(),
};
const cells = z.array(count).min(7).max(168);
const season = z
  .strictObject({ by: z.enum(Object.keys(SEASONS) as (keyof typeof SEASONS)[]), calls: cells, events: cells })
  .describe(
    'Counts by hour or day (UTC, weeks begin on Monday), with which each bucket has the limit of its own hour.',
  );
const rateBaseline = z.strictObject({ ...origin, events: count, season: season.optional() });
const moving = z
  .strictObject({ window: duration, lag: duration.optional(), budget: z.number().gt(1).max(10).optional() })
  .describe('Beside `baseline`: {window: 7d, lag: 14d, budget: 1.5}. Without `lag` the window ends now.');
const meanSeason = z
  .strictObject({
    by: z.enum(Object.keys(SEASONS) as (keyof typeof SEASONS)[]),
    calls: cells,
    means: z.array(z.number()).min(7).max(168),
  })
  .describe('Means by hour or day (UTC, weeks begin on Monday), with which each bucket has the limit of its own hour.');
const meanBaseline = z.strictObject({
  ...origin,
  mean: z.number(),
  lower: z.number(),
  upper: z.number(),
  season: meanSeason.optional(),
});
const binsBaseline = z.strictObject({
  ...origin,
  edges: edges.optional(),
  categories: z.array(z.string().max(256)).max(64).optional(),
  counts: z.array(count).min(2).max(64),
});
const against = z
  .record(z.enum(['model_version']), z.string().min(1).max(256))
  .describe('A series that is counted at the same time: {model_version: previous}.');
const tolerance = z.number().min(0).max(10).optional();

/** `over.test` as people write it. */
export const evidenceTestSchema = z
  .union([
    z.strictObject({
      rate: z.strictObject({
        of: cel,
        among,
        max: share.optional(),
        min: share.optional(),
        baseline: rateBaseline.optional(),
        moving: moving.optional(),
        against: against.optional(),
        tolerance,
        direction: z.enum(['up', 'down']).optional(),
      }),
    }),
    z.strictObject({
      mean: z.strictObject({
        of: cel,
        among,
        range: z.tuple([z.number(), z.number()]),
        max: z.number().optional(),
        min: z.number().optional(),
        baseline: meanBaseline.optional(),
        moving: moving.optional(),
        against: against.optional(),
        tolerance,
        direction: z.enum(['up', 'down']).optional(),
      }),
    }),
    z.strictObject({
      latency: z.strictObject({
        within: duration,
        among,
        max: share.optional(),
        baseline: rateBaseline.optional(),
        moving: moving.optional(),
        against: against.optional(),
        tolerance,
      }),
    }),
    z.strictObject({
      rateGap: z.strictObject({
        attribute: field,
        of: cel,
        among,
        ratio: z.number().gt(0).max(1).optional(),
        margin: share.optional(),
        reference: z.string().min(1).max(256).optional(),
        groups: z.array(z.string().min(1).max(256)).min(2).max(64).optional(),
        sided: z.enum(['below', 'both']).optional(),
        strata: fields.optional(),
      }),
    }),
    z.strictObject({
      drift: z.strictObject({ of: field, among, baseline: binsBaseline, tolerance: share.optional() }),
    }),
    z.strictObject({
      association: z.strictObject({
        of: field,
        attribute: field,
        among,
        strata: fields.optional(),
        edges: edges.optional(),
      }),
    }),
  ])
  .describe('Exactly one of rate, mean, latency, rateGap, drift, association.');

/** Keys of `over` that come with `test`. */
export const evidenceKeys = {
  test: evidenceTestSchema.optional(),
  promise: z
    .union([
      z.strictObject({ falseAlarms: z.number().gt(0), per: duration }),
      z.strictObject({ alpha: z.number().gt(0).lt(1) }),
    ])
    .describe('{falseAlarms: 1, per: 90d}, or {alpha: 0.05} for one test with a fixed level.')
    .optional(),
  mode: z.enum(EVIDENCE_MODES).optional(),
  maxSeries: z.int().min(1).max(100_000).optional(),
  explainBy: z.array(field).max(16).optional(),
};

/** `over.test` and what comes with it, after parsing. */
export interface AuthoredEvidence {
  test: z.infer<typeof evidenceTestSchema>;
  promise?: { falseAlarms: number; per: string } | { alpha: number } | undefined;
  mode?: (typeof EVIDENCE_MODES)[number] | undefined;
  maxSeries?: number | undefined;
  explainBy?: string[] | undefined;
}
