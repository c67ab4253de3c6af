import type { CallIdentity } from '@guardspan/policy';

/** Length of a slice of start time, seconds. */
export const SLICE_SECONDS = 10;
/** Bytes of one stored id: trace id, then span id. */
export const ID_BYTES = 24;
const WORDS = 6;

/** Exact set of (trace id, span id) in one typed array: 24 bytes an id at a load of at most 0.7. */
class IdSet {
  #words = new Uint32Array(WORDS * 64);
  #mask = 63;
  size = 0;

  /** Position of the id in `id`, or the free one where it belongs as `-1 - position`. */
  #probe(id: Uint32Array): number {
    const words = this.#words;
    let slot = (Math.imul(id[5]! ^ Math.imul(id[3]!, 0x85ebca6b), 0x9e3779b1) ^ id[4]!) & this.#mask;
    for (;;) {
      const at = slot * WORDS;
      let empty = 0;
      let same = true;
      for (let i = 0; i < WORDS; i++) {
        const word = words[at + i]!;
        empty |= word;
        if (word !== id[i]) same = false;
      }
      if (same) return at;
      if (empty === 0) return -1 - at;
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
      const id = old.subarray(at, at + WORDS);
      if (id.some((word) => word !== 0)) this.#words.set(id, -1 - this.#probe(id));
    }
  }
}

interface Slice {
  ids: IdSet;
  /** Ids not yet handed to a checkpoint. */
  fresh: number[];
}

/** Which calls were counted already: exact, by slices of start time that live until their buckets have closed. */
export class SeenCalls {
  readonly #slices = new Map<number, Slice>();
  readonly #fresh = new Set<number>();
  readonly #id = new Uint32Array(WORDS);
  readonly #limit: number;
  #restored = new IdSet();
  #restoredUntil = -Infinity;
  #size = 0;
  /** Ids forgotten before their buckets closed because there were more than `limit`. */
  evicted = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** True when the call was not seen before, and remembers it; always true for ids that are absent or malformed. `start` in seconds. */
  add(id: CallIdentity, start: number): boolean {
    const words = this.#id;
    if (id.traceId.length !== 32 || id.spanId.length !== 16) return true;
    if (!readHex(id.traceId, words, 0) || !readHex(id.spanId, words, 4)) return true;
    if (this.#restored.has(words)) return false;
    const slice = this.#slice(Math.floor(start / SLICE_SECONDS) * SLICE_SECONDS);
    if (!slice.ids.add(words)) return false;
    slice.fresh.push(words[0]!, words[1]!, words[2]!, words[3]!, words[4]!, words[5]!);
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
    if (this.#restoredUntil <= start) this.#restored = new IdSet();
  }

  /** Hands over the ids that are new since the last time, by slice. */
  take(): { slice: number; ids: Uint8Array }[] {
    const rows: { slice: number; ids: Uint8Array }[] = [];
    for (const from of this.#fresh) {
      const slice = this.#slices.get(from);
      if (slice === undefined || slice.fresh.length === 0) continue;
      const ids = new Uint8Array(slice.fresh.length * 4);
      const view = new DataView(ids.buffer);
      slice.fresh.forEach((word, i) => view.setUint32(i * 4, word));
      slice.fresh = [];
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
    if (slice === undefined) this.#slices.set(from, (slice = { ids: new IdSet(), fresh: [] }));
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
    for (let j = i; j < i + 8; j++) {
      const code = text.charCodeAt(j);
      const digit =
        code >= 48 && code <= 57
          ? code - 48
          : code >= 97 && code <= 102
            ? code - 87
            : code >= 65 && code <= 70
              ? code - 55
              : -1;
      if (digit < 0) return false;
      word = (word << 4) | digit;
    }
    words[at] = word;
    any |= word;
  }
  return any !== 0;
}
