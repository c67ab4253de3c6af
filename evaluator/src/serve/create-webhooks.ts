import { readFileSync } from 'node:fs';
import { METRIC } from '@guardspan/policy';
import type { Logger } from 'pino';
import { createPoster } from '../alert/create-poster.js';
import { readSecrets, signWebhook } from '../alert/webhook/sign-webhook.js';
import { WebhookQueue } from '../alert/webhook/webhook-queue.js';
import { webhookEvents, webhookUrls } from '../config/alert-settings.js';
import type { EvaluatorConfig } from '../config/reference.js';
import type { EventStream } from '../http/deps.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Store } from '../store/types.js';

/** Options of {@link createWebhooks}. */
export interface CreateWebhooksOptions {
  store: Store;
  metrics: Metrics;
  log: Logger;
  events: EventStream;
  /** Seconds from epoch. */
  now: () => number;
  newId: () => string;
}

/** Seconds before a request to a receiver is given up. */
const TIMEOUT = 10;

/** The webhooks of a configuration, fed by the event stream. */
export function createWebhooks(
  config: EvaluatorConfig,
  options: CreateWebhooksOptions,
): { webhooks: WebhookQueue; close: () => void } {
  const { store, metrics, log, events, now, newId } = options;
  const urls = webhookUrls(config);
  const receiver = 'webhook';
  if (urls.length > 0)
    for (const outcome of ['sent', 'failed']) metrics.add(METRIC.NOTIFICATIONS, { receiver, outcome }, 0);
  const none = { user: '', passwordFile: '', tokenFile: '', caFile: '', certFile: '', keyFile: '' };
  const posters = new Map(
    urls.map((url) => [url, createPoster({ url, ...none, headers: { 'user-agent': 'guardspan' }, timeout: TIMEOUT })]),
  );
  const webhooks = new WebhookQueue({
    urls,
    send: async (row) => {
      const secrets = readSecrets(readFileSync(config.webhookSecretFile, 'utf8'));
      return posters.get(row.url)!.post(row.body, signWebhook(row, secrets, now()));
    },
    store,
    now,
    random: Math.random,
    newId,
    onSent: () => metrics.add(METRIC.NOTIFICATIONS, { receiver, outcome: 'sent' }, 1),
    onFailed: ({ id, attempts, reason }) => {
      metrics.add(METRIC.NOTIFICATIONS, { receiver, outcome: 'failed' }, 1);
      log.warn({ id, attempts, reason }, 'webhook was not taken');
    },
    onError: (error) => log.error({ err: error }, 'outbox of webhooks; it is tried again'),
  });
  const wanted = new Set<string>(webhookEvents(config));
  const { stop } = events.subscribe('', ({ type, at, data }) => {
    if (urls.length > 0 && wanted.has(type)) webhooks.enqueue(type, at, data);
  });
  return {
    webhooks,
    close: () => {
      stop();
      webhooks.close();
      for (const { close } of posters.values()) close();
    },
  };
}
