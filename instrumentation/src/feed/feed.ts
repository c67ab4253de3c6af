import type { FeedRecord } from './feed-record.js';

/** How one export ended. `retry`: the receiver may take it later. */
export type ExportOutcome = 'ok' | 'retry' | 'refused';
/** Sends the body of one request. Never rejects. */
export type SendBatch = (body: Buffer) => Promise<ExportOutcome>;

/** Puts records together as bodies of requests. */
export interface BatchEncoder {
  /** Adds a record to the request that is begun. Throws when it cannot be written, and has not added it then. */
  add(record: FeedRecord): void;
  /** The request with what was added since the last one. */
  take(): Buffer;
}

/** A request that waits, or is under way. */
interface Batch {
  readonly body: Buffer;
  readonly records: number;
}

/** Bounds of the feed; the defaults are what docs/agent.md states. */
export interface FeedLimits {
  /** Records that wait or are under way at most. */
  maxQueue: number;
  maxBatch: number;
  maxInFlight: number;
  /** Milliseconds that records wait for others. */
  delay: number;
  /** From so many records in one go on they wait for `busyDelay`: a request costs the application as much as the guard of many calls. */
  busy: number;
  busyDelay: number;
  /** Milliseconds after the first failed export; doubled up to `maxBackoff`. */
  backoff: number;
  maxBackoff: number;
}

const DEFAULTS: FeedLimits = {
  maxQueue: 8192,
  maxBatch: 512,
  maxInFlight: 4,
  delay: 15,
  busy: 32,
  busyDelay: 50,
  backoff: 250,
  maxBackoff: 5000,
};

/**
 * The private feed: every call, in micro-batches, whatever the sampler of the application says. Bounded in memory and in requests; what has no room is
 * counted. A receiver that is away loses nothing while the queue lasts. Holds at most one timer, which keeps no process alive. A record is written at once, while it is in the caches of the
 * processor: as an object it would wait for its request and cost the garbage collector as much again.
 */
export class Feed {
  /** Full requests, and those that have to be sent again. */
  readonly #batches: Batch[] = [];
  /** Records in the request that the encoder has begun. */
  #begun = 0;
  #queued = 0;
  #underWay = 0;
  #dropped = 0;
  #inFlight = 0;
  #failures = 0;
  #notBefore = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #idleWaiters: (() => void)[] = [];
  #lastFlush = 0;
  #lastCount = 0;
  readonly #limits: FeedLimits;

  constructor(
    private readonly encoder: BatchEncoder,
    private readonly send: SendBatch,
    limits: Partial<FeedLimits> = {},
  ) {
    this.#limits = { ...DEFAULTS, ...limits };
  }

  /** Records that were given up: no room, or refused for good. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Records that wait. */
  get queued(): number {
    return this.#queued;
  }

  /** Takes one record; never waits. Throws when it cannot be written. */
  add(record: FeedRecord): void {
    if (this.#queued + this.#underWay >= this.#limits.maxQueue) {
      this.#dropped += 1;
      return;
    }
    this.encoder.add(record);
    this.#queued += 1;
    this.#begun += 1;
    if (this.#begun >= this.#limits.maxBatch) this.#close();
    this.#schedule();
  }

  /** Resolves when everything was sent, or when the receiver is found to be away, or after `timeout` milliseconds. */
  async flush(timeout: number): Promise<void> {
    if (this.#queued > 0) {
      this.#notBefore = 0;
      this.#pump();
    }
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeout);
      this.#idleWaiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Something says that the network is back: what waits for its next attempt is sent now. */
  retryNow(): void {
    if (this.#failures === 0 || this.#queued === 0) return;
    this.#failures = 0;
    this.#notBefore = 0;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer !== null || this.#inFlight >= this.#limits.maxInFlight) return;
    const now = performance.now();
    const { busy, busyDelay } = this.#limits;
    const delay = this.#lastCount < busy ? this.#limits.delay : busyDelay;
    // A record that follows a pause leaves at once; in steady traffic records wait for each other.
    const quiet = now - this.#lastFlush >= delay;
    const wait = Math.max(quiet ? 0 : delay, this.#notBefore - now);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#pump();
    }, wait);
    this.#timer.unref();
  }

  /** Ends the request that is begun. */
  #close(): void {
    this.#batches.push({ body: this.encoder.take(), records: this.#begun });
    this.#begun = 0;
  }

  #pump(): void {
    const now = performance.now();
    this.#lastFlush = now;
    this.#lastCount = this.#queued;
    while (this.#queued > 0 && this.#inFlight < this.#limits.maxInFlight && now >= this.#notBefore) {
      if (this.#batches.length === 0) this.#close();
      const batch = this.#batches.shift()!;
      this.#inFlight += 1;
      this.#queued -= batch.records;
      this.#underWay += batch.records;
      this.send(batch.body).then(
        (outcome) => this.#settled(batch, outcome),
        () => this.#settled(batch, 'refused'),
      );
      // While the receiver is away one batch at a time asks whether it is back.
      if (this.#failures > 0) break;
    }
  }

  #settled(batch: Batch, outcome: ExportOutcome): void {
    this.#inFlight -= 1;
    this.#underWay -= batch.records;
    if (outcome === 'retry') {
      const { backoff, maxBackoff } = this.#limits;
      const now = performance.now();
      // Batches that were under way together fail together: that is one failure, not several.
      if (now >= this.#notBefore) {
        this.#failures += 1;
        this.#notBefore = now + Math.min(maxBackoff, backoff * 2 ** Math.min(this.#failures - 1, 16));
      }
      this.#batches.unshift(batch);
      this.#queued += batch.records;
    } else {
      this.#failures = 0;
      this.#notBefore = 0;
      if (outcome === 'refused') this.#dropped += batch.records;
    }
    if (this.#queued > 0) this.#schedule();
    if (this.#inFlight === 0 && (this.#queued === 0 || this.#failures > 0)) {
      for (const resolve of this.#idleWaiters.splice(0)) resolve();
    }
  }
}
