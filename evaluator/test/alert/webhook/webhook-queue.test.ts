import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readSecrets, signWebhook } from '../../../src/alert/webhook/sign-webhook.js';
import type { WebhookRow } from '../../../src/alert/webhook/types.js';
import { WebhookQueue } from '../../../src/alert/webhook/webhook-queue.js';

const URLS = ['https://a.example/', 'https://b.example/'];

/** A store that keeps rows in a map. */
function memory(): { rows: Map<string, WebhookRow>; store: ConstructorParameters<typeof WebhookQueue>[0]['store'] } {
  const rows = new Map<string, WebhookRow>();
  return {
    rows,
    store: {
      putWebhooks: async (put, remove) => {
        for (const row of put) rows.set(row.id, structuredClone(row));
        for (const id of remove) rows.delete(id);
      },
      webhooks: async () => [...rows.values()],
    },
  };
}

/** A queue on virtual time; `answer` decides what a receiver says. */
function harness(answer: (row: WebhookRow) => number | Error, urls: readonly string[] = URLS, kept = memory()) {
  const world = { now: 1000, sent: [] as WebhookRow[] };
  let ids = 0;
  const queue = new WebhookQueue({
    urls,
    send: async (row) => {
      world.sent.push(row);
      const result = answer(row);
      if (result instanceof Error) throw result;
      return result;
    },
    store: kept.store,
    now: () => world.now,
    random: () => 1,
    newId: () => String(++ids),
    onSent: () => undefined,
    onFailed: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
  };
  return { world, queue, settle, rows: kept.rows };
}

describe('webhooks', () => {
  it('tell every receiver once, and are forgotten when they were taken', async () => {
    const { world, queue, settle, rows } = harness(() => 204);
    queue.enqueue('kill', 1000, { change: 'engaged' });
    await settle();
    queue.tick();
    await settle();
    expect(world.sent.map(({ url }) => url)).toEqual(URLS);
    expect(JSON.parse(world.sent[0]!.body)).toEqual({
      ...{ id: 'msg_1', type: 'kill', timestamp: '1970-01-01T00:16:40.000Z', data: { change: 'engaged' } },
    });
    expect(queue.rows()).toEqual([]);
    expect(rows.size).toBe(0);
  });

  it('are tried ten times over more than an hour, the same text each time, and are dead letters then', async () => {
    const { world, queue, settle, rows } = harness(() => 500, [URLS[0]!]);
    queue.enqueue('kill', 1000, {});
    for (let step = 0; step < 20_000 && queue.rows()[0]?.deadAt === 0; step++) {
      await settle();
      world.now += 1;
      queue.tick();
    }
    await settle();
    expect(new Set(world.sent.map(({ body }) => body)).size).toBe(1);
    expect(world.sent).toHaveLength(10);
    expect(world.now - 1000).toBeGreaterThan(3600);
    expect(queue.rows()).toMatchObject([{ id: 'msg_1', attempts: 10, reason: 'it answered 500', nextAt: 0 }]);
    queue.tick();
    await settle();
    expect([...rows.values()]).toEqual(queue.rows());
  });

  it('that are dead are sent again when asked, all of them or those that are named', async () => {
    let well = false;
    const { world, queue, settle } = harness(() => (well ? 200 : new Error('it cannot be reached (ECONNREFUSED)')));
    queue.enqueue('kill', 1000, {});
    for (let step = 0; step < 9000 && queue.rows().some(({ deadAt }) => deadAt === 0); step++) {
      await settle();
      world.now += 1;
      queue.tick();
    }
    well = true;
    expect(queue.replay(['unknown'])).toBe(0);
    expect(queue.replay(['msg_2'])).toBe(1);
    await settle();
    expect(queue.rows().map(({ id }) => id)).toEqual(['msg_1']);
    expect(queue.replay(undefined)).toBe(1);
    await settle();
    expect(queue.rows()).toEqual([]);
  });

  it('survive a restart; those of a receiver that is no longer configured are dead letters', async () => {
    const kept = memory();
    const before = harness(() => 503, URLS, kept);
    before.queue.enqueue('kill', 1000, {});
    await before.settle();
    before.queue.tick();
    await before.settle();
    expect(kept.rows.size).toBe(2);
    const after = harness(() => 200, [URLS[0]!], kept);
    await after.queue.restore();
    after.world.now += 60;
    after.queue.tick();
    await after.settle();
    expect(after.world.sent.map(({ id, url }) => [id, url])).toEqual([['msg_1', URLS[0]]]);
    expect(after.queue.rows()).toMatchObject([{ id: 'msg_2', reason: 'its receiver is not configured' }]);
  });

  it('are bounded: a thousand wait for a receiver, further ones are dead letters, of which the newest thousand stay', async () => {
    const { queue, settle } = harness(() => new Error('down'), [URLS[0]!]);
    for (let index = 0; index < 2500; index++) queue.enqueue('kill', 1000, {});
    await settle();
    const rows = queue.rows();
    expect(rows.filter(({ deadAt }) => deadAt === 0)).toHaveLength(1000);
    expect(rows.filter(({ deadAt }) => deadAt > 0)).toHaveLength(1000);
  });
});

describe('the signature', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

  it('is that of Standard Webhooks, one for each secret', () => {
    const other = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
    const headers = signWebhook({ id: 'msg_1', body: '{"a":1}' }, readSecrets(`${secret}\n${other}\n`), 1000.9);
    const expected = createHmac('sha256', Buffer.alloc(32, 7)).update('msg_1.1000.{"a":1}').digest('base64');
    expect(headers['webhook-id']).toBe('msg_1');
    expect(headers['webhook-timestamp']).toBe('1000');
    expect(headers['webhook-signature']!.split(' ')[0]).toBe(`v1,${expected}`);
    expect(headers['webhook-signature']!.split(' ')).toHaveLength(2);
  });

  it('is the one of the example of the specification', () => {
    // github.com/standard-webhooks/standard-webhooks, spec: the example that its libraries are tested with.
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' };
    const headers = signWebhook(message, readSecrets('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), 1_614_265_330);
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it.each([
    ['', /there is no secret/],
    ['secret', /line 1 is no secret/],
    [`${secret}\nwhsec_c2hvcnQ=`, /line 2 is no secret/],
  ])('of %j is refused, without telling it', (text, message) => {
    expect(() => readSecrets(text)).toThrow(message);
  });
});
