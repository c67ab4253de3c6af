import type { JudgedGuardrail } from './judged-guardrail.js';

/** How long work may hold the thread. Given from outside, because an engine knows no clock. */
export interface Pace {
  /** Begins a slice; what it gives says whether the time of the slice is used up. */
  slice(): () => boolean;
  /** Calls back when others had their turn. */
  later(resume: () => void): void;
}

/** Slices that a checkpoint waits for work to end; then the work is done at once, so that an engine which is never idle still makes checkpoints. */
const MAX_WAIT = 100;

/** Does what is due to the series of all guard-rails in slices of the pace; without a pace nothing is ever left for it. */
export class Slices {
  readonly #pace: Pace | undefined;
  readonly #guardrails: () => Iterable<JudgedGuardrail>;
  readonly #onError: (error: unknown) => void;
  #waiting: (() => void)[] = [];
  #waited = 0;
  #requested = false;

  constructor(pace: Pace | undefined, guardrails: () => Iterable<JudgedGuardrail>, onError: (error: unknown) => void) {
    this.#pace = pace;
    this.#guardrails = guardrails;
    this.#onError = onError;
  }

  /** Asks for slices until nothing is left. */
  request(): void {
    if (this.#pace === undefined || this.#requested) return;
    this.#requested = true;
    this.#pace.later(() => this.#slice());
  }

  /** Calls back at a moment when nothing is due to any series. What it puts down is done in slices too. */
  whenDone(callback: () => void): void {
    this.#waiting.push(callback);
    if (this.#pace === undefined) this.#call();
    else this.request();
  }

  #slice(): void {
    this.#requested = false;
    const hurried = this.#waiting.length > 0 && ++this.#waited > MAX_WAIT;
    const spent = hurried ? () => false : this.#pace!.slice();
    if (!this.#work(spent)) this.request();
    else if (this.#waiting.length > 0) {
      this.#call();
      this.request();
    }
  }

  #work(spent: () => boolean): boolean {
    for (const guardrail of this.#guardrails()) {
      try {
        if (!guardrail.work(spent)) return false;
      } catch (error) {
        // The series that failed is done with; the others go on.
        this.#onError(error);
        return false;
      }
    }
    return true;
  }

  #call(): void {
    // One at a time: what a callback puts down is due before the next may be called.
    const callback = this.#waiting.shift();
    this.#waited = 0;
    callback?.();
    if (this.#pace === undefined) while (!this.#work(() => false));
  }
}
