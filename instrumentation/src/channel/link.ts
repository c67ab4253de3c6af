import type { ClientMessage } from '@guardspan/policy/runtime';

/** Where the connection stands. */
export type LinkState = 'connecting' | 'open' | 'waiting' | 'refused' | 'closed';

/** One way to the evaluator. Keeps no process alive, makes no spans, never throws. */
export interface Link {
  readonly state: LinkState;
  /** Why the last connection ended, for status; empty while it stands. */
  readonly lastError: string;
  readonly open: boolean;
  /** How messages travel now. By pull totals and decisions are collected when it asks; nobody sends them. */
  readonly transport: 'websocket' | 'pull';
  /** True while no more reports are taken, because the evaluator reads too slowly. */
  readonly congested: boolean;
  connect(): void;
  send(message: ClientMessage): void;
  /** Called each second. `heartbeat` in seconds. */
  tick(heartbeat: number): void;
  /** Asks for the whole state anew. */
  restart(): void;
  /** Says what waits, when that is not said at once; resolves when it was said, at the latest after `timeout` milliseconds. */
  flush(timeout: number): Promise<void>;
  /** Ends the link for good. */
  close(): Promise<void>;
}
