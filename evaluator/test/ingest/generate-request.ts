import { ATTR, GEN_AI, OPENINFERENCE, RESOURCE } from '@guardspan/policy';

const KEYS = [
  ...[ATTR.MODEL_NAME, ATTR.INPUT_FEATURES, ATTR.CALL_STREAMED, ATTR.TOOL_CALLS, ATTR.OUTPUT_SCORE],
  ...[GEN_AI.REQUEST_MODEL, GEN_AI.USAGE_INPUT_TOKENS, GEN_AI.ERROR_TYPE, OPENINFERENCE.MODEL_NAME],
  ...[ATTR.GROUP_PREFIX, `${ATTR.GROUP_PREFIX}sex`, `${ATTR.ATTRS_PREFIX}__proto__`, `${ATTR.TRUTH_PREFIX}é`],
  ...['gen_ai.input.messages', 'http.route', '', 'guardspan.model.namf', '__proto__', RESOURCE.SERVICE_NAME],
];
const TEXTS = ['', 'a', 'gpt-4o-mini', 'ünïcödé', '𝒳😀', 'x'.repeat(23), 'y'.repeat(24), 'z'.repeat(300), '\u0000'];
const DOUBLES = [0, -0, 1.5, -1e300, 5e-324, NaN, Infinity];
const INTEGERS = [0n, 1n, 127n, 128n, 300n, 2n ** 31n, 2n ** 53n, 2n ** 63n - 1n, -1n, -300n, -(2n ** 63n)];

/** Writes OTLP requests of every shape that the format allows: fields in any order, repeated, unknown, padded numbers, ids of wrong sizes. */
export class RequestGenerator {
  constructor(private readonly random: () => number) {}

  request(): Buffer {
    return this.message([() => this.field(1, this.resourceSpans())], 1, 2);
  }

  private resourceSpans(): Buffer {
    return this.message(
      [
        () => this.field(1, this.message([() => this.field(1, this.keyValue(0))], 0, 3)),
        () => this.field(2, this.scopeSpans()),
        () => this.field(2, this.scopeSpans()),
      ],
      1,
      4,
    );
  }

  private scopeSpans(): Buffer {
    return this.message(
      [
        () => this.field(1, this.message([() => this.text(1)], 0, 2)),
        () => this.field(2, this.span()),
        () => this.field(2, this.span()),
      ],
      1,
      4,
    );
  }

  private span(): Buffer {
    return this.message(
      [
        () => this.field(1, this.bytes(this.pick([16, 16, 16, 0, 15]))),
        () => this.field(2, this.bytes(this.pick([8, 8, 8, 9]))),
        () => Buffer.concat([this.varint(7n * 8n + 1n), this.bytes(8)]),
        () => Buffer.concat([this.varint(8n * 8n + 1n), this.bytes(8)]),
        () => this.field(15, this.message([() => this.integer(3), () => this.text(2)], 0, 2)),
        () => this.field(9, this.keyValue(0)),
        () => this.field(9, this.keyValue(0)),
        () => this.field(9, this.keyValue(0)),
        () => this.field(5, Buffer.from('name')),
      ],
      3,
      12,
    );
  }

  private keyValue(depth: number): Buffer {
    const key = (): Buffer => this.field(1, Buffer.from(this.pick(KEYS)));
    const value = (): Buffer => this.field(2, this.anyValue(depth));
    if (this.random() < 0.7) return Buffer.concat([key(), value()]);
    return this.message([key, value], 0, 4);
  }

  private anyValue(depth: number): Buffer {
    const scalars = [
      () => this.text(1),
      () => this.integer(2),
      () => this.integer(3),
      () => Buffer.concat([this.varint(4n * 8n + 1n), this.double()]),
      () => this.field(7, this.bytes(3)),
    ];
    const nested = [
      () => this.field(5, this.message([() => this.field(1, this.anyValue(depth + 1))], 0, 3)),
      () => this.field(6, this.message([() => this.field(1, this.keyValue(depth + 1))], 0, 3)),
    ];
    const parts = depth < 3 ? [...scalars, ...nested, ...nested] : scalars;
    if (this.random() < 0.003) return this.deep();
    return this.random() < 0.9 ? this.pick(parts)() : this.message(parts, 0, 3);
  }

