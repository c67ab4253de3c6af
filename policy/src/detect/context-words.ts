import { isDigitCode } from './boundary.js';

/** Characters before a finding in which context words count; what a stream keeps of released text is longer. */
export const CONTEXT_LENGTH = 64;

function isLetter(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return code >= 0xc0 && !(code >= 0x2000 && code <= 0x2bff) && !(code >= 0x3000 && code <= 0x303f) && code < 0xff00;
}

/** A language without spaces: its words stand inside of longer runs of letters. */
const isUnspaced = (word: string): boolean => /[\u3040-\u9fff]/.test(word);

/**
 * Words of which one before a number says what the number is. A `*` at the end of a word stands for any ending; words of several parts are taken as they stand.
 * The nearest one counts, and none across another number, for which it would speak.
 */
export class ContextWords {
  readonly #exact = new Set<string>();
  readonly #stems = new Map<string, string[]>();
  /** By their last word. */
  readonly #phrases = new Map<string, string[]>();
  readonly #unspaced: string[] = [];

  constructor(words: readonly string[]) {
    for (const word of words) {
      const parts = word.split(/[^\p{L}*]+/u).filter((part) => part !== '');
      if (isUnspaced(word)) this.#unspaced.push(word);
      else if (word.endsWith('*')) add(this.#stems, word.slice(0, 2), word.slice(0, -1));
      else if (parts.length > 1) add(this.#phrases, parts[parts.length - 1]!, word);
      else this.#exact.add(parts[0]!);
    }
  }

  /** Characters from the end of the nearest word to `start`; Infinity when there is none within {@link CONTEXT_LENGTH}. */
  before(text: string, start: number): number {
    const floor = Math.max(0, start - CONTEXT_LENGTH);
    let at = start;
    while (at > floor) {
      const code = text.charCodeAt(at - 1);
      if (isDigitCode(code)) return Infinity;
      if (!isLetter(code)) {
        at--;
        continue;
      }
      const end = at;
      while (at > floor && isLetter(text.charCodeAt(at - 1))) at--;
      if (this.#isContext(text, at, end)) return start - end;
    }
    return Infinity;
  }

  #isContext(text: string, from: number, to: number): boolean {
    const word = text.slice(from, to).toLowerCase();
    if (this.#exact.has(word)) return true;
    if (this.#stems.get(word.slice(0, 2))?.some((stem) => word.startsWith(stem)) === true) return true;
    const phrases = this.#phrases.get(word);
    if (phrases?.some((phrase) => text.slice(Math.max(0, to - phrase.length), to).toLowerCase() === phrase) === true) {
      return true;
    }
    return this.#unspaced.length > 0 && isUnspaced(word) && this.#unspaced.some((known) => word.includes(known));
  }
}

function add(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
