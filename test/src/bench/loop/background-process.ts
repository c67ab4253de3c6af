import { callIds, feedRequest } from '../process/feed-request.js';
import type { FeedCall } from '../process/feed-request.js';
import { HttpClient } from '../process/http-client.js';
import { createRandom } from '../support/random.js';
import type { BackgroundReply, BackgroundRequest } from './background.js';
import { BACKGROUND } from './documents.js';

/** Requests that wait for an answer at most; beyond, requests are left out and show in the rate. */
const MAX_WAITING = 1000;
/** Longest time that is made up for after a pause, milliseconds. */
const MAX_BEHIND = 100;

const totals = { sent: 0, acknowledged: 0, failed: 0, startedAt: 0 };
const random = createRandom(7);
let number = 0;

function batch(size: number): FeedCall[] {
  const now = Date.now() / 1000;
  return Array.from({ length: size }, () => ({
    ...callIds(process.pid, number++),
    model: BACKGROUND.MODEL,
    tenant: `tenant-${Math.floor(random() * BACKGROUND.TENANTS)}`,
    startedAt: now - 0.3,
    duration: 0.1 + random() * 0.2,
    errorType: random() < 0.01 ? 'timeout' : '',
    inputTokens: Math.floor(random() * 1000),
    outputTokens: Math.floor(random() * 1000),
  }));
}

function run({ url, spansPerSecond, batchSize }: BackgroundRequest): void {
  const client = new HttpClient(MAX_WAITING);
  const interval = (batchSize / spansPerSecond) * 1000;
  let due = performance.now();
  let waiting = 0;
  totals.startedAt = performance.now();
  setInterval(() => {
    const now = performance.now();
    due = Math.max(due, now - MAX_BEHIND);
    for (; due <= now; due += interval) {
      if (waiting >= MAX_WAITING) continue;
      waiting++;
      totals.sent += batchSize;
      client
        .send('POST', `${url}/v1/traces`, feedRequest('bench-background', batch(batchSize)))
        .then(
          ({ status }) => {
            if (status === 200) totals.acknowledged += batchSize;
            else totals.failed += batchSize;
          },
          () => (totals.failed += batchSize),
        )
        .finally(() => waiting--);
    }
  }, 2);
}

process.on('message', (message: BackgroundRequest | 'rate') => {
  if (message !== 'rate') return run(message);
  const seconds = (performance.now() - totals.startedAt) / 1000;
  const { sent, acknowledged, failed } = totals;
  const answer: BackgroundReply = { spansPerSecond: acknowledged / seconds, sent, acknowledged, failed };
  process.send?.(answer);
});
process.on('disconnect', () => process.exit());
