import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebhookRow } from '../../src/alert/webhook/types.js';
import { startHarness, type Harness } from './harness.js';

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.close());

const row: WebhookRow = {
  ...{
    id: 'msg_1',
    url: 'https://receiver.example/hooks/a1b2c3d4e5f6a7b8?token=s3cret#s3cret',
    body: '{"secret":"s3cret"}',
  },
  ...{ at: 1, attempts: 2, nextAt: 0, reason: 'it answered 500', deadAt: 3 },
};

describe('webhooks that wait', () => {
  it('are shown without their content, and without what in an address may be a secret', async () => {
    h.deps.webhooks.rows = () => [row];
    const response = await h.call('GET', '/api/v1/webhooks', 'vera-viewer');
    const { body: _, ...shown } = row;
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ items: [{ ...shown, url: 'https://receiver.example/hooks/***' }] });
  });
});
