/** Characters before a finding in which context words count; what a stream keeps of released text is longer. */
export const CONTEXT_LENGTH = 64;
const MAX_WORDS = CONTEXT_LENGTH / 2;

/** {@link NearWords.key} of words that hold signs of a script without spaces, and of words that have to be looked at. */
export const UNSPACED_KEY = 1024;
export const ANY_KEY = 1025;
/** Number of keys. */
export const KEYS = 1026;

/** Of ASCII: 1 for letters, 2 for digits. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCharCode(code);
  return /[A-Za-z]/.test(sign) ? 1 : /[0-9]/.test(sign) ? 2 : 0;
});

function isLetter(code: number): boolean {
  if (code < 128) return KINDS[code] === 1;
  return code >= 0xc0 && !(code >= 0x2000 && code <= 0x2bff) && !(code >= 0x3000 && code <= 0x303f) && code < 0xff00;
}

/** A word's first two letters in ten bits, upper and lower case as one. */
export function wordKey(first: number, second: number): number {
  return first < 0x100 && second < 0x100 ? ((first & 31) << 5) | (second & 31) : ANY_KEY;
}

/**
 * The words before a place of a text, nearest first, none across another number. Each is read once for a place, however many detectors ask, and only when
 * those nearer have said nothing.
 */
export class NearWords {
  start = -1;
  readonly from = new Int32Array(MAX_WORDS);
  readonly to = new Int32Array(MAX_WORDS);
  /** {@link wordKey}, {@link UNSPACED_KEY} or {@link ANY_KEY}. */
  readonly key = new Int16Array(MAX_WORDS);
  /** Words in lower case; those that nobody has asked for are null. */
  readonly #words: (string | null)[] = new Array<string | null>(MAX_WORDS).fill(null);
  /** Words that were read, and the place up to which. */
  #count = 0;
  #at = 0;

  constructor(
    readonly text: string,
    private readonly units: Uint16Array,
  ) {}

  /** Moves to a place. */
  before(start: number): this {
    if (start === this.start) return this;
    this.start = start;
    this.#at = start;
    this.#count = 0;
    return this;
  }

  /** True when there are more words than `index`; reads as far as that. */
  has(index: number): boolean {
    while (this.#count <= index) if (!this.#read()) return false;
    return true;
  }

  /** A word in lower case, by its number among the nearest. */
  word(index: number): string {
    return (this.#words[index] ??= this.text.slice(this.from[index]!, this.to[index]!).toLowerCase());
  }

  /** Reads one more word; false when there is none. */
  #read(): boolean {
    const { units } = this;
    const floor = Math.max(0, this.start - CONTEXT_LENGTH);
    let at = this.#at;
    let code = 0;
    for (; at > floor; at--) {
      code = units[at - 1]!;
      const kind = code < 128 ? KINDS[code]! : isLetter(code) ? 1 : 0;
      if (kind === 1) break;
      if (kind === 2) at = floor;
    }
    if (at <= floor) {
      this.#at = floor;
      return false;
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
      code = at > floor ? units[at - 1]! : 0;
    } while (isLetter(code));
    const index = this.#count++;
    this.#at = at;
    this.from[index] = at;
    this.to[index] = end;
    this.#words[index] = null;
    this.key[index] = unspaced ? UNSPACED_KEY : wordKey(first, second);
    return true;
  }
}
