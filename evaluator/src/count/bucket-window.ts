import { BucketHistogram } from './bucket-histogram.js';
import type { CallGroup } from './call-group.js';
import { BUCKET, CALLS, HITS, LATE, SUM, type Layout } from './layout.js';
import { WindowHistogram } from './window-histogram.js';

/** Sums are kept in whole units and millionths, each an exact integer in a double. */
export const FRACTION = 1_000_000;
/** Magnitude beyond which one value is refused: it could make a sum inexact. */
export const MAX_VALUE = 2 ** 40;

/** Histograms of a row of a layout without any. */
const NONE: undefined[] = [];

/** Totals of one bucket, apart from the window that holds them. */
export interface BucketRow {
  bucket: number;
  /** Laid out by {@link Layout} from `offset` on, where the first is not used. */
  counters: Float64Array;
  offset: number;
  histograms: readonly (BucketHistogram | undefined)[];
}

/**
 * Counters of one arm of one series: a row for each bucket that was touched, oldest first, and the totals over all rows. Totals are
 * kept by adding with each call and subtracting with each expiry, which is exact because every counter is an integer below 2^53.
 */
export class BucketWindow {
  readonly layout: Layout;
  readonly histograms: readonly WindowHistogram[];
  /** First a row of the sums over all rows (its index 0 is not used), then a ring of rows. */
  #rows: Float64Array;
  #rowHistograms: (BucketHistogram | undefined)[] = [];
  #head = 0;
  #length = 0;
  #capacity = 2;
  /** Buckets that changed: the first `#dirtyLength` of `#dirty`, which is kept because thousands of new arrays at each checkpoint held up whoever collects garbage. */
  readonly #dirty: number[] = [0, 0];
  #dirtyLength = 0;
  /** The bucket that was counted into last, if its row has not moved since and it is marked as changed. */
  #hot = NaN;
  #hotPosition = 0;

  constructor(layout: Layout) {
    this.layout = layout;
    this.histograms = Array.from({ length: layout.histograms }, () => new WindowHistogram());
    this.#rows = new Float64Array((1 + this.#capacity) * layout.width);
  }

  /** Sum over all rows of the counter at `slot` of a row. */
  total(slot: number): number {
    return this.#rows[slot]!;
  }

  /** Number of buckets that hold anything. */
  get length(): number {
    return this.#length;
  }

  /** True when something changed since {@link takeDirty}. */
  get dirty(): boolean {
    return this.#dirtyLength > 0;
  }

