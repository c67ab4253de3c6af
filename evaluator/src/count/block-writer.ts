/**
 * Rows of buckets of one guard-rail, packed: thousands of rows are a few objects, which cost little to keep, to send to another thread and to collect. Plain data;
 * {@link rowsOf} reads it.
 */
export interface BucketBlock {
  revision: string;
  /** Key of the series of each row. */
  series: string[];
  /** Three numbers for each row: start of the bucket (seconds from epoch), arm (0 `model`, 1 `probe`), and where its totals end in `totals`. */
  heads: Float64Array;
  totals: Uint8Array;
}

/** Which row: start of the bucket in seconds from epoch. */
export interface BucketPlace {
  series: string;
  bucket: number;
  arm: 'model' | 'probe';
}

/** Rows and bytes of totals after which a block is full: one is sent to the store's thread in about half a millisecond. */
const MAX_ROWS = 500;
const MAX_BYTES = 256 * 1024;
const HEAD = 3;
const NOTHING = new Uint8Array(0);
const NO_HEADS = new Float64Array(0);
const NO_VIEW = new DataView(NOTHING.buffer);

/** Collects rows of buckets into blocks. */
export class BlockWriter {
  readonly #revision: string;
  #blocks: BucketBlock[] = [];
  #series: string[] = [];
  #heads = NO_HEADS;
  #bytes = NOTHING;
  #view = NO_VIEW;
  #used = 0;

  constructor(revision: string) {
    this.#revision = revision;
  }

  /** Where the bytes of {@link place} are written. */
  get view(): DataView {
    return this.#view;
  }

  /** Begins a row of `size` bytes of totals; returns where in {@link view} they belong. */
  place({ series, bucket, arm }: BucketPlace, size: number): number {
    if (this.#series.length === MAX_ROWS || (this.#used > 0 && this.#used + size > MAX_BYTES)) this.#close();
    const row = this.#series.push(series) - 1;
    if ((row + 1) * HEAD > this.#heads.length) {
      const heads = new Float64Array(Math.max(8 * HEAD, this.#heads.length * 2));
      heads.set(this.#heads);
      this.#heads = heads;
    }
    const from = this.#used;
    this.#used += size;
    if (this.#used > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(512, this.#bytes.length * 2, this.#used));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    this.#heads[row * HEAD] = bucket;
    this.#heads[row * HEAD + 1] = arm === 'probe' ? 1 : 0;
    this.#heads[row * HEAD + 2] = this.#used;
    return from;
  }

  /** Adds a row whose totals are written already. */
  add(place: BucketPlace, totals: Uint8Array): void {
    const at = this.place(place, totals.length);
    this.#bytes.set(totals, at);
  }

  /** Hands over the blocks since the last time. */
  take(): BucketBlock[] {
    this.#close();
    const blocks = this.#blocks;
    this.#blocks = [];
    return blocks;
  }

  #close(): void {
    if (this.#series.length === 0) return;
    this.#blocks.push({
      revision: this.#revision,
      series: this.#series,
      // Copies: who is sent a part of a buffer is sent the whole.
      heads: this.#heads.slice(0, this.#series.length * HEAD),
      totals: this.#bytes.slice(0, this.#used),
    });
    this.#series = [];
    this.#used = 0;
  }
}
