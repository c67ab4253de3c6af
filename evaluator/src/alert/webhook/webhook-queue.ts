import { UnstoredRows } from '../unstored-rows.js';
import type { WebhookRow, WebhookStore } from './types.js';

/** Options of {@link WebhookQueue}. Times in seconds. */
export interface WebhookQueueOptions {
  urls: readonly string[];
  /** Sends and signs one message. Resolves to the status of the answer; rejects when there is none. */
  send: (row: WebhookRow) => Promise<number>;
  store: WebhookStore;
  now: () => number;
  /** 0..1, for the jitter of waiting times. */
  random: () => number;
  newId: () => string;
  onSent: () => void;
  /** Told of each attempt that failed. */
  onFailed: (row: WebhookRow) => void;
  /** Told of writes that failed. */
  onError: (error: unknown) => void;
}

/** Attempts over about an hour and a half; then a message is a dead letter. */
const MAX_ATTEMPTS = 10;
const FIRST_WAIT = 2;
const MAX_WAIT = 1800;
/** Messages and dead letters that are kept for each receiver. Beyond, the oldest dead letter makes room, and a new message is a dead letter at once. */
const MAX_WAITING = 1000;
const MAX_DEAD = 1000;
/** Requests to one receiver at a time. */
const PARALLEL = 4;

/** Messages to receivers of the user's own, kept until they are taken; what is given up stays visible and can be sent again. */
export class WebhookQueue {
  readonly #options: WebhookQueueOptions;
  readonly #rows = new Map<string, WebhookRow>();
  readonly #sending = new Set<string>();
  readonly #unstored: UnstoredRows<WebhookRow>;
  #closed = false;

  constructor(options: WebhookQueueOptions) {
    this.#options = options;
    this.#unstored = new UnstoredRows({
      write: (put, remove) => options.store.putWebhooks(put, remove),
      onError: options.onError,
    });
  }

  /** Takes over what an earlier start left. Messages to receivers that are no longer configured are dead letters. Rejects with StoreError. */
  async restore(): Promise<void> {
    for (const row of await this.#options.store.webhooks()) {
      this.#rows.set(row.id, row);
      if (row.deadAt === 0 && !this.#options.urls.includes(row.url)) this.#bury(row, 'its receiver is not configured');
    }
  }

  /** Puts a message for every receiver on its way. */
  enqueue(type: string, at: number, data: unknown): void {
    for (const url of this.#options.urls) {
      const id = `msg_${this.#options.newId()}`;
      const body = JSON.stringify({ id, type, timestamp: new Date(at * 1000).toISOString(), data });
      const row = { id, url, body, at, attempts: 0, nextAt: at, reason: '', deadAt: 0 };
      if (this.#of(url, false).length >= MAX_WAITING) this.#bury(row, 'too many messages wait for this receiver');
      else this.#put(row);
    }
    this.tick();
  }

  /** Sends what is due. Call it each 100 ms. */
  tick(): void {
    if (this.#closed) return;
    const now = this.#options.now();
    for (const url of this.#options.urls) {
      const waiting = this.#of(url, false);
      let room = PARALLEL - waiting.filter(({ id }) => this.#sending.has(id)).length;
      for (const row of waiting) {
        if (room <= 0) break;
        if (row.nextAt > now || this.#sending.has(row.id)) continue;
        room--;
        void this.#send(row);
      }
    }
    void this.#unstored.persist();
  }

  /** Messages that wait, and dead letters, oldest first. */
  rows(): WebhookRow[] {
    return [...this.#rows.values()].sort((a, b) => a.at - b.at);
  }

  /** Puts dead letters on their way again; all of them without ids. @returns how many */
  replay(ids: readonly string[] | undefined): number {
    const dead = this.rows().filter(
      ({ id, deadAt, url }) => deadAt > 0 && this.#isKnown(url) && ids?.includes(id) !== false,
    );
    const nextAt = this.#options.now();
    for (const row of dead) this.#put({ ...row, attempts: 0, nextAt, deadAt: 0 });
    this.tick();
    return dead.length;
  }

  close(): void {
    this.#closed = true;
  }

  #isKnown(url: string): boolean {
    return this.#options.urls.includes(url);
  }

  #of(url: string, dead: boolean): WebhookRow[] {
    return [...this.#rows.values()].filter((row) => row.url === url && row.deadAt > 0 === dead);
  }

  async #send(row: WebhookRow): Promise<void> {
    this.#sending.add(row.id);
    let reason = '';
    try {
      const status = await this.#options.send(row);
      if (status < 200 || status > 299) reason = `it answered ${status}`;
    } catch (error) {
      reason = (error as Error).message;
    } finally {
      this.#sending.delete(row.id);
    }
    if (reason === '') {
      this.#remove(row.id);
      this.#options.onSent();
    } else {
      const attempts = row.attempts + 1;
      const failed = { ...row, attempts, reason };
      this.#options.onFailed(failed);
      const wait = Math.min(MAX_WAIT, FIRST_WAIT * 3 ** row.attempts) * (0.5 + this.#options.random() / 2);
      if (attempts >= MAX_ATTEMPTS) this.#bury(failed, reason);
      else this.#put({ ...failed, nextAt: this.#options.now() + wait });
    }
    this.tick();
  }

  #bury(row: WebhookRow, reason: string): void {
    const dead = this.#of(row.url, true).sort((a, b) => a.deadAt - b.deadAt);
    if (dead.length >= MAX_DEAD) this.#remove(dead[0]!.id);
    this.#put({ ...row, reason, nextAt: 0, deadAt: this.#options.now() });
  }

  #put(row: WebhookRow): void {
    this.#rows.set(row.id, row);
    this.#unstored.put(row.id, row);
  }

  #remove(id: string): void {
    this.#rows.delete(id);
    this.#unstored.remove(id);
  }
}
