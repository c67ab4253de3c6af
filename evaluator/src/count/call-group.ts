import type { RecordedCall } from '@guardspan/policy';

const NO_CALLS: readonly RecordedCall[] = [];

/** The calls of one batch that the same guard-rails count, in the order in which they came. Holds their places in the batch, so that no call outlives it. */
export class CallGroup {
  #calls: readonly RecordedCall[] = NO_CALLS;
  #places = new Int32Array(8);
  #starts = new Float64Array(8);
  /** Number of calls. */
  length = 0;
  /** Earliest and latest start, seconds; meaningless while it is empty. */
  earliest = Infinity;
  latest = -Infinity;
  /** True when one of the calls was let through a directive. */
  probes = false;

  /** Adds `calls[place]`, which starts at `start`, seconds on the evaluator's clock. All calls of a group come from one batch. */
  add(calls: readonly RecordedCall[], place: number, start: number): void {
    const index = this.length;
    if (index === this.#places.length) this.#grow();
    this.#calls = calls;
    this.#places[index] = place;
    this.#starts[index] = start;
    if (start < this.earliest) this.earliest = start;
    if (start > this.latest) this.latest = start;
    if (calls[place]!.call.decision.probe) this.probes = true;
    this.length = index + 1;
  }

  /** The call at `index`. */
  record(index: number): RecordedCall {
    return this.#calls[this.#places[index]!]!;
  }

  /** When the call at `index` starts, seconds. */
  start(index: number): number {
    return this.#starts[index]!;
  }

  /** Lets the batch go. */
  clear(): void {
    this.#calls = NO_CALLS;
    this.length = 0;
    this.earliest = Infinity;
    this.latest = -Infinity;
    this.probes = false;
  }

  #grow(): void {
    const places = new Int32Array(this.length * 2);
    places.set(this.#places);
    this.#places = places;
    const starts = new Float64Array(this.length * 2);
    starts.set(this.#starts);
    this.#starts = starts;
  }
}
