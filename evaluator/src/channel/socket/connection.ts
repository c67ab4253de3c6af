import type { ServerMessage } from '@guardspan/policy';
import { TokenBucket } from '@guardspan/policy/runtime';
import { WebSocket } from 'ws';
import type { Principal } from '../../auth/types.js';
import type { Instance } from '../fleet/instance.js';
import type { PreparedFrame } from './prepared-frame.js';
import { writeFrame } from './prepared-frame.js';

/** Bytes that may wait for a client before broadcasts are dropped for it and a snapshot is owed instead. */
export const CONFLATE_BYTES = 1 << 20;
/** Bytes that may wait before the connection is closed. */
export const CLOSE_BYTES = 8 << 20;
/** Seconds for which a snapshot may be owed before the connection is closed. */
export const CLOSE_AFTER = 30;
/** Once fewer bytes than this wait, the owed snapshot is sent. */
const RESUME_BYTES = 64 << 10;

/**
 * Messages a second that a process may send for long, and at once. It sends a few a second (docs/channel.md), and hundreds when it sends again what was not
 * confirmed.
 */
const MESSAGES_PER_SECOND = 200;
/** See {@link MESSAGES_PER_SECOND}. */
export const MESSAGE_BURST = 2000;

/** One websocket, with what the server must remember of it. */
export class Connection {
  /** Undefined until `hello`. */
  instance: Instance | undefined;
  group = '';
  /** Digest of the set that was sent last. */
  sentRevision = '';
  /** Seconds from epoch since when a snapshot is owed; 0 when none is. */
  owedSince = 0;
  /** Nonce and time of the ping that is under way. */
  ping: { nonce: number; at: number } | undefined;
  /** Seconds from epoch from which the heartbeat runs. */
  pingedAt = 0;
  missedPongs = 0;
  readonly #allowed: TokenBucket;

  constructor(
    readonly socket: WebSocket,
    readonly authorization: string | undefined,
    readonly remote: string,
    public principal: Principal,
    /** Seconds from epoch. */
    readonly openedAt: number,
  ) {
    this.#allowed = new TokenBucket(MESSAGES_PER_SECOND, MESSAGE_BURST, openedAt);
  }

  /** Counts a message of the client; false when it sends more than any process has to say. */
  mayTalk(now: number): boolean {
    return this.#allowed.take(now);
  }

  /** Sends a message to this client alone. */
  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(text: string): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text);
  }

  /** Writes a broadcast, or notes that a snapshot is owed when the client is too slow. */
  offer(frame: PreparedFrame, now: number): void {
    if (this.owedSince > 0) return;
    if (this.socket.bufferedAmount > CONFLATE_BYTES) this.owedSince = now;
    else writeFrame(this.socket, frame);
  }

  /** True when the client is too slow to keep. */
  isTooSlow(now: number): boolean {
    return this.socket.bufferedAmount > CLOSE_BYTES || (this.owedSince > 0 && now - this.owedSince > CLOSE_AFTER);
  }

  /** True when a snapshot is owed and can be taken now. */
  canResume(): boolean {
    return this.owedSince > 0 && this.socket.bufferedAmount < RESUME_BYTES;
  }

  /** Starts the closing handshake; a peer that does not answer is cut by `ws` after 30 s. */
  close(code: number, reason: string): void {
    this.socket.close(code, reason.slice(0, 120));
  }
}
