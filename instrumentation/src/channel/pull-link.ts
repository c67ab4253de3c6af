import { isServerMessage } from '@guardspan/policy/runtime';
import type { ServerMessage } from '@guardspan/policy/runtime';
import { asOwnTraffic } from '../guard/inside.js';
import { Backoff } from './backoff.js';
import type { LinkState } from './websocket-link.js';

/** Seconds between two questions. */
const INTERVAL = 1;
const TIMEOUT = 10_000;

/** What the pull link stands on. */
export interface PullOptions {
  endpoint: string;
  token: () => string;
  random: () => number;
  /** Query that says who asks: service, environment, instance, incarnation. */
  identity: { [name: string]: string };
  /** The whole state is wanted again when this is true. */
  wantsAll: () => boolean;
  message: (message: ServerMessage) => void;
  /** An answer came; called after its messages. */
  up: () => void;
  down: () => void;
}

/**
 * The channel by questions over plain HTTP (`GET /api/v1/agent/sync?since=`), for functions that freeze and networks that block websockets. Hears the same
 * messages; calls are still reported by the feed, totals and decisions are not.
 */
export class PullLink {
  state: LinkState = 'connecting';
  lastError = '';
  #cursor = '';
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #backoff: Backoff;

  constructor(private readonly options: PullOptions) {
    this.#backoff = new Backoff(options.random);
  }

  get open(): boolean {
    return this.state === 'open';
  }

  connect(): void {
    void asOwnTraffic(() => this.#ask());
  }

  close(): Promise<void> {
    this.state = 'closed';
    if (this.#timer) clearTimeout(this.#timer);
    return Promise.resolve();
  }

  async #ask(): Promise<void> {
    const { endpoint, token, identity, message, up, down, wantsAll } = this.options;
    const wasOpen = this.state === 'open';
    let wait = INTERVAL;
    try {
      if (wantsAll()) this.#cursor = '';
      const query = new URLSearchParams({ ...identity, since: this.#cursor });
      const bearer = token();
      const response = await fetch(`${endpoint.replace(/\/+$/, '')}/api/v1/agent/sync?${query}`, {
        headers: bearer === '' ? {} : { authorization: `Bearer ${bearer}` },
        signal: AbortSignal.timeout(TIMEOUT),
      });
      if (this.#closed()) return;
      if (response.status === 401 || response.status === 403) {
        this.state = 'refused';
        throw new Error(`the evaluator answered ${response.status}`);
      }
      if (!response.ok) throw new Error(`the evaluator answered ${response.status}`);
      const body = (await response.json()) as { cursor?: unknown; messages?: unknown };
      if (typeof body.cursor !== 'string' || !Array.isArray(body.messages))
        throw new Error('the answer is not of the protocol');
      for (const one of body.messages) if (isServerMessage(one)) message(one);
      this.#cursor = body.cursor;
      this.state = 'open';
      this.lastError = '';
      up();
    } catch (error) {
      if (this.#closed()) return;
      this.lastError = (error as Error).message;
      wait = this.#backoff.next(0, this.state === 'refused');
      if (this.state !== 'refused') this.state = 'waiting';
      if (wasOpen) down();
    }
    if (this.#closed()) return;
    this.#timer = setTimeout(() => this.connect(), wait * 1000);
    this.#timer.unref();
  }

  /** Read anew after each wait: the link may have been closed meanwhile. */
  #closed(): boolean {
    return (this.state as LinkState) === 'closed';
  }
}
