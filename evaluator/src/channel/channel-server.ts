import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CHANNEL_PROTOCOL, CLOSE, clientMessageSchema, METRIC } from '@guardspan/policy';
import type { ClientMessage, HelloMessage, PongMessage } from '@guardspan/policy';
import { WebSocket, WebSocketServer } from 'ws';
import type { RawData } from 'ws';
import { hasRole, mayUseService } from '../auth/roles.js';
import { Broadcaster } from './broadcaster.js';
import type { ChannelOptions } from './channel-options.js';
import type { Instance } from './fleet/instance.js';
import { IncomingMessages } from './incoming-messages.js';
import { OutgoingMessages } from './messages-out.js';
import { listenerOf } from './fleet/process-match.js';
import { groupKey } from './publication.js';
import { Connection } from './socket/connection.js';

/** Pings without an answer after which a process is gone. */
const MAX_MISSED = 3;
/** Multiples of it, taken modulo 1, are spread evenly however many there are. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;
/** Path of the websocket. */
export const CHANNEL_PATH = '/v1/channel';

/** The websocket side of the channel (docs/channel.md). Sets no timers but those of a broadcast: call {@link tick} each 100 ms or so. */
export class ChannelServer {
  readonly outgoing: OutgoingMessages;
  readonly incoming: IncomingMessages;
  readonly #options: ChannelOptions;
  readonly #server: WebSocketServer;
  readonly #connections = new Set<Connection>();
  readonly #byInstance = new Map<string, Connection>();
  readonly #broadcaster: Broadcaster;
  readonly #maxMessageBytes: number;
  #nonce = 0;
  #closing = false;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#maxMessageBytes = options.maxMessageBytes ?? 1 << 20;
    this.outgoing = new OutgoingMessages(() => options.directives, options.publication, options.fleet, options.kill);
    this.incoming = new IncomingMessages(options);
    this.#broadcaster = new Broadcaster({ ...options, outgoing: this.outgoing, connections: this.#connections });
    this.#server = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: this.#maxMessageBytes,
      handleProtocols: (offered) => (offered.has(CHANNEL_PROTOCOL) ? CHANNEL_PROTOCOL : false),
    });
    options.directives.listen(this.#broadcaster);
    options.fleet.onChange(() => {
      this.#broadcaster.rebalance();
    });
  }

  /** Number of open sockets. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Tells every process what changed after `Publication.set`. */
  published(): void {
    this.#broadcaster.published();
  }

  /** Tells every process the kill switches. */
  killChanged(): void {
    this.#broadcaster.killChanged();
  }

  /** Takes an HTTP upgrade for {@link CHANNEL_PATH}: authorizes it, or answers 401, 403, 429 or 503. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const remote = request.socket.remoteAddress ?? '';
    const { authorization } = request.headers;
    if (this.#closing || this.#connections.size >= this.#options.maxConnections)
      return refuse(socket, '503 Service Unavailable', 'too_many_connections', 5);
    const result = this.#options.auth.authenticate(authorization, remote);
    if (!result.ok)
      return result.reason === 'throttled'
        ? refuse(socket, '429 Too Many Requests', 'throttled', result.retryAfter)
        : refuse(socket, '401 Unauthorized', `token_${result.reason}`, 0);
    if (!hasRole(result.principal.role, 'agent')) return refuse(socket, '403 Forbidden', 'no_agent_token', 0);
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      const connection = new Connection(ws, authorization, remote, result.principal, this.#options.now());
      this.#accept(connection, ws);
    });
  }

  /** Pings, checks tokens and slowness, sends owed snapshots. */
  tick(): void {
    const now = this.#options.now();
    const { heartbeat, helloTimeout } = this.#options;
    for (const connection of this.#connections) {
      if (connection.instance === undefined) {
        if (now - connection.openedAt > (helloTimeout ?? 10)) connection.close(CLOSE.BAD_MESSAGE, 'no hello');
        continue;
      }
      if (connection.isTooSlow(now)) {
        connection.close(CLOSE.TRY_LATER, 'too slow');
        connection.socket.terminate();
        continue;
      }
      if (connection.canResume()) this.#snapshot(connection);
      // A clock that was set back must not stop the pings.
      if (now - connection.pingedAt < heartbeat && now >= connection.pingedAt) continue;
      connection.pingedAt = now;
      this.#ping(connection, now);
    }
    this.#options.metrics.set(METRIC.CHANNEL_CONNECTIONS, {}, this.#connections.size);
  }

  /** Closes every connection with 1012 and takes no more. Resolves when all are gone, at the latest after a second. */
  async close(): Promise<void> {
    this.#closing = true;
    const open = [...this.#connections];
    for (const connection of open) connection.close(CLOSE.RESTART, 'restart');
    const deadline = Date.now() + 1000;
    while (this.#connections.size > 0 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 10));
    for (const { socket } of this.#connections) socket.terminate();
    this.#server.close();
  }

  #accept(connection: Connection, ws: WebSocket): void {
    this.#connections.add(connection);
    ws.on('error', () => ws.terminate());
    ws.on('close', () => {
      this.#connections.delete(connection);
      const { instance } = connection;
      if (instance === undefined) return;
      if (this.#byInstance.get(instance.key) === connection) this.#byInstance.delete(instance.key);
      this.#options.fleet.leave(instance);
      this.incoming.fleetEvent(instance, 'left');
    });
    ws.on('message', (data: RawData, binary: boolean) => {
      this.#message(connection, data, binary);
    });
    if (ws.protocol !== CHANNEL_PROTOCOL) connection.close(CLOSE.PROTOCOL, `offer ${CHANNEL_PROTOCOL}`);
  }

  #message(connection: Connection, data: RawData, binary: boolean): void {
    // What still arrives while a connection closes is not read.
    if (connection.socket.readyState !== WebSocket.OPEN) return;
    if (!connection.mayTalk(this.#options.now())) return connection.close(CLOSE.TRY_LATER, 'too many messages');
    const message = binary ? undefined : parse(data);
    if (message === undefined) return connection.close(CLOSE.BAD_MESSAGE, 'no valid message of the protocol');
    this.incoming.count(message);
    const { instance } = connection;
    if (message.type === 'hello') {
      if (instance !== undefined) return connection.close(CLOSE.BAD_MESSAGE, 'second hello');
      return this.#hello(connection, message);
    }
    if (instance === undefined) return connection.close(CLOSE.BAD_MESSAGE, 'hello comes first');
    if (message.type === 'pong') {
      instance.lastSeen = this.#options.now();
      return this.#pong(connection, instance, message);
    }
    void this.incoming.take(instance, message)?.then((decided) => {
      if (decided !== undefined) connection.send(decided);
    });
  }

  #hello(connection: Connection, hello: HelloMessage): void {
    if (!hello.protocols.includes(CHANNEL_PROTOCOL))
      return connection.close(CLOSE.PROTOCOL, `speak ${CHANNEL_PROTOCOL}`);
    if (!mayUseService(connection.principal, hello.resource.service))
      return connection.close(CLOSE.FORBIDDEN, 'the token is not valid for this service');
    const instance = this.#options.fleet.join(hello, 'websocket');
    connection.instance = instance;
    connection.group = `${groupKey(hello.resource)}\n${hello.featureLevel}`;
    const before = this.#byInstance.get(instance.key);
    this.#byInstance.set(instance.key, connection);
    before?.close(CLOSE.REPLACED, 'another connection of this process took over');
    const { directives, heartbeat, now } = this.#options;
    connection.send({
      type: 'welcome',
      protocol: CHANNEL_PROTOCOL,
      epoch: directives.epoch,
      heartbeat,
      limits: { maxMessageBytes: this.#maxMessageBytes, maxReportCells: 1000, maxDecisions: 500 },
    });
    this.#snapshot(connection);
    this.#broadcaster.joined(connection.group, listenerOf(instance));
    // The second ping comes after half a heartbeat to a whole one: processes that joined together are not pinged together for ever.
    connection.pingedAt = now() - (heartbeat / 2) * ((this.#nonce * GOLDEN_RATIO) % 1);
    this.#ping(connection, now());
    this.incoming.fleetEvent(instance, 'joined');
  }

  #snapshot(connection: Connection): void {
    const { text, revision } = this.outgoing.snapshot(listenerOf(connection.instance!));
    connection.owedSince = 0;
    connection.sentRevision = revision;
    connection.sendText(text);
  }

  #ping(connection: Connection, now: number): void {
    if (connection.ping !== undefined && ++connection.missedPongs >= MAX_MISSED) return connection.socket.terminate();
    // Rotation and revocation of tokens reach connections that are already open.
    const result = this.#options.auth.authenticate(connection.authorization, connection.remote);
    if (!result.ok && result.reason !== 'throttled')
      return connection.close(CLOSE.UNAUTHORIZED, 'the token was revoked');
    if (result.ok) {
      connection.principal = result.principal;
      if (!mayUseService(result.principal, connection.instance!.resource.service))
        return connection.close(CLOSE.FORBIDDEN, 'the token is not valid for this service');
    }
    connection.ping = { nonce: ++this.#nonce, at: now };
    connection.send({ type: 'ping', nonce: this.#nonce });
  }

  #pong(connection: Connection, instance: Instance, { nonce, clock }: PongMessage): void {
    const { ping } = connection;
    if (ping?.nonce !== nonce) return;
    connection.ping = undefined;
    connection.missedPongs = 0;
    const now = this.#options.now();
    const roundTrip = now - ping.at;
    // The quickest round trip bounds the error best; it ages so that a clock that is corrected later is seen.
    if (roundTrip < 0 || roundTrip > instance.clockRoundTrip * 2 + 0.05) return;
    instance.clockRoundTrip = roundTrip;
    instance.clockOffset = clock - (ping.at + roundTrip / 2);
  }
}

function parse(data: RawData): ClientMessage | undefined {
  try {
    const value: unknown = JSON.parse((data as Buffer).toString('utf8'));
    const result = clientMessageSchema.safeParse(value);
    return result.success ? (result.data as ClientMessage) : undefined;
  } catch {
    return undefined;
  }
}

function refuse(socket: Duplex, status: string, code: string, retryAfter: number): void {
  const body = JSON.stringify({ title: status.slice(4), status: Number(status.slice(0, 3)), code });
  const wait = retryAfter > 0 ? `Retry-After: ${Math.ceil(retryAfter)}\r\n` : '';
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n${wait}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
