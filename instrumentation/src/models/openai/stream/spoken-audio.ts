/**
 * Whether audio may still go out: not once its transcript was changed, because the audio would say what was cut out. Bounded by what the guard holds back.
 */
export class SpokenAudio {
  #waiting = '';
  #changed = false;

  /** True when something of the transcript was replaced. */
  get changed(): boolean {
    return this.#changed;
  }

  /** What the provider said of the transcript, and what was released of it. */
  said(piece: string, released: string): void {
    if (this.#changed) return;
    this.#waiting += piece;
    if (this.#waiting.startsWith(released)) this.#waiting = this.#waiting.slice(released.length);
    else this.#changed = true;
  }
}
