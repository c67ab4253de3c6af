import type { ContextWords } from './context-words.js';
import type { Subject } from './subject.js';
import type { Match } from './types.js';

/** The match that validators judge. One for a whole text, moved from place to place, so that what is refuted leaves nothing to be collected. */
export class Candidate implements Match {
  start = 0;
  end = 0;
  #words: ContextWords | null = null;
  #compact = '';

  constructor(readonly subject: Subject) {}

  /** Moves to a place. `compact` is empty where it is the text itself. */
  at(words: ContextWords | null, start: number, end: number, compact: string): this {
    this.#words = words;
    this.start = start;
    this.end = end;
    this.#compact = compact;
    return this;
  }

  get text(): string {
    return this.subject.text.slice(this.start, this.end);
  }

  get compact(): string {
    return this.#compact === '' ? this.text : this.#compact;
  }

  get inContext(): boolean {
    return this.#words !== null && this.#words.before(this.subject.text, this.start) !== Infinity;
  }
}
