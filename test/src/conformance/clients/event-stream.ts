import { crc32 } from 'node:zlib';

function uint(value: number, bytes: 1 | 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value >>> 0, 0, bytes);
  return buffer;
}

/** A message of `application/vnd.amazon.eventstream` with headers of type string, and a JSON payload. */
export function eventMessage(headers: { [name: string]: string }, payload: unknown): Uint8Array {
  const head = Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => [
      uint(name.length, 1),
      Buffer.from(name),
      uint(7, 1),
      uint(Buffer.byteLength(value), 2),
      Buffer.from(value),
    ]),
  );
  const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const prelude = Buffer.concat([uint(16 + head.length + body.length, 4), uint(head.length, 4)]);
  const message = Buffer.concat([prelude, uint(crc32(prelude), 4), head, body]);
  return Buffer.concat([message, uint(crc32(message), 4)]);
}
