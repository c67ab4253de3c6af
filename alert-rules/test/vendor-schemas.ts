import { z } from 'zod';

/**
 * What each vendor's public API reference says that it takes, strict: a key that is not documented fails. Written from the references, which are named;
 * none of them is published as a schema.
 */

const texts = z.record(z.string(), z.string());
const rfc3339 = z.iso.datetime({ offset: true });

/** PagerDuty, Events API v2, "Send an Alert Event": developer.pagerduty.com/docs/send-alert-event */
export const pagerdutyEvent = z
  .strictObject({
    routing_key: z.string().length(32),
    event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
    dedup_key: z.string().min(1).max(255),
    client: z.string().optional(),
    client_url: z.url().optional(),
    payload: z
      .strictObject({
        summary: z.string().min(1).max(1024),
        source: z.string().min(1),
        severity: z.enum(['critical', 'error', 'warning', 'info']),
        timestamp: rfc3339.optional(),
        component: z.string().optional(),
        group: z.string().optional(),
        class: z.string().optional(),
        custom_details: z.record(z.string(), z.unknown()).optional(),
      })
      .optional(),
    images: z
      .array(z.strictObject({ src: z.url(), href: z.url().optional(), alt: z.string().optional() }))
      .nullable()
      .optional(),
    links: z.array(z.strictObject({ href: z.url(), text: z.string().optional() })).optional(),
  })
  .refine(({ event_action: action, payload }) => action !== 'trigger' || payload !== undefined, {
    message: 'a trigger needs a payload',
  });

/** Opsgenie, Alert API, "Create Alert": docs.opsgenie.com/docs/alert-api#create-alert */
export const opsgenieAlert = z.strictObject({
  message: z.string().min(1).max(130),
  alias: z.string().max(512),
  description: z.string().max(15_000).optional(),
  responders: z.array(z.record(z.string(), z.string())).optional(),
  details: texts.optional(),
  source: z.string().max(100).optional(),
  tags: z.array(z.string().max(50)).max(20).optional(),
  note: z.string().max(25_000).optional(),
  priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']).optional(),
  entity: z.string().max(512).optional(),
  actions: z.array(z.string().max(50)).max(10).optional(),
});

/** Opsgenie, Alert API, "Close Alert": docs.opsgenie.com/docs/alert-api#close-alert */
export const opsgenieClose = z.strictObject({
  user: z.string().max(100).optional(),
  source: z.string().max(100).optional(),
  note: z.string().max(25_000).optional(),
});

/** Slack, incoming webhooks with secondary attachments: docs.slack.dev/messaging/formatting-message-text, "Legacy fields"; api.slack.com/reference/messaging/attachments */
export const slackMessage = z.strictObject({
  channel: z.string().optional(),
  username: z.string().optional(),
  icon_emoji: z.string().optional(),
  icon_url: z.string().optional(),
  link_names: z.boolean().optional(),
  text: z.string().optional(),
  attachments: z
    .array(
      z.strictObject({
        title: z.string().max(1024),
        title_link: z.url(),
        pretext: z.string().optional(),
        text: z.string().min(1).max(40_000),
        fallback: z.string().min(1),
        callback_id: z.string().optional(),
        color: z.string().regex(/^(good|warning|danger|#[0-9a-fA-F]{6})$/),
        footer: z.string().optional(),
        mrkdwn_in: z.array(z.enum(['pretext', 'text', 'fields'])).optional(),
      }),
    )
    .min(1)
    .max(100),
});

/** Microsoft Teams, "Post in a channel when a webhook request is received": learn.microsoft.com, adaptive cards for incoming webhooks; at most 28 KB. */
export const teamsMessage = z.strictObject({
  type: z.literal('message'),
  attachments: z
    .array(
      z.strictObject({
        contentType: z.literal('application/vnd.microsoft.card.adaptive'),
        contentUrl: z.string().nullable(),
        content: z.strictObject({
          $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
          type: z.literal('AdaptiveCard'),
          version: z.string().regex(/^1\.[0-6]$/),
          msteams: z.strictObject({ width: z.literal('full') }).optional(),
          body: z
            .array(
              z.strictObject({
                type: z.literal('TextBlock'),
                text: z.string().min(1),
                weight: z.enum(['Bolder', 'Default', 'Lighter']).optional(),
                size: z.enum(['Small', 'Default', 'Medium', 'Large', 'ExtraLarge']).optional(),
                color: z.enum(['Default', 'Dark', 'Light', 'Accent', 'Good', 'Warning', 'Attention']).optional(),
                wrap: z.boolean().optional(),
                style: z.enum(['default', 'heading']).optional(),
              }),
            )
            .min(1),
        }),
      }),
    )
    .length(1),
});

/** Alertmanager's webhook, version 4: prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export const webhookV4 = z.strictObject({
  version: z.literal('4'),
  groupKey: z.string().min(1),
  truncatedAlerts: z.number().int().min(0),
  status: z.enum(['firing', 'resolved']),
  notification_reason: z.string().optional(),
  receiver: z.string().min(1),
  groupLabels: texts,
  commonLabels: texts,
  commonAnnotations: texts,
  externalURL: z.url(),
  alerts: z
    .array(
      z.strictObject({
        status: z.enum(['firing', 'resolved']),
        labels: texts,
        annotations: texts,
        startsAt: rfc3339,
        endsAt: rfc3339,
        generatorURL: z.url(),
        fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
      }),
    )
    .min(1),
});

/** Grafana IRM, integration "Alertmanager": the webhook above; it groups by `groupKey`, ends on `resolved`, links `runbook_url`, takes 100 alerts. */
export const grafanaIrm = webhookV4.refine(
  ({ alerts, commonAnnotations }) => alerts.length <= 100 && URL.canParse(commonAnnotations['runbook_url'] ?? ''),
  { message: 'at most 100 alerts, with a runbook_url in common' },
);
