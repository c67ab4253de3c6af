import { callIds } from '../process/feed-request.js';
import type { FeedCall } from '../process/feed-request.js';
import { createRandom } from '../support/random.js';

/** Calls of one batch of each stream; one of the judged stream holds enough to judge every tenant. */
const BATCH = 25;
const JUDGED_BATCH = 100;
const JUDGED_TENANTS = 5;
const COUNTED_TENANTS = 10;
/** Batches after which a tenant that failed goes well, and the other way round. */
const PHASE = 4;

/**
 * The n-th batch of the judged stream: the same for the same number but for its time. Tenants take turns in failing most of their calls, so that a
 * guard-rail on their error ratio fires and is released many times.
 *
 * @param at Seconds from epoch.
 */
export function judgedBatch(n: number, at: number): FeedCall[] {
  const random = createRandom(n + 1);
  return Array.from({ length: JUDGED_BATCH }, (_, i) => {
    const tenant = Math.floor(random() * JUDGED_TENANTS);
    const failing = (Math.floor(n / PHASE) + tenant) % 2 === 0;
    return {
      ...callIds(1, n * JUDGED_BATCH + i),
      model: 'crash-judged',
      tenant: `judged-${tenant}`,
      startedAt: at,
      duration: 0.2,
      errorType: random() < (failing ? 0.9 : 0.02) ? 'timeout' : '',
      inputTokens: Math.floor(random() * 1000),
      outputTokens: Math.floor(random() * 1000),
    };
  });
}

/** The n-th batch of the counted stream. */
export function countedBatch(n: number, at: number): FeedCall[] {
  const random = createRandom(n + 1_000_000_000);
  return Array.from({ length: BATCH }, (_, i) => ({
    ...callIds(2, n * BATCH + i),
    model: 'crash-counted',
    tenant: `counted-${Math.floor(random() * COUNTED_TENANTS)}`,
    startedAt: at,
    duration: 0.2,
    errorType: '',
    inputTokens: Math.floor(random() * 1000),
    outputTokens: Math.floor(random() * 1000),
  }));
}
