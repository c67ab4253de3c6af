/** Totals over a sliding window, by counter and key. */
export interface Counters {
  /** Adds to a total. `now` and `window` in seconds. */
  add(counter: string, key: string, amount: number, window: number, now: number): void;
  /** The total of the last `window` seconds; 0 for a key that was never counted. */
  total(counter: string, key: string, window: number, now: number): number;
}

/** Parts of a window: what leaves it leaves in steps of a twelfth. */
const SLICES = 12;

interface Entry {
  readonly totals: Float64Array;
  /** Number of the youngest slice since the clock's zero. */
  slice: number;
}

/**
 * Counters of one process in bounded memory: a ring of slices for each key. Beyond `maxKeys` the key that was counted longest ago is forgotten, and that is
 * counted in `forgotten`. Pure: the time is passed in.
 */
export class CounterTable implements Counters {
  /** Keys that were forgotten for want of room. */
  forgotten = 0;
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly maxKeys = 20_000) {}

  /** Keys that are held. */
  get size(): number {
    return this.#entries.size;
  }

  add(counter: string, key: string, amount: number, window: number, now: number): void {
    const id = `${counter}\0${key}`;
    const slice = sliceOf(window, now);
    let entry = this.#entries.get(id);
    // A Map keeps the order of insertion, so the first key is the one that was counted longest ago.
    if (entry !== undefined) this.#entries.delete(id);
    else entry = { totals: new Float64Array(SLICES), slice };
    this.#entries.set(id, entry);
    if (this.#entries.size > this.maxKeys) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        this.forgotten += 1;
        break;
      }
    }
    advance(entry, slice);
    entry.totals[slice % SLICES]! += amount;
  }

  total(counter: string, key: string, window: number, now: number): number {
    const entry = this.#entries.get(`${counter}\0${key}`);
    if (entry === undefined) return 0;
    advance(entry, sliceOf(window, now));
    let sum = 0;
    for (const part of entry.totals) sum += part;
    return sum;
  }

  /** Forgets counters of guard-rails that are no longer loaded. `isLoaded` is asked by the counter's name. */
  keepOnly(isLoaded: (counter: string) => boolean): void {
    for (const id of this.#entries.keys()) if (!isLoaded(id.slice(0, id.indexOf('\0')))) this.#entries.delete(id);
  }
}

function sliceOf(window: number, now: number): number {
  return Math.max(0, Math.floor((now * SLICES) / window));
}

function advance(entry: Entry, slice: number): void {
  const passed = slice - entry.slice;
  if (passed <= 0) return;
  if (passed >= SLICES) entry.totals.fill(0);
  else for (let step = 1; step <= passed; step++) entry.totals[(entry.slice + step) % SLICES] = 0;
  entry.slice = slice;
}
