/** UTF-16 code units of one thought that are held; a longer one is not shown. */
const MAX_THOUGHT = 1_048_576;

/**
 * A thought that its provider may sign at its end. It is taken back in the next turn only as it was, or without its text; so it waits until it is complete, and
 * then all of its text goes out or none.
 */
export class HeldThought {
  #came = '';
  #released = '';
  #long = false;

  /** A piece as it came, and what the guard let go of it so far. */
  add(came: string, released: string): void {
    this.#long ||= this.#came.length + came.length > MAX_THOUGHT;
    if (this.#long) return;
    this.#came += came;
    this.#released += released;
  }

  /** The text that may go out when the thought is complete; `rest` is what the guard has held back of it. Empty when it is signed and was changed. */
  text(rest: string, signed: boolean): string {
    const text = this.#released + rest;
    return this.#long || (signed && text !== this.#came) ? '' : text;
  }
}
