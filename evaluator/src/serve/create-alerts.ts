import { METRIC } from '@guardspan/policy';
import type { RevisedGuardrail } from '@guardspan/policy';
import type { Logger } from 'pino';
import { AlertBook } from '../alert/alert-book.js';
import { askAlertmanager } from '../alert/ask-alertmanager.js';
import { createPoster } from '../alert/create-poster.js';
import { DirectAlerts } from '../alert/direct-alerts.js';
import { InstanceSender } from '../alert/instance-sender.js';
import type { AlertRow } from '../alert/types.js';
import { alertmanagerUrls, externalLabels } from '../config/alert-settings.js';
import type { EvaluatorConfig } from '../config/reference.js';
import type { EventPublisher, PendingDirective } from '../http/deps.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Store } from '../store/types.js';

/** Options of {@link createAlerts}. */
export interface CreateAlertsOptions {
  store: Store;
  metrics: Metrics;
  log: Logger;
  events: EventPublisher;
  /** Seconds from epoch. */
  now: () => number;
  guardrail: (name: string) => RevisedGuardrail | undefined;
  /** Actions of a guard-rail that wait for a person. */
  waiting: (guardrail: string) => readonly PendingDirective[];
}

/** Seconds that the end of an alert is repeated: an Alertmanager that lost it may come back within. */
const LINGER = 300;
/** Seconds before a request to an Alertmanager is given up. */
const TIMEOUT = 5;

/** The alerts of an evaluator, wired to the Alertmanagers of its configuration. */
export function createAlerts(
  config: EvaluatorConfig,
  options: CreateAlertsOptions,
): { alerts: DirectAlerts; close: () => void } {
  const { store, metrics, log, events, now, guardrail, waiting } = options;
  const book = new AlertBook({
    hold: config.alertHold,
    linger: LINGER,
    budget: config.alertBudget,
    links: {
      evaluator: trimmed(config.publicUrl === '' ? `http://${config.listen}` : config.publicUrl),
      docs: trimmed(config.docsUrl),
      grafana: trimmed(config.grafanaUrl),
      trace: config.traceUrl,
    },
    guardrail,
    waiting,
  });
  const receiver = 'alertmanager';
  const urls = alertmanagerUrls(config);
  if (urls.length > 0)
    for (const outcome of ['sent', 'failed']) metrics.add(METRIC.NOTIFICATIONS, { receiver, outcome }, 0);
  const timed = new Set<string>();
  const onAccepted = (rows: readonly AlertRow[]): void => {
    metrics.add(METRIC.NOTIFICATIONS, { receiver, outcome: 'sent' }, rows.length);
    for (const { key, startsAt, endedAt } of rows) {
      // Once for each alert that this process saw begin, whichever Alertmanager is the first.
      if (endedAt > 0) timed.delete(key);
      else if (!timed.has(key)) {
        timed.add(key);
        if (startsAt >= startedAt) metrics.observe(METRIC.NOTIFICATION_DURATION, Math.max(0, now() - startsAt));
      }
    }
  };
  const startedAt = now();
  const posters = urls.map((url) =>
    createPoster({
      url,
      user: config.alertmanagerUser,
      passwordFile: config.alertmanagerPasswordFile,
      tokenFile: config.alertmanagerTokenFile,
      caFile: config.alertmanagerCaFile,
      certFile: config.alertmanagerCertFile,
      keyFile: config.alertmanagerKeyFile,
      headers: config.alertmanagerTenant === '' ? {} : { 'x-scope-orgid': config.alertmanagerTenant },
      timeout: TIMEOUT,
    }),
  );
  const senders: InstanceSender[] = urls.map(
    (url, index) =>
      new InstanceSender({
        url,
        post: (body) => posters[index]!.post(body),
        ask: () => askAlertmanager((path) => posters[index]!.get(path)),
        othersReady: () => senders.some((other, at) => at !== index && other.ready),
        now,
        random: Math.random,
        resend: config.alertResend,
        externalLabels: externalLabels(config),
        alerts: () => book.alerts(),
        onAccepted,
        onFailed: (reason, count) => {
          metrics.add(METRIC.NOTIFICATIONS, { receiver, outcome: 'failed' }, count);
          log.warn({ url, reason, alerts: count }, 'Alertmanager did not take alerts; they are sent again');
        },
      }),
  );
  const alerts = new DirectAlerts({
    book,
    senders,
    store,
    now,
    onError: (error) => log.error({ err: error }, 'outbox of alerts; it is tried again'),
    onChanged: ({ labels, annotations, startsAt, endedAt, foldedInto }) =>
      events.publish({
        type: 'alert',
        at: endedAt > 0 ? endedAt : startsAt,
        data: { state: endedAt > 0 ? 'resolved' : 'firing', folded: foldedInto !== '', labels, annotations },
      }),
  });
  return {
    alerts,
    close: () => {
      alerts.close();
      for (const { close } of posters) close();
    },
  };
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}