  /** Lists in lists, about as deep as the bounds. */
  private deep(): Buffer {
    let value = this.text(1);
    for (let level = 28 + Math.floor(this.random() * 8); level > 0; level--)
      value = this.field(5, this.field(1, value));
    return value;
  }

  /** `least` to `most` fields, now and then with one that nobody knows. */
  private message(fields: (() => Buffer)[], least: number, most: number): Buffer {
    const parts: Buffer[] = [];
    for (let left = least + Math.floor(this.random() * (most - least + 1)); left > 0; left--) {
      parts.push(this.pick(fields)());
      if (this.random() < 0.02) parts.push(this.unknown());
    }
    return Buffer.concat(parts);
  }

  private unknown(): Buffer {
    const field = BigInt(this.pick([16, 100, 2000, 2 ** 29 - 1])) * 8n;
    return this.pick([
      () => Buffer.concat([this.varint(field), this.varint(BigInt.asUintN(64, this.pick(INTEGERS)))]),
      () => Buffer.concat([this.varint(field + 1n), this.bytes(8)]),
      () => Buffer.concat([this.varint(field + 2n), this.varint(4n), this.bytes(4)]),
      () => Buffer.concat([this.varint(field + 5n), this.bytes(4)]),
      () => Buffer.concat([this.varint(field + 3n), this.varint(8n), this.varint(1n), this.varint(field + 4n)]),
    ])();
  }

  private field(number: number, value: Buffer): Buffer {
    return Buffer.concat([this.varint(BigInt(number) * 8n + 2n), this.varint(BigInt(value.length)), value]);
  }

  private text(number: number): Buffer {
    return this.field(number, this.random() < 0.05 ? this.bytes(30) : Buffer.from(this.pick(TEXTS)));
  }

  private integer(number: number): Buffer {
    return Buffer.concat([this.varint(BigInt(number) * 8n), this.varint(BigInt.asUintN(64, this.pick(INTEGERS)))]);
  }

  private double(): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(this.pick(DOUBLES));
    return bytes;
  }

  private varint(value: bigint): Buffer {
    const bytes: number[] = [];
    for (let rest = value; ; rest >>= 7n) {
      const byte = Number(rest & 127n);
      if (rest > 127n) bytes.push(byte | 128);
      else {
        bytes.push(byte);
        break;
      }
    }
    // Longer than need be, which the format allows.
    if (bytes.length < 5 && this.random() < 0.01) {
      bytes[bytes.length - 1]! |= 128;
      bytes.push(0);
    }
    return Buffer.from(bytes);
  }

  private bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => Math.floor(this.random() * 256)));
  }

  private pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)]!;
  }
}

/** Damages a request: bits turned, bytes replaced, taken out or put in, ends cut off. */
export function mutate(bytes: Buffer, random: () => number): Buffer {
  let damaged = Buffer.from(bytes);
  const at = (): number => Math.floor(random() * damaged.length);
  for (let left = 1 + Math.floor(random() * 3); left > 0 && damaged.length > 0; left--) {
    const place = at();
    const kind = random();
    if (kind < 0.4) damaged[place]! ^= 1 << Math.floor(random() * 8);
    else if (kind < 0.6) damaged[place] = [0, 1, 127, 128, 255][Math.floor(random() * 5)]!;
    else if (kind < 0.7) damaged = damaged.subarray(0, place);
    else if (kind < 0.85) damaged = Buffer.concat([damaged.subarray(0, place), damaged.subarray(place + 1)]);
    else {
      const extra = Buffer.from([Math.floor(random() * 256)]);
      damaged = Buffer.concat([damaged.subarray(0, place), extra, damaged.subarray(place)]);
    }
  }
  return damaged;
}
