import { CHANNEL_PROTOCOL, FEATURE_LEVEL } from '@guardspan/policy/runtime';
import type { ClientMessage, Directive, ServerMessage } from '@guardspan/policy/runtime';
import { WebSocket } from 'ws';
import { monotonic } from '../process/clock.js';
import type { ClientsReply, ClientsRequest } from './clients.js';

/** Connections that are being opened at a time. */
const OPENING = 50;

/** One process of an application as the channel sees it: keeps its directives as the instrumentation does. */
class Client {
  readonly directives = new Map<string, Directive>();

  constructor(
    private readonly socket: WebSocket,
    private readonly index: number,
    private readonly onReady: () => void,
  ) {
    socket.on('open', () => this.#send(hello(index)));
    socket.on('message', (data: Buffer) => this.#message(JSON.parse(data.toString('utf8')) as ServerMessage));
  }

  #send(message: ClientMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Answers as soon as no other client of this process has something to read. */
  #answer(message: ClientMessage): void {
    answerLater(() => this.#send(message));
  }

  #message(message: ServerMessage): void {
    messagesRead++;
    switch (message.type) {
      case 'ping':
        return this.#send({ type: 'pong', nonce: message.nonce, clock: Date.now() / 1000 });
      case 'snapshot':
        this.directives.clear();
        for (const directive of message.directives) this.directives.set(directive.id, directive);
        this.#send({ type: 'ack', revision: message.revision });
        return this.onReady();
      case 'directive': {
        for (const directive of message.directives) this.directives.set(directive.id, directive);
        // From here on the next call of this process is rerouted.
        const at = monotonic();
        for (const { scope } of message.directives) enforced(scope['tenant'] ?? '', this.index, at);
        const applied = message.directives.map(({ id }) => id);
        return this.#answer({ type: 'applied', directives: applied, released: [] });
      }
      case 'release':
        for (const id of message.ids) this.directives.delete(id);
        return this.#answer({ type: 'applied', directives: [], released: message.ids });
      default:
    }
  }
}

/**
 * Answers wait until a turn of the event loop brings no message. In the field each connection is a process of its own and reads while others answer; here
 * the answer of one would be counted as delay of the next. The evaluator gets all answers while it is still writing to others, as in the field.
 */
const answers: (() => void)[] = [];
let messagesRead = 0;

function answerLater(answer: () => void): void {
  if (answers.push(answer) > 1) return;
  const whenQuiet = (before: number): void => {
    if (messagesRead !== before) setImmediate(whenQuiet, messagesRead);
    else for (const each of answers.splice(0)) each();
  };
  setImmediate(whenQuiet, messagesRead);
}

let count = 0;
const times = new Map<string, { at: number[]; missing: number }>();

function enforced(tenant: string, index: number, at: number): void {
  const seen = times.get(tenant) ?? { at: new Array<number>(count).fill(NaN), missing: count };
  times.set(tenant, seen);
  if (!Number.isNaN(seen.at[index])) return;
  seen.at[index] = at;
  if (--seen.missing > 0) return;
  times.delete(tenant);
  reply({ type: 'enforced', tenant, at: seen.at });
}

async function open(url: string): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      await new Promise<void>((resolve, reject) => {
        const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/channel`, CHANNEL_PROTOCOL, {
          perMessageDeflate: false,
        });
        socket.on('error', reject);
        socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
        new Client(socket, index, resolve);
      });
    }
  };
  await Promise.all(Array.from({ length: OPENING }, worker));
}

function hello(index: number): ClientMessage {
  return {
    type: 'hello',
    protocols: [CHANNEL_PROTOCOL],
    featureLevel: FEATURE_LEVEL,
    instance: `bench-${index}`,
    incarnation: `bench-${process.pid}-${index}`,
    sdk: { name: 'bench', version: '1' },
    resource: { service: 'bench', serviceVersion: '1', environment: 'bench', host: 'localhost', pid: process.pid },
    capabilities: [
      { client: 'openai', version: '6', at: 'request', actions: ['reroute', 'throttle', 'shutdown'], streamed: true },
    ],
    callSites: [{ client: 'openai', model: '*', version: '' }],
    targets: [{ name: 'other' }],
    allow: { actions: ['reroute', 'throttle', 'shutdown'] },
    have: { revision: '', epoch: 0, directiveSeq: 0 },
  };
}

function reply(message: ClientsReply): void {
  process.send?.(message);
}

process.on('message', (message: ClientsRequest) => {
  count = message.count;
  open(message.url).then(
    () => reply({ type: 'connected' }),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
