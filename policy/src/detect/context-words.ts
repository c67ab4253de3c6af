import type { NearWords } from './near-words.js';
import { ANY_KEY, CONTEXT_LENGTH, KEYS, UNSPACED_KEY, wordKey } from './near-words.js';

/** A language without spaces: its words stand inside of longer runs of letters. */
const isUnspaced = (word: string): boolean => /[\u3040-\u9fff]/.test(word);

/**
 * Words of which one before a number says what the number is. A `*` at the end of a word stands for any ending; words of several parts are taken as they stand.
 * The nearest one counts, and none across another number, for which it would speak.
 */
export class ContextWords {
  readonly #exact = new Set<string>();
  /** By the key of their first two letters. */
  readonly #stems = new Map<number, string[]>();
  /** By their last word. */
  readonly #phrases = new Map<string, string[]>();
  readonly #unspaced: string[] = [];
  /** Keys of words that may be in here: nearly every word of a text is told by its first two letters not to be. */
  readonly #keys = new Uint8Array(KEYS);

  constructor(words: readonly string[]) {
    this.#keys[ANY_KEY] = 1;
    for (const word of words) {
      const parts = word.split(/[^\p{L}*]+/u).filter((part) => part !== '');
      const last = parts[parts.length - 1]!;
      if (isUnspaced(word)) {
        this.#unspaced.push(word);
        this.#keys[UNSPACED_KEY] = 1;
        continue;
      }
      const key = wordKey(last.charCodeAt(0), last.length > 1 ? last.charCodeAt(1) : 0);
      this.#keys[key] = 1;
      if (word.endsWith('*')) add(this.#stems, key, word.slice(0, -1));
      else if (parts.length > 1) add(this.#phrases, last, word);
      else this.#exact.add(last);
    }
  }

  /** Characters from the end of the nearest word to the place before which the words stand; Infinity when there is none within a reach. */
  before(near: NearWords, reach = CONTEXT_LENGTH): number {
    for (let index = 0; near.has(index); index++) {
      if (this.#keys[near.key[index]!] === 0) continue;
      const to = near.to[index]!;
      if (near.start - to > reach) break;
      if (this.#isContext(near.text, near.word(index), near.key[index]!, to)) return near.start - to;
    }
    return Infinity;
  }

  #isContext(text: string, word: string, key: number, to: number): boolean {
    if (this.#exact.has(word)) return true;
    const stems = this.#stems.get(key);
    if (stems !== undefined) for (const stem of stems) if (word.startsWith(stem)) return true;
    const phrases = this.#phrases.size === 0 ? undefined : this.#phrases.get(word);
    if (phrases?.some((phrase) => text.slice(Math.max(0, to - phrase.length), to).toLowerCase() === phrase) === true) {
      return true;
    }
    return this.#unspaced.length > 0 && isUnspaced(word) && this.#unspaced.some((known) => word.includes(known));
  }
}

function add<K>(map: Map<K, string[]>, key: K, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
