/** Seconds: first wait, longest wait, wait after a refusal, and how long a connection must live to count as good. */
export const BACKOFF = { first: 0.5, cap: 30, refused: 60, healthy: 60 } as const;
/** Even a clean close is not followed at once: a proxy that ends every stream would otherwise be hammered. Seconds. */
const LEAST = 0.1;

/** Waits between connections: doubled with full jitter, reset once a connection has lived. */
export class Backoff {
  #attempts = 0;

  constructor(private readonly random: () => number) {}

  /**
   * Seconds to wait before the next connection.
   *
   * @param lived Seconds that the last connection lasted; 0 when it never opened.
   * @param refused True when the server refused this process (unknown token, wrong service): asked again slowly.
   */
  next(lived: number, refused: boolean): number {
    if (lived >= BACKOFF.healthy) this.#attempts = 0;
    if (refused) return BACKOFF.refused / 2 + (this.random() * BACKOFF.refused) / 2;
    const ceiling = Math.min(BACKOFF.cap, BACKOFF.first * 2 ** this.#attempts);
    this.#attempts = Math.min(this.#attempts + 1, 16);
    return Math.max(LEAST, this.random() * ceiling);
  }
}
