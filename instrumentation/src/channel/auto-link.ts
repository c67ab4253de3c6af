import type { ClientMessage } from '@guardspan/policy/runtime';
import type { Link, LinkState } from './link.js';
import type { PullLink } from './pull-link.js';
import type { WebSocketLink } from './websocket-link.js';

/** Upgrades in a row that fail before plain HTTP is tried. */
const ATTEMPTS = 3;
/** Seconds between websockets while the pull works. */
const RETRY = 60;

/** What {@link AutoLink} makes its links with. Each link calls back what happens to it. */
export interface AutoLinkOptions {
  websocket: (events: { opened: () => void; upgradeFailed: (blocked: boolean) => void }) => WebSocketLink;
  pull: (events: { up: () => void; failed: () => void }) => PullLink;
}

/**
 * A websocket, or exchanges over plain HTTP while the network lets no websocket through: after three failed upgrades in a row, once an exchange has worked.
 * The websocket is tried again each minute.
 */
export class AutoLink implements Link {
  readonly #websocket: WebSocketLink;
  #pull: PullLink | null = null;
  #pulling = false;
  #blocked = 0;

  constructor(private readonly options: AutoLinkOptions) {
    this.#websocket = options.websocket({
      opened: () => {
        this.#blocked = 0;
        this.#endPull();
      },
      upgradeFailed: (blocked) => {
        this.#blocked = blocked ? this.#blocked + 1 : 0;
        if (this.#blocked >= ATTEMPTS && this.#pull === null) this.#tryPull();
      },
    });
  }

  get state(): LinkState {
    return this.#active.state;
  }

  get lastError(): string {
    return this.#active.lastError;
  }

  get open(): boolean {
    return this.#active.open;
  }

  get transport(): 'websocket' | 'pull' {
    return this.#active.transport;
  }

  get congested(): boolean {
    return this.#active.congested;
  }

  connect(): void {
    this.#websocket.connect();
  }

  send(message: ClientMessage): void {
    this.#active.send(message);
  }

  tick(heartbeat: number): void {
    this.#websocket.tick(heartbeat);
  }

  restart(): void {
    this.#active.restart();
  }

  flush(timeout: number): Promise<void> {
    return this.#active.flush(timeout);
  }

  async close(): Promise<void> {
    this.#endPull();
    await this.#websocket.close();
  }

  get #active(): Link {
    return this.#pulling && this.#pull !== null ? this.#pull : this.#websocket;
  }

  #tryPull(): void {
    this.#pull = this.options.pull({
      up: () => {
        this.#pulling = true;
        this.#websocket.retryEvery(RETRY);
      },
      failed: () => {
        // Plain HTTP does not work either, so that the websocket is not what is wrong.
        if (!this.#pulling) this.#endPull();
      },
    });
    this.#pull.connect();
  }

  #endPull(): void {
    const pull = this.#pull;
    this.#pull = null;
    this.#pulling = false;
    this.#websocket.retryEvery(0);
    void pull?.close();
  }
}
