/** How a breaker behaves. */
export interface BreakerOptions {
  /** Failures in a row after which it opens. Default 5. */
  failures?: number;
  /** Seconds that it stays open before one request is let through. Default 10. */
  openFor?: number;
}

/**
 * A circuit breaker: closed → open after some failures in a row → half-open after a time, when a single request is let through and decides: success closes it,
 * failure opens it for another period. Pure; `now` is in seconds on any monotonic clock.
 */
export class Breaker {
  readonly #limit: number;
  readonly #openFor: number;
  #failures = 0;
  #openUntil = 0;
  #trying = false;

  constructor({ failures = 5, openFor = 10 }: BreakerOptions = {}) {
    this.#limit = failures;
    this.#openFor = openFor;
  }

  /** What the breaker lets through at this time. */
  state(now: number): 'closed' | 'open' | 'half-open' {
    if (this.#failures < this.#limit) return 'closed';
    return now < this.#openUntil ? 'open' : 'half-open';
  }

  /** True when a request may be made now; then exactly one of {@link succeeded} and {@link failed} must follow. */
  admit(now: number): boolean {
    const state = this.state(now);
    if (state === 'closed') return true;
    if (state === 'open' || this.#trying) return false;
    this.#trying = true;
    return true;
  }

  /** A request that was admitted was answered. */
  succeeded(): void {
    this.#failures = 0;
    this.#trying = false;
  }

  /** A request that was admitted failed or met its deadline. */
  failed(now: number): void {
    this.#failures += 1;
    this.#trying = false;
    if (this.#failures >= this.#limit) this.#openUntil = now + this.#openFor;
  }
}
