import { z } from 'zod';
import { defineRoute, type Route } from '../route.js';

const seconds = z.number().describe('Seconds from epoch; 0 for none.');
const texts = z.record(z.string(), z.string());
const alertSchema = z.object({
  labels: texts.describe('Without the external labels.'),
  annotations: texts,
  guardrail: z.string().describe('Empty for a storm alert.'),
  startsAt: seconds,
  quietSince: seconds,
  endedAt: seconds,
  folded: z.boolean().describe('A storm alert names it; it is not sent by itself.'),
  leftToRule: z.boolean().describe('No Alertmanager took it for half a minute: the Prometheus rule tells of it.'),
  traceId: z.string(),
});
const instanceSchema = z.object({
  url: z.string(),
  healthy: z.boolean(),
  reason: z.string().describe('Why the last request failed; empty when it did not.'),
  failingSince: seconds,
  lastSuccessAt: seconds,
  waiting: z.number().describe('Alerts that it has to be told.'),
});

/** What the evaluator itself tells the on-call tools. */
export const alertRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/alerts',
    operationId: 'listAlerts',
    summary: 'Alerts that last or ended within five minutes, and how the Alertmanagers take them',
    tag: 'alerts',
    role: 'viewer',
    responses: {
      200: {
        description: 'The outbox of alerts, newest first.',
        schema: z.object({ items: z.array(alertSchema), instances: z.array(instanceSchema) }),
      },
    },
    handle: ({ deps }) => {
      const items = deps.alerts
        .alerts()
        .sort((a, b) => b.startsAt - a.startsAt)
        .map(({ foldedInto, key: _key, version: _version, ...shown }) => ({ ...shown, folded: foldedInto !== '' }));
      const instances = deps.alerts
        .instances()
        .map((instance) => ({ ...instance, healthy: instance.failingSince === 0 }));
      return { status: 200, body: { items, instances } };
    },
  }),
];
