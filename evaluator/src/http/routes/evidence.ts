import { z } from 'zod';
import { forPeople } from '../../engine/evidence/for-people.js';
import { ApiError } from '../api-error.js';
import { defineRoute, type Route } from '../route.js';
import { baselineSchema, listOf } from '../schemas.js';

const number = z.number().nullable();
const effectSchema = z.object({
  name: z.string(),
  value: number,
  lower: number.describe('Ends of a confidence sequence: it holds at every moment.'),
  upper: number,
  limit: number,
  above: z.boolean(),
  wasserstein: z
    .object({
      value: number,
      lower: number,
      upper: number,
      iqr: number.describe('Between the quartiles of the baseline.'),
    })
    .optional()
    .describe('Drift of a number: mean distance from the baseline, in the unit of the field.'),
});
const cellsSchema = z.looseObject({ rows: z.array(z.unknown()) });

const explanationSchema = z.object({
  guardrail: z.string(),
  revision: z.string(),
  series: z.record(z.string(), z.string()),
  test: z.string(),
  mode: z.enum(['robust', 'iid']),
  state: z.string(),
  evidence: z.object({
    value: number.describe('Nats; null before the first closed bucket.'),
    highest: number,
    threshold: z.number(),
    path: z.array(z.tuple([z.number(), number])),
    crossedAt: z.number(),
    crossedCalls: z.number(),
    robust: z
      .object({ value: number, threshold: z.number(), sufficient: number })
      .optional()
      .describe(
        'In mode iid of a share: evidence that holds for clustered calls too must reach its threshold, or the evidence itself `sufficient`.',
      ),
    restartedAt: z.number(),
    restartReason: z.string(),
  }),
  promise: z.object({ status: z.enum(['kept', 'not_guaranteed']), reasons: z.array(z.string()), text: z.string() }),
  baseline: baselineSchema.optional(),
  advisory: z
    .object({
      label: z.literal('advisory'),
      score: number,
      threshold: z.number(),
      unusual: z.number(),
      lastAt: z.number(),
    })
    .optional()
    .describe('Of a series with one number in each bucket: no promise, and nothing acts on it.'),
  needed: number.describe('Calls that are needed at least until the threshold is reached; null while nothing is off.'),
  counters: z.object({ calls: z.number(), buckets: z.number(), late: z.number(), open: z.number() }),
  effect: effectSchema.optional(),
  effectSinceOnset: effectSchema.optional(),
  firstOffendingBucket: z.number(),
  groups: z.array(z.object({ stratum: z.string(), group: z.string(), calls: z.number(), rate: number })),
  causes: z.array(
    z.object({
      kind: z.enum(['group', 'stratum', 'feature', 'bin']),
      field: z.string(),
      value: z.string(),
      calls: z.number(),
      after: number,
      before: number,
      score: number,
    }),
  ),
  exampleTraceIds: z.array(z.string()),
  summary: z.string(),
  recompute: z.object({ every: z.number(), before: cellsSchema, since: cellsSchema, arm: cellsSchema }),
  releasedAt: z.number().optional().describe('Of a verdict that is over; the rest is as it was when it began.'),
  suppressed: z.number().describe('Cells of groups with fewer than ten calls, which are not shown.'),
});

/** Why a test says what it says. */
export const evidenceRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/verdicts/{id}/explanation',
    operationId: 'explainVerdict',
    summary:
      'Evidence, effect, promise and likeliest causes of a verdict: as they are while it holds, as they were when it began afterwards',
    tag: 'verdicts',
    role: 'viewer',
    responses: {
      200: { description: 'The explanation.', schema: explanationSchema },
      404: { description: 'There is no such verdict of a guard-rail with a test.' },
    },
    handle: async ({ deps, params }) => {
      const id = params['id']!;
      const report = deps.engine.explain(id);
      if (report !== undefined) return { status: 200, body: forPeople(report) };
      const [kept, row] = await Promise.all([deps.store.verdictReport(id), deps.store.verdict(id)]);
      if (kept === undefined || row === undefined) {
        throw new ApiError(
          404,
          'GUARDSPAN_NOT_FOUND',
          `There is no report of a verdict ${id}.`,
          'Verdicts of thresholds have their trace instead; of tests the newest 10,000 are kept.',
        );
      }
      return { status: 200, body: { ...kept, state: row.state, releasedAt: row.releasedAt } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/evidence',
    operationId: 'listEvidence',
    summary: 'The same for each series of guard-rails with a test, whatever its state',
    tag: 'verdicts',
    role: 'viewer',
    query: z.object({ guardrail: z.string().optional() }),
    responses: { 200: { description: 'At most 200 series.', schema: listOf(explanationSchema) } },
    handle: ({ deps, query }) => ({
      status: 200,
      body: { items: deps.engine.reports(query.guardrail, 200).map(forPeople) },
    }),
  }),
];
