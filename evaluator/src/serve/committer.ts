import type { Engine } from '../engine/types.js';
import type { Store } from '../store/types.js';

/** What a {@link Committer} needs. Times in seconds. */
export interface CommitterOptions {
  engine: Pick<Engine, 'takeCheckpoint'>;
  store: Pick<Store, 'commitCheckpoint'>;
  /** Longest time between two commits while there is something to commit. */
  interval: number;
  /** `memory` answers before the commit. */
  ack: 'commit' | 'memory';
  /** Monotonic clock, seconds. */
  now: () => number;
  onCommitted?: (seconds: number) => void;
  onFailed?: (error: unknown) => void;
}

interface Waiter {
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Group commit: what the engine counted becomes durable together, and every request that waits for it is answered after the commit that
 * holds it. A request that comes after a quiet time is committed at once; under load there is one commit per interval.
 */
export class Committer {
  readonly #options: CommitterOptions;
  #waiting: Waiter[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #lastStart = -Infinity;
  #closed = false;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** Resolves after a commit that began after this call; rejects when that commit failed. With `ack: memory` resolves at once. */
  flush(): Promise<void> {
    this.#schedule();
    if (this.#options.ack === 'memory') return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Commits what is left. Rejects when it cannot. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
    await this.#commit();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#running !== undefined || this.#closed) return;
    const wait = Math.max(0, this.#lastStart + this.#options.interval - this.#options.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#running = this.#commit()
        .catch(() => undefined)
        .finally(() => {
          this.#running = undefined;
          if (this.#waiting.length > 0) this.#schedule();
        });
    }, wait * 1000);
  }

  async #commit(): Promise<void> {
    const { engine, store, now } = this.#options;
    const waiters = this.#waiting;
    this.#waiting = [];
    this.#lastStart = now();
    try {
      await store.commitCheckpoint(engine.takeCheckpoint());
      this.#options.onCommitted?.(now() - this.#lastStart);
      for (const { resolve } of waiters) resolve();
    } catch (error) {
      this.#options.onFailed?.(error);
      for (const { reject } of waiters) reject(error);
      throw error;
    }
  }
}
