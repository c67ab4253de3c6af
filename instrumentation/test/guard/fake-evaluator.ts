import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientMessage, RevisedGuardrail, ServerMessage, SnapshotMessage } from '@guardspan/policy/runtime';
import { CHANNEL_PROTOCOL, setDigest } from '@guardspan/policy/runtime';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

interface OtlpSpan {
  traceId: string;
  spanId: string;
  name: string;
  attributes: { key: string; value: { [kind: string]: unknown } }[];
}

/** A whole state with these guard-rails. */
export function snapshot(guardrails: RevisedGuardrail[], changes: Partial<SnapshotMessage> = {}): SnapshotMessage {
  return {
    type: 'snapshot',
    revision: setDigest(guardrails),
    epoch: 1,
    directiveSeq: 0,
    guardrails,
    directives: [],
    kill: [],
    limits: [1],
    ...changes,
  };
}

/** An evaluator as a process sees it: the channel, also by pull, and OTLP on one port. Answers `hello` with `welcome` and `state`. */
export class FakeEvaluator {
  state = snapshot([]);
  received: ClientMessage[] = [];
  spans: OtlpSpan[] = [];
  feedStatus = 200;
  rejectWith = 0;
  /** Answer of exchanges by pull. */
  pullStatus = 404;
  /** What the next exchange hears besides. */
  pullMessages: ServerMessage[] = [];
  pulls: ClientMessage[][] = [];
  authorizations: (string | undefined)[] = [];
  connections = 0;
  heartbeat = 10;
  #sockets = new Set<WebSocket>();
  #server: Server | null = null;
  #waiting: (() => void)[] = [];
  port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(): Promise<void> {
    const server = createServer((request, response) => {
      if (request.url?.startsWith('/api/v1/agent/sync')) void this.#pull(request, response);
      else void this.#otlp(request).then((status) => response.writeHead(status).end('{}'));
    });
    const channel = new WebSocketServer({ noServer: true, handleProtocols: () => CHANNEL_PROTOCOL });
    server.on('upgrade', (request, socket, head) => {
      this.authorizations.push(request.headers.authorization);
      if (this.rejectWith > 0) {
        socket.end(`HTTP/1.1 ${this.rejectWith} Refused\r\nconnection: close\r\n\r\n`);
        this.#wake();
        return;
      }
      channel.handleUpgrade(request, socket, head, (client) => this.#accept(client));
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async close(code?: number): Promise<void> {
    for (const socket of this.#sockets) {
      if (code === undefined) socket.terminate();
      else socket.close(code);
    }
    const server = this.#server;
    this.#server = null;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  send(message: ServerMessage): void {
    for (const socket of this.#sockets) socket.send(JSON.stringify(message));
  }

  /** Messages of one type. */
  of<T extends ClientMessage['type']>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.received.filter((message): message is Extract<ClientMessage, { type: T }> => message.type === type);
  }

  /** Resolves once the condition holds; it is looked at whenever something arrives. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #accept(client: WebSocket): void {
    this.connections += 1;
    this.#sockets.add(client);
    client.on('close', () => {
      this.#sockets.delete(client);
      this.#wake();
    });
    client.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ClientMessage;
      this.received.push(message);
      if (message.type === 'hello') {
        const limits = { maxMessageBytes: 1 << 20, maxReportCells: 100, maxDecisions: 100 };
        const welcome = { type: 'welcome', protocol: CHANNEL_PROTOCOL, epoch: 1, heartbeat: this.heartbeat, limits };
        client.send(JSON.stringify(welcome));
        client.send(JSON.stringify(this.state));
      }
      this.#wake();
    });
  }

  async #pull(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (this.pullStatus === 200) {
      const { messages } = JSON.parse(Buffer.concat(chunks).toString()) as { messages: ClientMessage[] };
      this.pulls.push(messages);
      this.received.push(...messages);
    }
    const known = request.url!.endsWith('since=c1');
    const heard = [...(known ? [] : [this.state]), ...this.pullMessages.splice(0)];
    response
      .writeHead(this.pullStatus, { 'content-type': 'application/json' })
      .end(JSON.stringify({ cursor: 'c1', messages: heard }));
    this.#wake();
  }

  async #otlp(request: IncomingMessage): Promise<number> {
    this.authorizations.push(request.headers.authorization);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (this.feedStatus === 200) {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[];
      };
      for (const { scopeSpans } of body.resourceSpans) for (const { spans } of scopeSpans) this.spans.push(...spans);
    }
    this.#wake();
    return this.feedStatus;
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
