import type { NearWords } from './near-words.js';
import { ANY_KEY, CONTEXT_LENGTH, KEYS, UNSPACED_KEY, wordKey } from './near-words.js';

const EXACT = 1;
const STEM = 2;
const PHRASE = 4;
const UNSPACED = 8;

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
  /** How words with a key may be in here, as bits: nearly every word of a text is told by its first two letters not to be. */
  readonly #keys = new Uint8Array(KEYS);

  constructor(words: readonly string[]) {
    this.#keys[ANY_KEY] = EXACT | STEM | PHRASE | UNSPACED;
    for (const word of words) {
      const parts = word.split(/[^\p{L}*]+/u).filter((part) => part !== '');
      const last = parts[parts.length - 1]!;
      if (isUnspaced(word)) {
        this.#unspaced.push(word);
        this.#keys[UNSPACED_KEY] = EXACT | STEM | PHRASE | UNSPACED;
        continue;
      }
      const key = wordKey(last.charCodeAt(0), last.length > 1 ? last.charCodeAt(1) : 0);
      this.#keys[key]! |= word.endsWith('*') ? STEM : parts.length > 1 ? PHRASE : EXACT;
      if (word.endsWith('*')) add(this.#stems, key, word.slice(0, -1));
      else if (parts.length > 1) add(this.#phrases, last, word);
      else this.#exact.add(last);
    }
  }

  /** Characters from the end of the nearest word to the place before which the words stand; Infinity when there is none within a reach. */
  before(near: NearWords, reach = CONTEXT_LENGTH): number {
    for (let index = 0; near.has(index); index++) {
      const ways = this.#keys[near.key[index]!]!;
      if (ways === 0) continue;
      const to = near.to[index]!;
      if (near.start - to > reach) break;
      if (this.#isContext(near, index, ways)) return near.start - to;
    }
    return Infinity;
  }

  #isContext(near: NearWords, index: number, ways: number): boolean {
    const word = near.word(index);
    if ((ways & EXACT) !== 0 && this.#exact.has(word)) return true;
    if ((ways & STEM) !== 0) {
      const stems = this.#stems.get(near.key[index]!);
      if (stems !== undefined) for (const stem of stems) if (word.startsWith(stem)) return true;
    }
    if ((ways & PHRASE) !== 0) {
      const phrases = this.#phrases.get(word);
      const to = near.to[index]!;
      if (phrases !== undefined)
        for (const phrase of phrases)
          if (near.text.slice(Math.max(0, to - phrase.length), to).toLowerCase() === phrase) return true;
    }
    return (ways & UNSPACED) !== 0 && isUnspaced(word) && this.#unspaced.some((known) => word.includes(known));
  }
}

function add<K>(map: Map<K, string[]>, key: K, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
