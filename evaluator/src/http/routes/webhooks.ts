import { shownUrl } from '@guardspan/policy';
import { z } from 'zod';
import { defineRoute, type Route } from '../route.js';

const seconds = z.number().describe('Seconds from epoch; 0 for none.');
const webhookSchema = z.object({
  id: z.string(),
  url: z
    .string()
    .describe('Without what in it may be a secret: name, password, query, and parts of the path that look like keys.'),
  at: seconds,
  attempts: z.number(),
  nextAt: seconds,
  reason: z.string().describe('Why the last attempt failed.'),
  deadAt: seconds.describe('When it was given up.'),
});

/** Messages to receivers of the user's own. */
export const webhookRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/webhooks',
    operationId: 'listWebhooks',
    summary: 'Webhooks that wait, and dead letters, oldest first',
    tag: 'alerts',
    role: 'viewer',
    responses: { 200: { description: 'Without their content.', schema: z.object({ items: z.array(webhookSchema) }) } },
    handle: ({ deps }) => ({
      status: 200,
      body: {
        items: deps.webhooks
          .rows()
          .map(({ body: _body, url, ...shown }) => ({ ...shown, url: shownUrl(new URL(url)) })),
      },
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/webhooks/replay',
    operationId: 'replayWebhooks',
    summary: 'Send dead letters again',
    tag: 'alerts',
    role: 'editor',
    body: z.strictObject({
      ids: z.array(z.string().min(1).max(64)).max(1000).optional().describe('All of them when left out.'),
    }),
    responses: { 200: { description: 'They are on their way.', schema: z.object({ replayed: z.number() }) } },
    handle: ({ deps, body }) => ({ status: 200, body: { replayed: deps.webhooks.replay(body.ids) } }),
  }),
];
