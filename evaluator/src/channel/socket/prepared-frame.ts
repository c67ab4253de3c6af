import type { Socket } from 'node:net';
import { WebSocket } from 'ws';

/** A text message that is encoded once and written to many sockets. */
export interface PreparedFrame {
  readonly text: string;
  readonly bytes: Buffer;
}

/** Encodes an unmasked, uncompressed text frame (RFC 6455, section 5.2). */
export function prepareFrame(text: string): PreparedFrame {
  const payload = Buffer.from(text);
  const { length } = payload;
  let header: Buffer;
  if (length < 126) header = Buffer.from([0x81, length]);
  else if (length < 65_536) {
    header = Buffer.from([0x81, 126, 0, 0]);
    header.writeUInt16BE(length, 2);
  } else {
    header = Buffer.alloc(10);
    header[0] = 0x81;
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return { text, bytes: Buffer.concat([header, payload]) };
}

/**
 * Writes a prepared frame. The raw socket is no public API of `ws`: where it is missing, the message goes the ordinary way. Correct only
 * without compression, where `ws` writes synchronously and so keeps the order.
 */
export function writeFrame(socket: WebSocket, frame: PreparedFrame): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  const raw = (socket as unknown as { _socket?: Socket })._socket;
  if (raw?.writable === true) raw.write(frame.bytes);
  else socket.send(frame.text);
}
