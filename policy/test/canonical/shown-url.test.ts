import { describe, expect, it } from 'vitest';
import { shownUrl } from '../../src/canonical/shown-url.js';

describe('an address that others read', () => {
  it.each([
    ['https://user:word@receiver.example/hooks/a?token=s3cret#s3cret', 'https://receiver.example/hooks/a'],
    ['http://127.0.0.1:4318/', 'http://127.0.0.1:4318'],
    ['https://evaluator.example/api/v1/otlp/', 'https://evaluator.example/api/v1/otlp/'],
    // Made up, in the forms of Slack, Discord and Teams.
    [
      `https://hooks.slack.com/services/T0000AB12/B0000CD34/${'aB3dE6gH'.repeat(3)}`,
      'https://hooks.slack.com/services/T0000AB12/B0000CD34/***',
    ],
    [
      `https://discord.com/api/webhooks/123456789012345678/${'a1-B2_c3'.repeat(8)}`,
      'https://discord.com/api/webhooks/123456789012345678/***',
    ],
    [
      'https://x.webhook.office.com/webhookb2/6f1d2a30-0000-4000-8000-0123456789ab/IncomingWebhook/0123456789abcdef',
      'https://x.webhook.office.com/webhookb2/***/IncomingWebhook/***',
    ],
    ['https://receiver.example/a-rather-long-word', 'https://receiver.example/a-rather-long-word'],
  ])('%s is shown as %s', (text, shown) => {
    expect(shownUrl(new URL(text))).toBe(shown);
  });
});
