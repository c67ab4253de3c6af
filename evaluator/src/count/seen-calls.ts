import type { CallIdentity } from '@guardspan/policy';

/** Length of a slice of start time, seconds. */
export const SLICE_SECONDS = 10;
/** Bytes of one stored id: trace id, then span id. */
export const ID_BYTES = 24;
const WORDS = 6;
const EMPTY = new Uint32Array(0);
/** Value of each hexadecimal digit by its character code; -1 for other characters. */
const DIGITS = new Int8Array(128).fill(-1);
for (let value = 0; value < 16; value++) {
  DIGITS[value.toString(16).charCodeAt(0)] = value;
  DIGITS[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

/** Exact set of (trace id, span id) in one typed array: 24 bytes an id at a load of at most 0.7. */
class IdSet {
  #words = new Uint32Array(WORDS * 64);
  #mask = 63;
  readonly #seed: number;
  readonly #moved = new Uint32Array(WORDS);
  size = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Seeded, so that who chooses ids cannot choose collisions. */
  #hash(id: Uint32Array): number {
    let hash = this.#seed;
    for (let i = 0; i < WORDS; i++) {
      hash = Math.imul(hash ^ id[i]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  /** Position of the id in `id`, or the free one where it belongs as `-1 - position`. */
  #probe(id: Uint32Array): number {
    const words = this.#words;
    let slot = this.#hash(id) & this.#mask;
    for (;;) {
      const at = slot * WORDS;
      // A stored id has a non-zero span id, so two words tell a free place.
      if (words[at + 5] === id[5] && words[at + 4] === id[4]) {
        if (words[at + 3] === id[3] && words[at + 2] === id[2] && words[at + 1] === id[1] && words[at] === id[0]) {
          return at;
        }
      } else if ((words[at + 5]! | words[at + 4]!) === 0) return -1 - at;
      slot = (slot + 1) & this.#mask;
    }
  }

  has(id: Uint32Array): boolean {
    return this.size > 0 && this.#probe(id) >= 0;
  }

  add(id: Uint32Array): boolean {
    const found = this.#probe(id);
    if (found >= 0) return false;
    this.#words.set(id, -1 - found);
    if (++this.size * 10 > (this.#mask + 1) * 7) this.#grow();
    return true;
  }

  #grow(): void {
    const old = this.#words;
    this.#words = new Uint32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let at = 0; at < old.length; at += WORDS) {
      if ((old[at + 4]! | old[at + 5]!) === 0) continue;
      const id = this.#moved;
      for (let i = 0; i < WORDS; i++) id[i] = old[at + i]!;
      this.#words.set(id, -1 - this.#probe(id));
    }
  }
}

interface Slice {
  ids: IdSet;
  /** Words of the ids not yet handed to a checkpoint: the first `freshLength` of `fresh`. */
  fresh: Uint32Array;
  freshLength: number;
}

/** Which calls were counted already: exact, by slices of start time that live until their buckets have closed. */
export class SeenCalls {
  readonly #slices = new Map<number, Slice>();
  readonly #fresh = new Set<number>();
  readonly #id = new Uint32Array(WORDS);
  readonly #limit: number;
  readonly #seed: number;
  #restored: IdSet;
  #restoredUntil = -Infinity;
  #size = 0;
  /** Ids forgotten before their buckets closed because there were more than `limit`. */
  evicted = 0;

  /** `seed` is any 32-bit integer that those who send calls do not know. */
  constructor(limit: number, seed: number) {
    this.#limit = limit;
    this.#seed = seed;
    this.#restored = new IdSet(seed);
  }

  /** True when the call was not seen before, and remembers it; always true for ids that are absent or malformed. `start` in seconds. */
  add(id: CallIdentity, start: number): boolean {
    const words = this.#id;
    if (id.traceId.length !== 32 || id.spanId.length !== 16) return true;
    if (!readHex(id.traceId, words, 0) || !readHex(id.spanId, words, 4)) return true;
    if (this.#restored.has(words)) return false;
    const slice = this.#slice(Math.floor(start / SLICE_SECONDS) * SLICE_SECONDS);
    if (!slice.ids.add(words)) return false;
    if (slice.freshLength + WORDS > slice.fresh.length) {
      const fresh = new Uint32Array(Math.max(64 * WORDS, slice.fresh.length * 2));
      fresh.set(slice.fresh);
      slice.fresh = fresh;
    }
    for (let i = 0; i < WORDS; i++) slice.fresh[slice.freshLength++] = words[i]!;
    if (++this.#size > this.#limit) this.#evictOldest();
    return true;
  }

  /** True while the call is remembered: it was counted, and not all buckets that it may belong to have closed. */
  has(traceId: string, spanId: string): boolean {
    const words = this.#id;
    if (traceId.length !== 32 || spanId.length !== 16) return false;
    if (!readHex(traceId, words, 0) || !readHex(spanId, words, 4)) return false;
    if (this.#restored.has(words)) return true;
    for (const slice of this.#slices.values()) if (slice.ids.has(words)) return true;
    return false;
  }

  /** Forgets slices that end at or before `start`. */
  closeBefore(start: number): void {
    for (const [from, slice] of this.#slices) {
      if (from + SLICE_SECONDS <= start) this.#drop(from, slice);
    }
    if (this.#restored.size > 0 && this.#restoredUntil <= start) this.#restored = new IdSet(this.#seed);
  }

  /** Hands over the ids that are new since the last time, by slice. */
  take(): { slice: number; ids: Uint8Array }[] {
    const rows: { slice: number; ids: Uint8Array }[] = [];
    for (const from of this.#fresh) {
      const slice = this.#slices.get(from);
      if (slice === undefined || slice.freshLength === 0) continue;
      const ids = new Uint8Array(slice.freshLength * 4);
      const view = new DataView(ids.buffer);
      for (let i = 0; i < slice.freshLength; i++) view.setUint32(i * 4, slice.fresh[i]!);
      slice.freshLength = 0;
      rows.push({ slice: from, ids });
    }
    this.#fresh.clear();
    return rows;
  }

  /** Loads what {@link take} gave earlier. */
  restore(rows: Iterable<{ slice: number; ids: Uint8Array }>): void {
    for (const { slice, ids } of rows) {
      const view = new DataView(ids.buffer, ids.byteOffset, ids.byteLength);
      for (let at = 0; at + ID_BYTES <= ids.length; at += ID_BYTES) {
        for (let i = 0; i < WORDS; i++) this.#id[i] = view.getUint32(at + i * 4);
        this.#restored.add(this.#id);
      }
      this.#restoredUntil = Math.max(this.#restoredUntil, slice + SLICE_SECONDS);
    }
  }

  #slice(from: number): Slice {
    this.#fresh.add(from);
    let slice = this.#slices.get(from);
    if (slice === undefined)
      this.#slices.set(from, (slice = { ids: new IdSet(this.#seed), fresh: EMPTY, freshLength: 0 }));
    return slice;
  }

  #evictOldest(): void {
    const from = Math.min(...this.#slices.keys());
    const slice = this.#slices.get(from)!;
    this.evicted += slice.ids.size;
    this.#drop(from, slice);
  }

  #drop(from: number, slice: Slice): void {
    this.#size -= slice.ids.size;
    this.#slices.delete(from);
    this.#fresh.delete(from);
  }
}

/** Reads hexadecimal digits, eight to a word; false when one is not, or all are zero. */
function readHex(text: string, words: Uint32Array, at: number): boolean {
  let any = 0;
  for (let i = 0; i < text.length; i += 8, at++) {
    let word = 0;
    let bad = 0;
    for (let j = i; j < i + 8; j++) {
      const code = text.charCodeAt(j);
      const digit = code < 128 ? DIGITS[code]! : -1;
      bad |= digit;
      word = (word << 4) | digit;
    }
    if (bad < 0) return false;
    words[at] = word;
    any |= word;
  }
  return any !== 0;
}
