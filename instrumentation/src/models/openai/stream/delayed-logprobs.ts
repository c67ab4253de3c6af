/**
 * Log probabilities spell the text out token by token, so they wait with it: given out when nothing of the text is held back, and left out of a stretch
 * in which something was replaced.
 */
export class DelayedLogprobs {
  #waiting: unknown[] = [];
  #before = '';
  #after = '';

  /** A piece of text with the entries that belong to it, what came out of the guard for it, and whether text still waits. Gives the entries that may go. */
  take(entries: readonly unknown[], piece: string, released: string, held: number): unknown[] {
    this.#waiting.push(...entries);
    this.#before += piece;
    this.#after += released;
    if (held > 0) return [];
    const out = this.#before === this.#after ? this.#waiting : [];
    this.#waiting = [];
    this.#before = this.#after = '';
    return out;
  }
}
