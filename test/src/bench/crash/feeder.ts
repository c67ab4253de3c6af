import { setTimeout as sleep } from 'node:timers/promises';
import { feedRequest } from '../process/feed-request.js';
import type { FeedCall } from '../process/feed-request.js';
import { HttpClient } from '../process/http-client.js';
import type { Target } from './target.js';

/** Milliseconds between two attempts. */
const RETRY = 20;

/** What the records that were acknowledged add up to, for one tenant. */
export interface Truth {
  calls: number;
  tokens: number;
}

/** Sends batches until each is answered with 200, as exporters do, and adds up what was acknowledged. */
export class Feeder {
  readonly truth = new Map<string, Truth>();
  acknowledged = 0;
  retries = 0;
  readonly #client = new HttpClient();

  constructor(private readonly target: Target) {}

  /** Resolves when the batch is acknowledged. @throws Error when the evaluator refuses records for good */
  async send(service: string, calls: readonly FeedCall[]): Promise<void> {
    await this.deliver(feedRequest(service, calls));
    this.acknowledged += calls.length;
    for (const { tenant, inputTokens, outputTokens } of calls) {
      const sum = this.truth.get(tenant) ?? { calls: 0, tokens: 0 };
      sum.calls++;
      sum.tokens += inputTokens + outputTokens;
      this.truth.set(tenant, sum);
    }
  }

  /** Sends a body until it is answered with 200; counts nothing. */
  async deliver(body: string): Promise<void> {
    for (;;) {
      const url = await this.target.url();
      try {
        const answer = await this.#client.send('POST', `${url}/v1/traces`, body);
        if (answer.status === 200) {
          const rejected = /"rejectedSpans":"?([1-9]\d*)/.exec(answer.body);
          if (rejected !== null) throw new RefusedError(`the evaluator rejected records: ${answer.body.slice(0, 300)}`);
          return;
        }
        if (answer.status < 500 && answer.status !== 429)
          throw new RefusedError(`the evaluator answered ${answer.status}: ${answer.body.slice(0, 300)}`);
      } catch (error) {
        // A broken connection says nothing about the batch: it is sent again.
        if (error instanceof RefusedError) throw error;
      }
      this.retries++;
      await sleep(RETRY);
    }
  }

  close(): void {
    this.#client.close();
  }
}

class RefusedError extends Error {}