  /**
   * Counts the calls of a group from index `from` up to `to` (excluded), which all start in `bucket`. Returns how many values were refused
   * because a sum would no longer be exact.
   */
  add(group: CallGroup, from: number, to: number, bucket: number): number {
    const position = bucket === this.#hot ? this.#hotPosition : this.#position(bucket);
    const { signals, width, histograms } = this.layout;
    const base = (1 + position) * width;
    const rows = this.#rows;
    let refused = 0;
    rows[base + CALLS]! += to - from;
    rows[CALLS]! += to - from;
    for (let s = 0; s < signals.length; s++) {
      const signal = signals[s]!;
      const slot = signal.slot;
      const values = signal.reader.values(group);
      let n = 0;
      if (signal.kind === HITS) {
        let hits = 0;
        for (let i = from; i < to; i++) {
          const x = values[i]!;
          if (x !== x) continue;
          n++;
          if (x !== 0) hits++;
        }
        rows[base + slot + 1]! += hits;
        rows[slot + 1]! += hits;
      } else if (signal.kind === SUM) {
        for (let i = from; i < to; i++) {
          const x = values[i]!;
          if (x !== x) continue;
          if (this.#addToSum(base, slot, x)) n++;
          else refused++;
        }
      } else {
        const keys = signal.reader.keys(group);
        const own = (this.#rowHistograms[position * histograms + signal.histogram] ??= new BucketHistogram());
        const all = this.histograms[signal.histogram]!;
        for (let i = from; i < to; i++) {
          const x = values[i]!;
          if (x !== x) continue;
          n++;
          own.add(keys[i]!, 1);
          all.add(keys[i]!, 1);
        }
      }
      rows[base + slot]! += n;
      rows[slot]! += n;
    }
    return refused;
  }

  /** Counts a call that came after its bucket had closed; `bucket` is the one in which it arrived. */
  addLate(bucket: number): void {
    const position = this.#position(bucket);
    this.#rows[(1 + position) * this.layout.width + LATE]! += 1;
    this.#rows[LATE]! += 1;
  }

  /** Adds stored totals; adding the parts of a split in any order gives the same as counting the whole. */
  merge(row: BucketRow): void {
    const position = this.#position(row.bucket);
    const { width, histograms } = this.layout;
    const base = (1 + position) * width;
    for (let i = BUCKET + 1; i < width; i++) {
      const count = row.counters[row.offset + i]!;
      this.#rows[base + i]! += count;
      this.#rows[i]! += count;
    }
    row.histograms.forEach((histogram, index) => {
      if (histogram === undefined || histogram.size === 0) return;
      const own = (this.#rowHistograms[position * histograms + index] ??= new BucketHistogram());
      histogram.forEach((key, count) => {
        own.add(key, count);
        this.histograms[index]!.add(key, count);
      });
    });
  }

  /** Drops buckets before `bucket`, oldest first, as long as `keep` calls remain. */
  expire(bucket: number, keep: number): void {
    const { width, histograms } = this.layout;
    const rows = this.#rows;
    while (this.#length > 0) {
      const base = (1 + this.#head) * width;
      if (rows[base]! >= bucket) return;
      if (keep > 0 && rows[CALLS]! - rows[base + CALLS]! < keep) return;
      for (let i = BUCKET + 1; i < width; i++) rows[i]! -= rows[base + i]!;
      this.#hot = NaN;
      for (let h = 0; h < histograms; h++) {
        const at = this.#head * histograms + h;
        const total = this.histograms[h]!;
        this.#rowHistograms[at]?.forEach((key, count) => total.add(key, -count));
        this.#rowHistograms[at] = undefined;
      }
      this.#head = this.#head + 1 === this.#capacity ? 0 : this.#head + 1;
      this.#length--;
    }
  }

  /** Empties the window. Buckets from `bucket` on count as changed, so that what was stored of them is overwritten. */
  restart(bucket: number): void {
    for (let i = 0; i < this.#length; i++) {
      const number = this.#number(this.#at(i));
      if (number >= bucket) this.#markDirty(number);
    }
    this.#hot = NaN;
    this.#head = 0;
    this.#length = 0;
    this.#rowHistograms = [];
    this.#rows.fill(0, 0, this.layout.width);
    for (const histogram of this.histograms) histogram.clear();
  }

  /** Hands over what changed since the last time: each changed bucket with its totals, all zero when it is gone. A row is good until `visit` returns. */
  takeDirty(visit: (row: BucketRow) => void): void {
    const { width, histograms } = this.layout;
    const visited: (BucketHistogram | undefined)[] = histograms === 0 ? NONE : new Array<undefined>(histograms);
    const row = { bucket: 0, counters: this.#rows, offset: 0, histograms: visited };
    for (let i = 0; i < this.#dirtyLength; i++) {
      row.bucket = this.#dirty[i]!;
      const position = this.#find(row.bucket);
      row.counters = position < 0 ? new Float64Array(width) : this.#rows;
      row.offset = position < 0 ? 0 : (1 + position) * width;
      for (let h = 0; h < histograms; h++)
        visited[h] = position < 0 ? undefined : this.#rowHistograms[position * histograms + h];
      visit(row);
    }
    this.settle();
  }

  /** Takes everything as stored. */
  settle(): void {
    this.#dirtyLength = 0;
    this.#hot = NaN;
  }

  #addToSum(base: number, slot: number, x: number): boolean {
    if (!(Math.abs(x) <= MAX_VALUE)) return false;
    const units = Math.trunc(x);
    const fraction = Math.round((x - units) * FRACTION);
    const rows = this.#rows;
    const total = rows[slot + 1]! + units;
    const own = rows[base + slot + 1]! + units;
    if (Math.abs(total) > Number.MAX_SAFE_INTEGER || Math.abs(own) > Number.MAX_SAFE_INTEGER) return false;
    rows[base + slot + 1] = own;
    rows[slot + 1] = total;
    rows[base + slot + 2]! += fraction;
    rows[slot + 2]! += fraction;
    return true;
  }

  #at(index: number): number {
    const position = this.#head + index;
    return position >= this.#capacity ? position - this.#capacity : position;
  }

  /** Number of the bucket at a position. */
  #number(position: number): number {
    return this.#rows[(1 + position) * this.layout.width]!;
  }

  #markDirty(bucket: number): void {
    for (let i = 0; i < this.#dirtyLength; i++) if (this.#dirty[i] === bucket) return;
    this.#dirty[this.#dirtyLength++] = bucket;
  }

  #find(bucket: number): number {
    for (let i = this.#length - 1; i >= 0; i--) {
      const position = this.#at(i);
      const number = this.#number(position);
      if (number === bucket) return position;
      if (number < bucket) return -1;
    }
    return -1;
  }

  /** Position of a bucket's row, made if there is none; rows stay in order of their bucket. */
  #position(bucket: number): number {
    if (this.#hot === bucket) return this.#hotPosition;
    this.#markDirty(bucket);
    const position = this.#find(bucket);
    this.#hotPosition = position < 0 ? this.#insert(bucket) : position;
    this.#hot = bucket;
    return this.#hotPosition;
  }

  #insert(bucket: number): number {
    const width = this.layout.width;
    let index = this.#length;
    while (index > 0) {
      if (this.#number(this.#at(index - 1)) < bucket) break;
      index--;
    }
    if (this.#length === this.#capacity) this.#grow();
    for (let i = this.#length; i > index; i--) this.#move(this.#at(i - 1), this.#at(i));
    this.#length++;
    const position = this.#at(index);
    const base = (1 + position) * width;
    this.#rows.fill(0, base, base + width);
    this.#rows[base] = bucket;
    for (let h = 0; h < this.layout.histograms; h++) {
      this.#rowHistograms[position * this.layout.histograms + h] = undefined;
    }
    return position;
  }

  #move(from: number, to: number): void {
    const { width, histograms } = this.layout;
    this.#rows.copyWithin((1 + to) * width, (1 + from) * width, (2 + from) * width);
    for (let h = 0; h < histograms; h++) {
      this.#rowHistograms[to * histograms + h] = this.#rowHistograms[from * histograms + h];
    }
  }

  #grow(): void {
    const { width, histograms } = this.layout;
    const capacity = Math.ceil(this.#capacity * 1.5);
    const rows = new Float64Array((1 + capacity) * width);
    rows.set(this.#rows.subarray(0, width));
    const rowHistograms: (BucketHistogram | undefined)[] = [];
    for (let i = 0; i < this.#length; i++) {
      const from = this.#at(i);
      rows.set(this.#rows.subarray((1 + from) * width, (2 + from) * width), (1 + i) * width);
      for (let h = 0; h < histograms; h++) rowHistograms.push(this.#rowHistograms[from * histograms + h]);
    }
    this.#rows = rows;
    this.#rowHistograms = rowHistograms;
    this.#head = 0;
    this.#capacity = capacity;
  }
}
