import http from 'node:http';
import https from 'node:https';
import { diag } from '@opentelemetry/api';
import { CHANNEL_PROTOCOL, CLOSE, isServerMessage } from '@guardspan/policy/runtime';
import type { ClientMessage, ServerMessage } from '@guardspan/policy/runtime';
import { WebSocket } from 'ws';
import type { Clock } from '../guard/clock.js';
import { asOwnTraffic } from '../guard/inside.js';
import { Backoff } from './backoff.js';
import type { Link, LinkState } from './link.js';
import { proxyAgentOptions } from './proxy-agent.js';

/** Messages of the server above this are refused. A set of a thousand guard-rails is about 2 MB. */
const MAX_PAYLOAD = 32 << 20;
/** Bytes that may wait in the socket before reports are held back. */
const MAX_BUFFERED = 4 << 20;
const HANDSHAKE_TIMEOUT = 10_000;
const FORBIDDEN_STATUS = [401, 403];
const THROTTLED_STATUS = 429;
/** Errors of a connection that was never made: they say nothing about websockets. */
const UNREACHABLE = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
];

/** What a link tells and asks. */
export interface LinkHandlers {
  /** The socket is open: the first message. */
  hello(): ClientMessage;
  message(message: ServerMessage): void;
  down(): void;
  /** A connection was not opened. `blocked`: a server was reached that did not make a websocket of it, for no reason that the protocol has. */
  upgradeFailed?(blocked: boolean): void;
}

/** What a link stands on. */
export interface LinkOptions {
  /** Base URL of the evaluator, http or https. */
  endpoint: string;
  token: () => string;
  clock: Clock;
  random: () => number;
  handlers: LinkHandlers;
}

/**
 * The channel over a websocket: connects, reconnects with full jitter, and notices a server that has gone silent. Keeps no process alive, makes no spans.
 */
export class WebSocketLink implements Link {
  readonly transport = 'websocket';
  state: LinkState = 'connecting';
  /** Why the last connection ended, for status. */
  lastError = '';
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #lastHeard = 0;
  /** Seconds; as the server or the last tick told it. */
  #heartbeat = 10;
  #retryEvery = 0;
  #pings = 0;
  readonly #backoff: Backoff;
  readonly #url: string;

  constructor(private readonly options: LinkOptions) {
    this.#backoff = new Backoff(options.random);
    this.#url = `${options.endpoint.replace(/\/+$/, '').replace(/^http/, 'ws')}/v1/channel`;
  }

  get open(): boolean {
    return this.state === 'open';
  }

  /** True while the socket takes no more reports, because the server reads too slowly. */
  get congested(): boolean {
    return (this.#socket?.bufferedAmount ?? 0) > MAX_BUFFERED;
  }

  connect(): void {
    if (this.state === 'closed') return;
    this.state = 'connecting';
    try {
      asOwnTraffic(() => this.#dial());
    } catch (error) {
      // A URL that is none: there is nothing to wait for, but the process runs on.
      this.lastError = (error as Error).message;
      this.#again(0, true);
    }
  }

  send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** Ends a connection on which the server has been silent for three heartbeats. Called each second. */
  tick(heartbeat: number): void {
    this.#heartbeat = heartbeat;
    if (this.state === 'open') this.#endWhenSilent();
  }

  /** Ends this connection and makes another, for the whole state. */
  restart(): void {
    this.#socket?.close(1000);
  }

  /** Waits so many seconds between connections instead of backing off; 0 backs off again. */
  retryEvery(seconds: number): void {
    this.#retryEvery = seconds;
  }

  /** Resolves when the evaluator has read what was sent: it answers a ping behind it (RFC 6455, section 5.5.2). */
  flush(timeout: number): Promise<void> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.resolve();
    const asked = String((this.#pings += 1));
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        socket.off('pong', answered).off('close', settle);
        resolve();
      };
      const answered = (answer: Buffer): void => {
        if (answer.toString() === asked) settle();
      };
      const timer = setTimeout(settle, timeout);
      socket.on('pong', answered).on('close', settle);
      socket.ping(asked);
    });
  }

