/** Bytes that may wait to be judged before the connection is told to wait. */
const HIGH_WATER = 65_536;

/** The body of a response that is pushed to us, as something that can be iterated. */
export class BodySource implements AsyncIterable<Uint8Array> {
  readonly #pieces: Uint8Array[] = [];
  #waiting = 0;
  #ended = false;
  #error: { error: unknown } | null = null;
  #wake: (() => void) | null = null;

  /** @param drained Called when pieces may come again after {@link push} has said false. */
  constructor(private readonly drained: () => void) {}

  /** Adds a piece; false when no more should come for now. */
  push(piece: Uint8Array): boolean {
    if (this.#ended) return true;
    this.#pieces.push(piece);
    this.#waiting += piece.byteLength;
    this.#woken();
    return this.#waiting < HIGH_WATER;
  }

  /** Nothing more comes. Idempotent. */
  end(): void {
    this.#ended = true;
    this.#woken();
  }

  /** What comes next is this error. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#error = { error };
    this.end();
  }

  /** Nobody wants the rest: what waits is dropped. */
  cut(): void {
    this.#pieces.length = 0;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) {
        const before = this.#waiting;
        this.#waiting -= piece.byteLength;
        if (before >= HIGH_WATER && this.#waiting < HIGH_WATER) this.drained();
        yield piece;
      } else if (this.#error !== null) throw this.#error.error;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #woken(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
