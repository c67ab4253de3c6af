import { z } from 'zod';
import { COLLECTIONS } from '../documents/collections.js';
import { proposeBaseline } from '../documents/propose-baseline.js';
import { defineRoute, type Route } from '../route.js';
import { publishResultSchema } from '../schemas.js';
import { publishReply } from './documents.js';

const baselined = publishResultSchema(COLLECTIONS.find(({ kind }) => kind === 'Guardrail')).extend({
  source: z.string().describe('The document with the new baseline.'),
  baseline: z.looseObject({ model: z.string(), calls: z.number() }),
});

/** New baselines of guard-rails that have a frozen one. */
export const baselineRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/api/v1/guardrails/{name}/baseline',
    operationId: 'proposeBaseline',
    summary: 'Propose a new frozen baseline from the closed buckets of a series; an approver decides',
    tag: 'guard-rails',
    role: 'editor',
    body: z.object({
      series: z
        .record(z.string(), z.string())
        .default({})
        .describe('`groupBy` field to value; empty when there is one series.'),
      from: z.number().optional().describe('Seconds from epoch; seven days before `to` when left out.'),
      to: z.number().optional().describe('Seconds from epoch; now when left out.'),
      dryRun: z.boolean().default(false),
    }),
    responses: {
      200: {
        description: 'A dry run, or git owns the document: `source` is to be committed there.',
        schema: baselined,
      },
      202: { description: 'Waits for an approver who is not the author.', schema: baselined },
      404: { description: 'There is no such guard-rail.' },
      409: { description: 'It has no baseline, no such series, or no calls in that time.' },
    },
    handle: async ({ deps, params, body, principal }) => {
      const name = params['name']!;
      const key = { kind: 'Guardrail', name } as const;
      const to = body.to ?? deps.clock();
      const from = body.from ?? to - 7 * 86_400;
      const { source, baseline, document, warnings } = await proposeBaseline(deps, {
        ...{ name, series: body.series, from, to },
      });
      const origin = document.normal.metadata.managedBy;
      const { version, ...rest } = await deps.documents.publish({
        ...{ text: source, key, file: name, origin, author: principal.name, approver: '' },
        ...{ expected: document.revision, dryRun: body.dryRun || origin === 'git', allowPartial: true },
      });
      const committed = 'git owns it: commit `source` to its repository, where whoever reviews it approves it.';
      const told = [...rest.warnings, ...warnings, ...(origin === 'git' ? [committed] : [])];
      const reply = publishReply(deps, version, { ...rest, warnings: told });
      return { ...reply, body: { ...(reply.body as object), source, baseline } };
    },
  }),
];
