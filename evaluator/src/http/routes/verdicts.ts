import { canonicalJson } from '@guardspan/policy';
import { z } from 'zod';
import type { SeriesView } from '../../engine/types.js';
import { JUDGEMENTS } from '../../store/types.js';
import { ApiError } from '../api-error.js';
import { afterSchema, pageOf, pagesOf, pageSizeSchema } from '../page.js';
import { defineRoute, type Route } from '../route.js';
import {
  feedbackSchema,
  flagSchema,
  limitSchema,
  listOf,
  reasonSchema,
  seriesSchema,
  verdictSchema,
} from '../schemas.js';

/** Verdicts and what follows from them: release, feedback, series. */
export const verdictRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/verdicts',
    operationId: 'listVerdicts',
    summary: 'Windowed verdicts, newest first',
    tag: 'verdicts',
    role: 'viewer',
    query: z.object({
      guardrail: z.string().optional(),
      active: z.enum(['true', 'false']).optional(),
      before: z.coerce.number().optional().describe('Seconds from epoch: older than this, for paging.'),
      limit: limitSchema,
    }),
    responses: { 200: { description: 'Verdicts.', schema: listOf(verdictSchema) } },
    handle: async ({ deps, query }) => {
      const { active, limit, guardrail, before } = query;
      const items = await deps.store.verdicts({
        limit,
        ...(guardrail === undefined ? {} : { guardrail }),
        ...(before === undefined ? {} : { before }),
        ...(active === undefined ? {} : { active: active === 'true' }),
      });
      return { status: 200, body: { items } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/verdicts/{id}',
    operationId: 'getVerdict',
    summary: 'Read a verdict with its feedback',
    tag: 'verdicts',
    role: 'viewer',
    responses: {
      200: { description: 'The verdict.', schema: verdictSchema.extend({ feedback: z.array(feedbackSchema) }) },
      404: { description: 'There is none.' },
    },
    handle: async ({ deps, params }) => {
      const row = await deps.store.verdict(params['id']!);
      if (row === undefined) throw noVerdict(params['id']!);
      return { status: 200, body: { ...row, feedback: await deps.store.feedback(row.id) } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/verdicts/{id}/release',
    operationId: 'releaseVerdict',
    summary: 'End the action of a verdict by hand',
    tag: 'verdicts',
    role: 'approver',
    body: z.strictObject({ reason: reasonSchema }),
    responses: {
      200: { description: 'Released.', schema: z.object({ released: z.literal(true) }) },
      404: { description: 'There is none.' },
      409: { description: 'It is not firing any more.' },
    },
    handle: async ({ deps, params, body, principal }) => {
      const row = await deps.store.verdict(params['id']!);
      if (row === undefined) throw noVerdict(params['id']!);
      const holds = deps.engine
        .series(row.guardrail)
        .some(({ verdictId, state }) => verdictId === row.id && state !== 'ok' && state !== 'pending');
      const at = deps.clock();
      // On record before it happens: a start that finds the verdict over and its series firing releases that too.
      const recorded =
        holds &&
        (await deps.store.releaseVerdict(row.id, at, {
          audit: [
            {
              kind: 'override',
              at,
              actor: principal.name,
              guardrail: row.guardrail,
              traceId: '',
              verdictId: row.id,
              body: { change: 'released', reason: body.reason, series: row.series },
            },
          ],
        }));
      if (!recorded) {
        throw new ApiError(409, 'GUARDSPAN_NOT_FIRING', 'This verdict holds no action.', 'Read it again.');
      }
      deps.engine.release(row.guardrail, row.series, at, principal.name);
      deps.events.publish({ type: 'override', at: deps.clock(), data: { verdict: row.id, change: 'released' } });
      return { status: 200, body: { released: true } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/feedback',
    operationId: 'postFeedback',
    summary: 'Judge a verdict: right, a false alarm, or unclear',
    tag: 'verdicts',
    role: 'editor',
    body: z.strictObject({
      verdictId: z.string().min(1).max(64),
      judgement: z.enum(JUDGEMENTS).describe('In place of an earlier one of the same person.'),
      reason: reasonSchema,
    }),
    responses: {
      201: { description: 'Kept.', schema: feedbackSchema },
      404: { description: 'There is no such verdict.' },
    },
    handle: async ({ deps, body, principal }) => {
      const verdict = await deps.store.verdict(body.verdictId);
      if (verdict === undefined) throw noVerdict(body.verdictId);
      const row = { ...body, by: principal.name, at: deps.clock() };
      await deps.store.putFeedback(row, {
        audit: [
          {
            kind: 'feedback',
            at: row.at,
            actor: row.by,
            guardrail: verdict.guardrail,
            traceId: '',
            verdictId: verdict.id,
            body: { judgement: row.judgement, reason: row.reason },
          },
        ],
      });
      deps.events.publish({
        type: 'feedback',
        at: row.at,
        data: { verdict: verdict.id, judgement: row.judgement },
      });
      deps.judged(verdict.guardrail, row.judgement);
      return { status: 201, body: row };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/series',
    operationId: 'listSeries',
    summary: 'State and signals of each series',
    tag: 'verdicts',
    role: 'viewer',
    query: z.object({
      ...{ guardrail: z.string().optional(), firing: flagSchema },
      ...{ after: afterSchema, limit: pageSizeSchema.default(100) },
    }),
    responses: { 200: { description: 'At most `limit` at a time.', schema: pagesOf(seriesSchema) } },
    handle: ({ deps, query }) => {
      const all = deps.engine
        .series(query.guardrail)
        .filter((one) => !query.firing || one.state === 'firing' || one.state === 'probing');
      const keyOf = (one: SeriesView): string => `${one.guardrail}\n${canonicalJson(one.series)}`;
      return { status: 200, body: pageOf(all, keyOf, query) };
    },
  }),
];

function noVerdict(id: string): ApiError {
  return new ApiError(404, 'GUARDSPAN_NOT_FOUND', `There is no verdict ${id}.`, 'List the verdicts first.');
}
