import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Opens the connections. */
export interface ClientsRequest {
  url: string;
  count: number;
}
/** `enforced`: when each connection had the directive for this tenant, monotonic milliseconds. */
export type ClientsReply = { type: 'connected' } | { type: 'enforced'; tenant: string; at: number[] };

/** Connections of the channel, all in one other process. */
export class Clients {
  readonly #waiting = new Map<string, (at: number[]) => void>();

  private constructor(private readonly child: ChildProcess) {}

  /** Resolves when all have their snapshot. */
  static async open(request: ClientsRequest): Promise<Clients> {
    const child = fork(fileURLToPath(new URL('./clients-process.js', import.meta.url)));
    const clients = new Clients(child);
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error('the process of the clients ended')));
      child.on('message', (message: ClientsReply) => {
        if (message.type === 'connected') resolve();
        else clients.#waiting.get(message.tenant)?.(message.at);
      });
      child.send(request);
    });
    return clients;
  }

  /**
   * Resolves with the time at which each connection had the directive for this tenant, monotonic milliseconds.
   *
   * @param seconds After which it gives up.
   */
  enforced(tenant: string, seconds = 30): Promise<number[]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`not every client has a directive for ${tenant}`)),
        seconds * 1000,
      );
      this.#waiting.set(tenant, (at) => {
        clearTimeout(timer);
        this.#waiting.delete(tenant);
        resolve(at);
      });
    });
  }

  close(): void {
    this.child.removeAllListeners('exit');
    this.child.disconnect();
  }
}
