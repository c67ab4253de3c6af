/** Text of streamed answers is kept up to this many UTF-16 units per call, so that a stream without end cannot fill the memory. */
export const MAX_STREAMED_TEXT = 262_144;

/** Collects the pieces of one streamed text, up to {@link MAX_STREAMED_TEXT}. */
export class TextBuffer {
  readonly #pieces: string[] = [];
  #length = 0;

  /** Adds a piece; anything but text is passed over. */
  add(piece: unknown): void {
    if (typeof piece !== 'string' || this.#length >= MAX_STREAMED_TEXT) return;
    const kept = piece.slice(0, MAX_STREAMED_TEXT - this.#length);
    this.#pieces.push(kept);
    this.#length += kept.length;
  }

  text(): string {
    return this.#pieces.join('');
  }
}
