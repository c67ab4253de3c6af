/** An unsigned whole number below 2^53 as a protobuf varint. */
export function writeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** A varint field. */
export function writeNumber(field: number, value: number): Buffer {
  return Buffer.concat([writeVarint(field * 8), writeVarint(value)]);
}

/** A string, bytes or message field. */
export function writeBytes(field: number, value: string | Buffer): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([writeVarint(field * 8 + 2), writeVarint(bytes.length), bytes]);
}
