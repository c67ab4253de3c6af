import { randomBytes } from 'node:crypto';
import { CHANNEL_PROTOCOL, FEATURE_LEVEL } from '@guardspan/policy';
import type { ClientMessage, HelloMessage, ServerMessage } from '@guardspan/policy';
import { WebSocket } from 'ws';

/** A client of the channel as docs/channel.md describes one, without a model behind it. */
export class TestAgent {
  readonly messages: ServerMessage[] = [];
  readonly socket: WebSocket;
  closed: { code: number; reason: string } | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(
    url: string,
    readonly hello: HelloMessage,
    options: { token?: string; protocol?: string; answerPings?: boolean } = {},
  ) {
    const headers = options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/v1/channel`, options.protocol ?? CHANNEL_PROTOCOL, {
      headers,
    });
    this.socket.on('open', () => {
      this.send(hello);
    });
    this.socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ServerMessage;
      this.messages.push(message);
      if (message.type === 'ping' && options.answerPings !== false)
        this.send({ type: 'pong', nonce: message.nonce, clock: Date.now() / 1000 });
      if (message.type === 'snapshot' || message.type === 'delta')
        this.send({ type: 'ack', revision: message.revision });
      if (message.type === 'directive')
        this.send({ type: 'applied', directives: message.directives.map(({ id }) => id), released: [] });
      this.#wake();
    });
    this.socket.on('error', () => this.#wake());
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#wake();
    });
  }

  send(message: ClientMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  of<T extends ServerMessage['type']>(type: T): Extract<ServerMessage, { type: T }>[] {
    return this.messages.filter((message): message is Extract<ServerMessage, { type: T }> => message.type === type);
  }

  /** Resolves once `condition` holds; rejects after `ms`. */
  async until(condition: () => boolean, ms = 10_000): Promise<void> {
    const deadline = Date.now() + ms;
    while (!condition()) {
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(`nothing came in ${ms} ms; got ${this.messages.map(({ type }) => type).join(' ')}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, Math.min(left, 100));
        this.#waiting.add(wake);
      });
    }
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.until(() => this.closed !== undefined);
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

/** A `hello` of a process with one function that it guards. */
export function helloOf(service: string, overrides: Partial<HelloMessage> = {}): HelloMessage {
  return {
    type: 'hello',
    protocols: [CHANNEL_PROTOCOL],
    featureLevel: FEATURE_LEVEL,
    instance: randomBytes(4).toString('hex'),
    incarnation: randomBytes(8).toString('hex'),
    sdk: { name: 'test', version: '1' },
    resource: { service, serviceVersion: '1', environment: 'test', host: 'h', pid: 1 },
    capabilities: [
      {
        client: 'function',
        version: '',
        at: 'request',
        actions: ['deny', 'throttle', 'reroute', 'shutdown', 'annotate'],
        streamed: false,
      },
    ],
    callSites: [{ client: 'function', model: 'risk', version: '' }],
    targets: [{ name: 'previous' }],
    allow: { actions: ['deny', 'throttle', 'redact', 'reroute', 'shutdown', 'annotate'] },
    have: { revision: '', epoch: 0, directiveSeq: 0 },
    ...overrides,
  };
}
