import { METRIC } from '@guardspan/policy';
import type { Recorder, RecordsTaken } from '../channel/directives/recorder.js';
import type { Checkpoint } from '../engine/types.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Store } from '../store/types.js';

/** Options of {@link Committer}. */
export interface CommitterOptions {
  store: Store;
  recorder: Recorder;
  metrics: Metrics;
  /** Takes what changed; calls `onCut` at the moment of which it tells. */
  checkpoint: (onCut: () => void) => Promise<Checkpoint>;
  /** Longest time between two commits, seconds. */
  interval: number;
  /** Told of each failed commit; what failed stays and is tried again. */
  onError: (error: unknown) => void;
}

interface Waiter {
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Shortest time from one commit's start to the next, milliseconds. */
const MIN_GAP_MS = 10;
/** A commit may take this share of the time; a slow disk or a large change spreads commits out, up to the interval. */
const MAX_SHARE = 0.1;

/**
 * Makes counts, verdicts and audit durable together, in groups: at once when it is quiet, else as often as commits are cheap, at least every `interval`.
 * Senders wait for their commit, and a Collector has few of them: a fixed interval would bound its rate to consumers / interval.
 */
export class Committer {
  readonly #options: CommitterOptions;
  #waiting: Waiter[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #startedAt = -Infinity;
  #lastMs = 0;
  #closed = false;
  #durableAt = performance.now();

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** Resolves when everything that was counted until now is durable; rejects when the commit fails. */
  durable(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.request();
    });
  }

  /** Seconds since everything that was counted or had to go on record was durable. */
  get age(): number {
    return (performance.now() - this.#durableAt) / 1000;
  }

  /** Asks for a commit within the interval. */
  request(): void {
    if (this.#closed || this.#timer !== undefined || this.#running !== undefined) return;
    const gap = Math.min(this.#options.interval * 1000, Math.max(MIN_GAP_MS, this.#lastMs / MAX_SHARE));
    const wait = this.#startedAt + gap - performance.now();
    // One turn of the event loop at least, so that what arrived together is committed together.
    this.#timer = setTimeout(() => void this.#commit(), Math.max(0, wait));
  }

  /** Makes a last commit and stops. Rejects when it fails. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
    const { store, recorder } = this.#options;
    const waiting = this.#take();
    try {
      const { checkpoint, records } = await this.#cut();
      await Promise.all([store.commitCheckpoint(checkpoint), records(store)]);
      // The rows of new verdicts are written once more with their place in the audit.
      await recorder.flush(store);
      for (const { resolve } of waiting) resolve();
    } catch (error) {
      for (const { reject } of waiting) reject(error);
      throw error;
    }
  }

  /** What changed, with the records of the same moment. */
  async #cut(): Promise<{ checkpoint: Checkpoint; records: RecordsTaken }> {
    let records: RecordsTaken | undefined;
    const checkpoint = await this.#options.checkpoint(() => (records = this.#options.recorder.take()));
    return { checkpoint, records: records! };
  }

  #take(): Waiter[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  async #commit(): Promise<void> {
    this.#timer = undefined;
    this.#startedAt = performance.now();
    const { store, metrics, onError } = this.#options;
    const waiting = this.#take();
    this.#running = (async () => {
      try {
        const { checkpoint, records } = await this.#cut();
        const empty = checkpoint.buckets.length + checkpoint.series.length + checkpoint.seen.length === 0;
        // Both are handed over in one turn of the event loop, so that the store takes them into one transaction.
        await Promise.all([empty ? undefined : store.commitCheckpoint(checkpoint), records(store)]);
        // What came in while this commit ran is part of the next.
        this.#durableAt = this.#startedAt;
        metrics.observe(METRIC.STORE_COMMIT, (performance.now() - this.#startedAt) / 1000);
        for (const { resolve } of waiting) resolve();
      } catch (error) {
        onError(error);
        for (const { reject } of waiting) reject(error);
      }
    })();
    await this.#running;
    this.#lastMs = performance.now() - this.#startedAt;
    this.#running = undefined;
    if (this.#waiting.length > 0) this.request();
  }
}
