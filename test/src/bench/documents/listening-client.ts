import { randomUUID } from 'node:crypto';
import { CHANNEL_PROTOCOL, FEATURE_LEVEL, GuardrailSet } from '@guardspan/policy';
import type { RevisedGuardrail, ServerMessage, SnapshotMessage } from '@guardspan/policy';
import { WebSocket } from 'ws';
import { SERVICE } from '../support/messages.js';

/** What a process needed to hold its first guard-rails. Milliseconds. */
export interface FirstSync {
  /** From the opened socket to the snapshot, parsed. */
  received: number;
  /** Compiling what it holds. */
  compiled: number;
  guardrails: number;
  bytes: number;
}

/** A process that joins the channel and says when guard-rails reach it. */
export class ListeningClient {
  readonly #socket: WebSocket;
  #onChange: ((changed: readonly RevisedGuardrail[]) => void) | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Connects and waits for the snapshot. */
  static async join(url: string): Promise<{ client: ListeningClient; sync: FirstSync }> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/channel`, CHANNEL_PROTOCOL, {
      perMessageDeflate: false,
      maxPayload: 32 << 20,
    });
    const client = new ListeningClient(socket);
    await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const began = performance.now();
    const snapshot = new Promise<{ message: SnapshotMessage; bytes: number }>((resolve, reject) => {
      socket.once('close', (code) => reject(new Error(`the evaluator closed the channel with ${code}`)));
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString('utf8')) as ServerMessage;
        if (message.type === 'snapshot') {
          resolve({ message, bytes: data.length });
          client.#onChange?.(message.guardrails);
        }
        if (message.type === 'delta') client.#onChange?.(message.upsert);
        if (message.type === 'ping')
          socket.send(JSON.stringify({ type: 'pong', nonce: message.nonce, clock: Date.now() / 1000 }));
      });
    });
    const id = randomUUID();
    socket.send(
      JSON.stringify({
        ...{ type: 'hello', protocols: [CHANNEL_PROTOCOL], featureLevel: FEATURE_LEVEL, instance: id, incarnation: id },
        sdk: { name: 'bench', version: '0' },
        resource: { service: SERVICE, serviceVersion: '1', environment: 'bench', host: 'bench', pid: process.pid },
        ...{ capabilities: [], callSites: [], targets: [{ name: 'other' }], allow: { actions: [] } },
        ...{ have: { revision: '', epoch: 0, directiveSeq: 0 } },
      }),
    );
    const { message, bytes } = await snapshot;
    const received = performance.now() - began;
    const { errors } = GuardrailSet.compile(message.guardrails);
    if (errors.length > 0) throw new Error(errors[0]!.message);
    const compiled = performance.now() - began - received;
    return { client, sync: { received, compiled, guardrails: message.guardrails.length, bytes } };
  }

  /** Resolves when a change that holds this guard-rail arrives. */
  hears(name: string): Promise<void> {
    return new Promise((resolve) => {
      this.#onChange = (changed) => {
        if (changed.some(({ guardrail }) => guardrail.metadata.name === name)) resolve();
      };
    });
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.terminate();
  }
}
