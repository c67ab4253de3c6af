import { Breaker } from '@guardspan/policy/runtime';
import type { BreakerOptions, ExternalFailure } from '@guardspan/policy/runtime';
import type { Clock } from '../guard/clock.js';
import { asOwnTraffic } from '../guard/inside.js';
import { ServiceError } from './ask-service.js';

const MAX_CONCURRENT = 64;

/** An answer, or why there is none. `message` holds no content. */
export type BoundedAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ExternalFailure; readonly message: string };

/** Bounds of a {@link BoundedService}. */
export interface BoundedServiceOptions {
  /** Questions under way at a time. Default 64. */
  maxConcurrent?: number;
  breaker?: BreakerOptions;
}

/**
 * Something that is asked during a call and may be slow, full or broken: every question has a hard deadline, only so many are under way, and after failures
 * in a row it is left alone for a while and then tried with a single question.
 */
export class BoundedService {
  readonly #breaker: Breaker;
  readonly #limit: number;
  #underWay = 0;

  constructor(
    private readonly name: string,
    private readonly clock: Clock,
    options: BoundedServiceOptions = {},
  ) {
    this.#breaker = new Breaker(options.breaker);
    this.#limit = options.maxConcurrent ?? MAX_CONCURRENT;
  }

  /** What the breaker lets through now. */
  get state(): 'closed' | 'open' | 'half-open' {
    return this.#breaker.state(this.clock.monotonic());
  }

  /** Asks; resolves within `deadline` seconds and never rejects. An answer after the deadline is dropped. */
  ask<T>(fn: (signal: AbortSignal) => PromiseLike<T> | T, deadline: number): Promise<BoundedAnswer<T>> {
    if (this.#underWay >= this.#limit) {
      const message = `${this.name} has ${this.#limit} questions under way`;
      return Promise.resolve({ ok: false, failure: 'saturated', message });
    }
    if (!this.#breaker.admit(this.clock.monotonic())) {
      const message = `${this.name} failed several times in a row and is left alone for a while`;
      return Promise.resolve({ ok: false, failure: 'detector_error', message });
    }
    this.#underWay += 1;
    const abort = new AbortController();
    return new Promise((resolve) => {
      let settled = false;
      const settle = (answer: BoundedAnswer<T>): void => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        if (answer.ok) this.#breaker.succeeded();
        else this.#breaker.failed(this.clock.monotonic());
        resolve(answer);
      };
      const timer = setTimeout(() => {
        settle({ ok: false, failure: 'deadline', message: `${this.name} did not answer within ${deadline} s` });
        abort.abort();
      }, deadline * 1000);
      // Its own traffic: no spans of the application, and a judge behind a model host is no unguarded model call.
      const answer = asOwnTraffic(async () => fn(abort.signal));
      answer.then(
        (value) => settle({ ok: true, value }),
        // The message of a foreign error may quote the text.
        (error: unknown) => {
          const why = error instanceof ServiceError ? `: ${error.message}` : '';
          settle({ ok: false, failure: 'detector_error', message: `${this.name} could not answer${why}` });
        },
      );
      // A question that goes on after its deadline still takes a place, or a hanging service would be asked without bound.
      void answer.then(
        () => (this.#underWay -= 1),
        () => (this.#underWay -= 1),
      );
    });
  }
}