  /** Ends the link for good. Resolves when the socket is closed. */
  close(): Promise<void> {
    this.state = 'closed';
    if (this.#timer) clearTimeout(this.#timer);
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => socket.terminate(), 500);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
      else socket.close(1000);
    });
  }

  #dial(): void {
    const { handlers, token, clock } = this.options;
    const bearer = token();
    const proxy = proxyAgentOptions(process.env);
    const secure = this.#url.startsWith('wss');
    const socket = new WebSocket(this.#url, CHANNEL_PROTOCOL, {
      perMessageDeflate: false,
      maxPayload: MAX_PAYLOAD,
      handshakeTimeout: HANDSHAKE_TIMEOUT,
      followRedirects: false,
      headers: bearer === '' ? {} : { authorization: `Bearer ${bearer}` },
      ...(proxy.proxyEnv ? { agent: new (secure ? https : http).Agent(proxy as http.AgentOptions) } : {}),
      // The channel must never be what keeps an application from ending.
      finishRequest: (request) => {
        request.on('socket', (raw) => raw.unref());
        request.end();
      },
    });
    this.#socket = socket;
    let openedAt = 0;
    let refused = false;
    let blocked = false;
    socket.on('upgrade', (response) => response.socket.unref());
    socket.on('unexpected-response', (request, response) => {
      const status = response.statusCode ?? 0;
      refused = FORBIDDEN_STATUS.includes(status);
      this.lastError = `the evaluator answered ${response.statusCode}`;
      response.resume();
      request.destroy();
      this.#again(0, refused);
      handlers.upgradeFailed?.(!refused && status !== THROTTLED_STATUS);
    });
    socket.on('open', () => {
      openedAt = this.#lastHeard = clock.monotonic();
      this.state = 'open';
      this.lastError = '';
      this.send(handlers.hello());
    });
    socket.on('message', (data) => {
      // What waited in the socket while this process slept is old: it must not renew a lease from now on.
      if (this.#endWhenSilent()) return;
      this.#lastHeard = clock.monotonic();
      this.#receive(data.toString(), socket);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      blocked = !UNREACHABLE.includes(error.code ?? '');
      this.lastError ||= error.message;
    });
    socket.on('close', (code) => {
      if (this.#socket !== socket) return;
      if (code === CLOSE.UNAUTHORIZED || code === CLOSE.FORBIDDEN || code === CLOSE.PROTOCOL) refused = true;
      if (code !== 1000) this.lastError ||= `closed with ${code}`;
      const wasOpen = openedAt > 0;
      if (wasOpen) handlers.down();
      this.#again(wasOpen ? clock.monotonic() - openedAt : 0, refused);
      if (!wasOpen) handlers.upgradeFailed?.(blocked);
    });
  }

  /** Ends a connection on which nothing was heard for three heartbeats; true when it did. */
  #endWhenSilent(): boolean {
    if (this.options.clock.monotonic() - this.#lastHeard <= 3 * this.#heartbeat) return false;
    this.lastError = 'the evaluator fell silent';
    this.#socket?.terminate();
    return true;
  }

  #receive(text: string, socket: WebSocket): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      message = null;
    }
    if (!isServerMessage(message)) {
      diag.warn('Guardspan: the evaluator sent a message that is not of the protocol');
      socket.close(CLOSE.BAD_MESSAGE);
      return;
    }
    if (message.type === 'welcome') this.#heartbeat = message.heartbeat;
    try {
      this.options.handlers.message(message);
    } catch (error) {
      diag.error('Guardspan: a message of the evaluator could not be carried out', error);
      socket.close(CLOSE.BAD_MESSAGE);
    }
  }

  #again(lived: number, refused: boolean): void {
    if (this.state === 'closed' || this.#timer !== null) return;
    this.#socket = null;
    this.state = refused ? 'refused' : 'waiting';
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.connect();
      },
      (this.#retryEvery || this.#backoff.next(lived, refused)) * 1000,
    );
    this.#timer.unref();
  }
}
