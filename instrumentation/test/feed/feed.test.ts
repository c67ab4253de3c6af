import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Feed } from '../../src/feed/feed.js';
import type { BatchEncoder, ExportOutcome, FeedLimits, SendBatch } from '../../src/feed/feed.js';
import type { FeedRecord } from '../../src/feed/feed-record.js';

const record = (name: string): FeedRecord => ({ name }) as FeedRecord;

/** Writes a record as its name. */
function encoder(): BatchEncoder {
  let names: string[] = [];
  return {
    add: ({ name }) => {
      if (name === 'unwritable') throw new TypeError('it cannot be written');
      names.push(name);
    },
    take: () => {
      const body = Buffer.from(JSON.stringify(names));
      names = [];
      return body;
    },
  };
}

const namesIn = (body: Buffer): string[] => JSON.parse(body.toString()) as string[];

/** A feed to a receiver. */
const feedTo = (send: SendBatch, limits?: Partial<FeedLimits>): Feed => new Feed(encoder(), send, limits);

/** A receiver whose answers a test gives. */
function receiver(): { batches: string[][]; answers: ((outcome: ExportOutcome) => void)[]; send: SendBatch } {
  const batches: string[][] = [];
  const answers: ((outcome: ExportOutcome) => void)[] = [];
  return {
    batches,
    answers,
    send: (body) => {
      batches.push(namesIn(body));
      return new Promise((resolve) => answers.push(resolve));
    },
  };
}

describe('guard feed', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends the calls of one burst in one batch', async () => {
    const { batches, send } = receiver();
    const feed = feedTo(send);
    for (let i = 0; i < 5; i++) feed.add(record(String(i)));
    await vi.advanceTimersByTimeAsync(20);
    expect(batches).toEqual([['0', '1', '2', '3', '4']]);
  });

  it('sends ever larger batches less often while many calls come together, and the first one after a pause at once', async () => {
    const { batches, answers, send } = receiver();
    const feed = feedTo(send);
    /** Three calls each millisecond. */
    const traffic = async (milliseconds: number): Promise<void> => {
      for (let i = 0; i < milliseconds; i++) {
        for (const name of ['a', 'b', 'c']) feed.add(record(name));
        await vi.advanceTimersByTimeAsync(1);
        for (const answer of answers.splice(0)) answer('ok');
      }
    };
    await vi.advanceTimersByTimeAsync(100);
    await traffic(400);
    // The first at once, one after 15 ms, the others after 50 ms each.
    expect(batches.length).toBeGreaterThanOrEqual(8);
    expect(batches.length).toBeLessThanOrEqual(11);
    await vi.advanceTimersByTimeAsync(100);
    const before = batches.length;
    feed.add(record('late'));
    await vi.advanceTimersByTimeAsync(1);
    expect(batches.slice(before)).toEqual([['late']]);
  });

  it('keeps no more than four exports under way', async () => {
    const { batches, answers, send } = receiver();
    const feed = feedTo(send, { maxBatch: 1 });
    for (let i = 0; i < 9; i++) feed.add(record(String(i)));
    await vi.advanceTimersByTimeAsync(50);
    expect(batches).toHaveLength(4);
    answers.forEach((answer) => answer('ok'));
    await vi.advanceTimersByTimeAsync(50);
    expect(batches).toHaveLength(8);
  });

  it('drops what has no room, and counts it', async () => {
    const { send } = receiver();
    const feed = feedTo(send, { maxQueue: 10 });
    for (let i = 0; i < 25; i++) feed.add(record(String(i)));
    expect(feed.dropped).toBe(15);
    expect(feed.queued).toBe(10);
  });

  it('counts what is under way among what it holds, so that there is room for what has to be sent again', async () => {
    const { answers, send } = receiver();
    const feed = feedTo(send, { maxQueue: 10, maxBatch: 4 });
    for (let i = 0; i < 10; i++) feed.add(record(String(i)));
    await vi.advanceTimersByTimeAsync(20);
    expect(feed.queued).toBe(0);
    feed.add(record('more'));
    expect(feed.dropped).toBe(1);
    for (const answer of answers.splice(0)) answer('retry');
    await vi.advanceTimersByTimeAsync(1);
    expect([feed.queued, feed.dropped]).toEqual([10, 1]);
  });

  it('does without a record that cannot be written', async () => {
    const { batches, send } = receiver();
    const feed = feedTo(send);
    feed.add(record('a'));
    expect(() => feed.add(record('unwritable'))).toThrow('it cannot be written');
    expect(feed.queued).toBe(1);
    await vi.advanceTimersByTimeAsync(20);
    expect(batches).toEqual([['a']]);
  });

  it('loses nothing over a restart of the receiver, and keeps the order', async () => {
    const taken: string[] = [];
    let away = true;
    const feed = feedTo((body) => {
      if (away) return Promise.resolve('retry');
      taken.push(...namesIn(body));
      return Promise.resolve('ok');
    });
    for (let i = 0; i < 100; i++) {
      feed.add(record(String(i)));
      await vi.advanceTimersByTimeAsync(30);
    }
    expect(taken).toEqual([]);
    away = false;
    await vi.advanceTimersByTimeAsync(6000);
    expect(taken).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
    expect(feed.dropped).toBe(0);
  });

  it('asks a receiver that is away ever less often', async () => {
    let asked = 0;
    const feed = feedTo(() => {
      asked += 1;
      return Promise.resolve('retry');
    });
    feed.add(record('a'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBeGreaterThan(10);
    expect(asked).toBeLessThan(20);
  });

  it('takes batches that fail together for one failure', async () => {
    const { batches, answers, send } = receiver();
    const feed = feedTo(send, { maxBatch: 1, backoff: 100, maxBackoff: 10_000 });
    for (let i = 0; i < 4; i++) feed.add(record(String(i)));
    await vi.advanceTimersByTimeAsync(20);
    expect(batches).toHaveLength(4);
    for (const answer of answers.splice(0)) answer('retry');
    await vi.advanceTimersByTimeAsync(130);
    expect(batches.length).toBeGreaterThan(4);
  });

  it('tries at once when something says that the network is back', async () => {
    const { batches, answers, send } = receiver();
    const feed = feedTo(send, { backoff: 60_000, maxBackoff: 60_000 });
    feed.add(record('a'));
    await vi.advanceTimersByTimeAsync(20);
    answers.splice(0)[0]!('retry');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(batches).toHaveLength(1);
    feed.retryNow();
    await vi.advanceTimersByTimeAsync(20);
    expect(batches).toEqual([['a'], ['a']]);
  });

  it('counts what a receiver refuses for good', async () => {
    const feed = feedTo(() => Promise.resolve('refused'));
    feed.add(record('a'));
    feed.add(record('b'));
    await vi.advanceTimersByTimeAsync(50);
    expect(feed.dropped).toBe(2);
    expect(feed.queued).toBe(0);
  });

  it('flushes what waits, and gives up on a receiver that does not answer', async () => {
    const { batches, send } = receiver();
    const feed = feedTo(send);
    feed.add(record('a'));
    const flushed = feed.flush(1500);
    expect(batches).toEqual([['a']]);
    await vi.advanceTimersByTimeAsync(1500);
    await expect(flushed).resolves.toBeUndefined();
  });
});
