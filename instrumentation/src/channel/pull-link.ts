import http from 'node:http';
import https from 'node:https';
import { isServerMessage } from '@guardspan/policy/runtime';
import type { ClientMessage, ServerMessage } from '@guardspan/policy/runtime';
import { asOwnTraffic } from '../guard/inside.js';
import { Backoff } from './backoff.js';
import type { Link, LinkState } from './link.js';
import { postJson, targetOf } from './post-json.js';
import type { PostAnswer } from './post-json.js';
import { proxyAgentOptions } from './proxy-agent.js';

/** Seconds between two exchanges. */
const INTERVAL = 1;
const TIMEOUT = 10_000;
/** Bytes of an answer at most. A set of a thousand guard-rails is about 2 MB. */
const MAX_ANSWER = 32 << 20;
/** Answers that wait for the next exchange at most; a snapshot is answered by two. */
const MAX_WAITING = 20;
/** Decisions of one exchange at first; halved when the evaluator finds it too large. */
const MAX_DECISIONS = 200;

/** What the pull link stands on. */
export interface PullOptions {
  endpoint: string;
  token: () => string;
  random: () => number;
  /** `hello`, and what there is to say besides: the totals, and at most so many decisions, that are not confirmed yet. */
  collect: (maxDecisions: number) => ClientMessage[];
  message: (message: ServerMessage) => void;
  /** An answer came; called after its messages. */
  up: () => void;
  /** An exchange failed: nobody knows what the evaluator took of it. `wasOpen`: the one before had not. */
  failed: (wasOpen: boolean) => void;
}

/**
 * The channel by exchanges over plain HTTP (`POST /api/v1/agent/sync`), for functions that freeze and networks that block websockets. Says and hears the same
 * messages as the websocket, each second.
 */
export class PullLink implements Link {
  readonly transport = 'pull';
  readonly congested = false;
  state: LinkState = 'connecting';
  lastError = '';
  #cursor = '';
  #waiting: ClientMessage[] = [];
  #maxDecisions = MAX_DECISIONS;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #exchange: Promise<void> | null = null;
  readonly #abort = new AbortController();
  readonly #agent: http.Agent;
  readonly #url: string;
  readonly #backoff: Backoff;

  constructor(private readonly options: PullOptions) {
    this.#backoff = new Backoff(options.random);
    this.#url = `${options.endpoint.replace(/\/+$/, '')}/api/v1/agent/sync`;
    const { Agent } = this.#url.startsWith('https') ? https : http;
    this.#agent = new Agent({ keepAlive: true, ...proxyAgentOptions(process.env) });
  }

  get open(): boolean {
    return this.state === 'open';
  }

  connect(): void {
    this.#exchange = asOwnTraffic(() => this.#ask()).finally(() => {
      this.#exchange = null;
    });
  }

  /** Keeps a message for the next exchange. */
  send(message: ClientMessage): void {
    this.#waiting.push(message);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
  }

  tick(): void {
    // An exchange that gets no answer ends by itself.
  }

  restart(): void {
    this.#cursor = '';
  }

  flush(timeout: number): Promise<void> {
    if (!this.open && this.#exchange === null) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeout);
      void this.#lastWords().finally(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  close(): Promise<void> {
    this.state = 'closed';
    if (this.#timer) clearTimeout(this.#timer);
    this.#abort.abort();
    this.#agent.destroy();
    return Promise.resolve();
  }

  async #lastWords(): Promise<void> {
    await this.#exchange;
    if (!this.open) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.connect();
    await this.#exchange;
  }

  async #ask(): Promise<void> {
    const { message, up, failed, collect } = this.options;
    const wasOpen = this.state === 'open';
    let wait = INTERVAL;
    try {
      const [hello, ...rest] = collect(this.#maxDecisions);
      const response = await this.#post([hello!, ...this.#waiting.splice(0), ...rest]);
      if (this.#closed()) return;
      if (response.status === 413) this.#maxDecisions = Math.max(1, Math.floor(this.#maxDecisions / 2));
      if (response.status === 401 || response.status === 403) this.state = 'refused';
      if (response.status !== 200) throw new Error(`the evaluator answered ${response.status}`);
      const body = JSON.parse(response.text) as { cursor?: unknown; messages?: unknown };
      if (typeof body.cursor !== 'string' || !Array.isArray(body.messages))
        throw new Error('the answer is not of the protocol');
      this.#cursor = body.cursor;
      for (const one of body.messages) if (isServerMessage(one)) message(one);
      this.state = 'open';
      this.lastError = '';
      up();
    } catch (error) {
      if (this.#closed()) return;
      this.lastError = (error as Error).message;
      wait = this.#backoff.next(wasOpen ? Infinity : 0, this.state === 'refused');
      if (this.state !== 'refused') this.state = 'waiting';
      // What was not answered may be lost: the whole state is asked for, and answered anew.
      this.#cursor = '';
      failed(wasOpen);
    }
    if (this.#closed()) return;
    this.#timer = setTimeout(() => this.connect(), wait * 1000);
    this.#timer.unref();
  }

  #post(messages: ClientMessage[]): Promise<PostAnswer> {
    const bearer = this.options.token();
    const target = targetOf(`${this.#url}?since=${encodeURIComponent(this.#cursor)}`);
    return postJson(target, JSON.stringify({ messages }), {
      headers: { 'content-type': 'application/json', ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }) },
      agent: this.#agent,
      timeout: TIMEOUT,
      maxBytes: MAX_ANSWER,
      signal: this.#abort.signal,
    });
  }

  /** Read anew after each wait: the link may have been closed meanwhile. */
  #closed(): boolean {
    return (this.state as LinkState) === 'closed';
  }
}
