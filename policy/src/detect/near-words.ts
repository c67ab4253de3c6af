import { codeAt, isDigitCode } from './boundary.js';

/** Characters before a finding in which context words count; what a stream keeps of released text is longer. */
export const CONTEXT_LENGTH = 64;
const MAX_WORDS = CONTEXT_LENGTH / 2;

/** {@link NearWords.key} of words that hold signs of a script without spaces, and of words that have to be looked at. */
export const UNSPACED_KEY = 1024;
export const ANY_KEY = 1025;
/** Number of keys. */
export const KEYS = 1026;

function isLetter(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return code >= 0xc0 && !(code >= 0x2000 && code <= 0x2bff) && !(code >= 0x3000 && code <= 0x303f) && code < 0xff00;
}

/** A word's first two letters in ten bits, upper and lower case as one. */
export function wordKey(first: number, second: number): number {
  return first < 0x100 && second < 0x100 ? ((first & 31) << 5) | (second & 31) : ANY_KEY;
}

/**
 * The words before a place of a text, nearest first, none across another number. Read once for a place, however many detectors ask for words before it.
 */
export class NearWords {
  start = -1;
  count = 0;
  readonly from = new Int32Array(MAX_WORDS);
  readonly to = new Int32Array(MAX_WORDS);
  /** {@link wordKey}, {@link UNSPACED_KEY} or {@link ANY_KEY}. */
  readonly key = new Int16Array(MAX_WORDS);
  /** Words in lower case; those that nobody has asked for are null. */
  readonly #words: (string | null)[] = new Array<string | null>(MAX_WORDS).fill(null);

  constructor(readonly text: string) {}

  /** Moves to a place. */
  before(start: number): this {
    if (start === this.start) return this;
    const { text } = this;
    this.start = start;
    let count = 0;
    const floor = Math.max(0, start - CONTEXT_LENGTH);
    for (let at = start; at > floor;) {
      let code = text.charCodeAt(at - 1);
      if (isDigitCode(code)) break;
      if (!isLetter(code)) {
        at--;
        continue;
      }
      const end = at;
      let unspaced = false;
      let first = 0;
      let second: number;
      do {
        if (code >= 0x3040 && code <= 0x9fff) unspaced = true;
        second = first;
        first = code;
        at--;
        code = at > floor ? codeAt(text, at - 1) : 0;
      } while (isLetter(code));
      this.from[count] = at;
      this.to[count] = end;
      this.#words[count] = null;
      this.key[count++] = unspaced ? UNSPACED_KEY : wordKey(first, second);
    }
    this.count = count;
    return this;
  }

  /** A word in lower case, by its number among the nearest. */
  word(index: number): string {
    return (this.#words[index] ??= this.text.slice(this.from[index]!, this.to[index]!).toLowerCase());
  }
}
