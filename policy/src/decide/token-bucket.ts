/** A token bucket that is topped up when it is asked; holds no timer. */
export class TokenBucket {
  #tokens: number;
  #at: number;

  /**
   * @param rate Tokens per second.
   * @param burst Tokens at the start, also a part of one: the parts of all processes together are the burst of the scope. The bucket holds at least one
   *   token, so that a share below one call still lets calls through at its rate.
   * @param now Seconds, monotonic.
   */
  constructor(
    private rate: number,
    private burst: number,
    now: number,
  ) {
    this.#tokens = burst;
    this.#at = now;
  }

  /** Changes rate and size; tokens at hand are kept as far as they fit, none are given. */
  resize(rate: number, burst: number, now: number): void {
    this.#fill(now);
    this.rate = rate;
    this.burst = burst;
    this.#tokens = Math.min(this.#tokens, Math.max(1, burst));
  }

  /** Takes one token; false when there is none. */
  take(now: number): boolean {
    this.#fill(now);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #fill(now: number): void {
    const passed = now - this.#at;
    this.#at = now;
    if (passed <= 0 || this.rate <= 0) return;
    this.#tokens = Math.min(Math.max(1, this.burst), this.#tokens + passed * this.rate);
  }
}
