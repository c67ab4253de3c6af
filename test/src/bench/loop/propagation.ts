import { setTimeout as sleep } from 'node:timers/promises';
import { monotonic } from '../process/clock.js';
import { callIds, feedRequest } from '../process/feed-request.js';
import { HttpClient } from '../process/http-client.js';
import { quantile } from '../process/quantile.js';
import { createRandom } from '../support/random.js';
import { Clients } from './clients.js';
import { TRIGGER_MODEL } from './documents.js';

/** Propagation of one set-up: every trial and connection is one sample. */
export interface Propagation {
  p50_ms: number;
  p99_ms: number;
  max_ms: number;
  /** p99 over trials of the first connection that had it, and of the last. */
  first_p99_ms: number;
  last_p99_ms: number;
  trials: number;
}

/** Options of {@link measurePropagation}. */
export interface PropagationOptions {
  evaluator: string;
  /** Base URL of the OTLP/HTTP receiver that gets the records: the evaluator's or a Collector's. */
  feed: string;
  clients: number;
  trials: number;
  /** Part of the tenants' names, so that no series of an earlier run is met. */
  name: string;
}

/** Trials that count for nothing: the code of an evaluator that just started is not compiled yet. */
const WARM_UP = 20;

/** Time from sending a feed record that crosses a threshold until each connection has the directive. */
export async function measurePropagation(options: PropagationOptions): Promise<Propagation> {
  const { evaluator, feed, trials, name } = options;
  const clients = await Clients.open({ url: evaluator, count: options.clients });
  const http = new HttpClient();
  const random = createRandom(options.clients);
  const all: number[] = [];
  const first: number[] = [];
  const last: number[] = [];
  // The joins of the clients are over, and the connection of the records is open.
  await sleep(1000);
  for (let trial = -WARM_UP; trial < trials; trial++) {
    const tenant = `${name}-${trial + WARM_UP}`;
    const body = feedRequest('bench', [
      {
        ...callIds(3, trial + WARM_UP + 1_000_000 * options.clients),
        model: TRIGGER_MODEL,
        tenant,
        startedAt: Date.now() / 1000 - 0.2,
        duration: 0.2,
        errorType: '',
        inputTokens: 10,
        outputTokens: 10,
      },
    ]);
    const enforced = clients.enforced(tenant);
    const sentAt = monotonic();
    const answered = http.send('POST', `${feed}/v1/traces`, body);
    const times = (await enforced).map((at) => at - sentAt);
    const { status } = await answered;
    if (status !== 200) throw new Error(`a record was answered with ${status}`);
    if (trial >= 0) {
      all.push(...times);
      first.push(quantile(times, 0));
      last.push(quantile(times, 1));
    }
    await sleep(50 + random() * 100);
  }
  clients.close();
  http.close();
  const round = (value: number): number => Math.round(value * 10) / 10;
  return {
    p50_ms: round(quantile(all, 0.5)),
    p99_ms: round(quantile(all, 0.99)),
    max_ms: round(quantile(all, 1)),
    first_p99_ms: round(quantile(first, 0.99)),
    last_p99_ms: round(quantile(last, 0.99)),
    trials,
  };
}
