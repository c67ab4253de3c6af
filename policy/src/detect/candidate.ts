import type { ContextWords } from './context-words.js';
import type { Subject } from './subject.js';
import type { Match } from './types.js';

/** The match that validators judge. One for a whole text, moved from place to place, so that what is refuted leaves nothing to be collected. */
export class Candidate implements Match {
  start = 0;
  end = 0;
  #words: ContextWords | null = null;
  #first = -1;
  #last = -1;
  /** Of the groups from `#first` to `#last`; empty until it is asked for. */
  #compact = '';

  constructor(readonly subject: Subject) {}

  /** Moves to a stretch of text. */
  at(words: ContextWords | null, start: number, end: number): this {
    this.#words = words;
    this.start = start;
    this.end = end;
    this.#first = -1;
    return this;
  }

  /** Moves to a number of digit groups. */
  atGroups(words: ContextWords | null, first: number, last: number): this {
    const { groupStart, groupEnd } = this.subject;
    this.#words = words;
    this.start = groupStart[first]!;
    this.end = groupEnd[last]!;
    if (first !== this.#first || last !== this.#last) this.#compact = '';
    this.#first = first;
    this.#last = last;
    return this;
  }

  get text(): string {
    return this.subject.text.slice(this.start, this.end);
  }

  get compact(): string {
    if (this.#first === -1) return this.text;
    if (this.#compact === '') {
      const { text, groupStart, groupEnd } = this.subject;
      this.#compact = text.slice(groupStart[this.#first]!, groupEnd[this.#first]!);
      for (let group = this.#first + 1; group <= this.#last; group++)
        this.#compact += text.slice(groupStart[group]!, groupEnd[group]!);
    }
    return this.#compact;
  }

  get number(): number {
    const { units, groupStart, groupEnd } = this.subject;
    let number = 0;
    for (let group = this.#first; group <= this.#last; group++) {
      const end = groupEnd[group]!;
      for (let at = groupStart[group]!; at < end; at++) number = number * 10 + units[at]! - 48;
    }
    return number;
  }

  get inContext(): boolean {
    return this.#words !== null && this.#words.before(this.subject.near(this.start)) !== Infinity;
  }
}
