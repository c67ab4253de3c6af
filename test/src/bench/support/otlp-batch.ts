import { randomFillSync } from 'node:crypto';
import { ATTR, GEN_AI, RESOURCE, SCOPE_NAME } from '@guardspan/policy';

/** One span of a batch. */
export interface BatchSpan {
  model: string;
  /** Seconds. */
  duration: number;
  /** Empty for a good call. */
  error?: string;
  probe?: boolean;
  /** Input tokens, and as many output tokens. */
  tokens?: number;
}

/** A feed request in OTLP protobuf whose ids and times are renewed in place, so that sending costs the generator next to nothing. */
export class OtlpBatch {
  readonly body: Buffer;
  readonly #ids: number[] = [];
  readonly #times: { offset: number; duration: bigint }[] = [];

  constructor(service: string, incarnation: string, spans: readonly BatchSpan[]) {
    const resource = field(
      1,
      Buffer.concat(
        [
          attribute(RESOURCE.FEED, '1'),
          attribute(RESOURCE.SERVICE_NAME, service),
          attribute(RESOURCE.SERVICE_INSTANCE_ID, incarnation),
          attribute(RESOURCE.INCARNATION, incarnation),
        ].map((bytes) => field(1, bytes)),
      ),
    );
    const scope = field(1, field(1, Buffer.from(SCOPE_NAME)));
    const encoded = spans.map((span) => field(2, spanOf(span)));
    this.body = field(1, Buffer.concat([resource, field(2, Buffer.concat([scope, ...encoded]))]));
    this.#find(spans);
  }

  /** New trace ids, span ids and start times. `startedAt` in seconds from epoch, default now. */
  renew(startedAt = Date.now() / 1000): this {
    const start = BigInt(Math.round(startedAt * 1e6)) * 1000n;
    for (const offset of this.#ids) {
      randomFillSync(this.body, offset, 16);
      randomFillSync(this.body, offset + 18, 8);
    }
    for (const { offset, duration } of this.#times) {
      this.body.writeBigUInt64LE(start, offset);
      this.body.writeBigUInt64LE(start + duration, offset + 9);
    }
    return this;
  }

  #find(spans: readonly BatchSpan[]): void {
    let from = 0;
    for (const span of spans) {
      const trace = this.body.indexOf(TRACE_MARK, from);
      this.#ids.push(trace + 2);
      const time = this.body.indexOf(TIME_MARK, trace);
      this.#times.push({ offset: time + 1, duration: BigInt(Math.round(span.duration * 1e9)) });
      from = time + 9;
    }
  }
}

const MARK = 0x5a;
/** Field 1, 16 bytes of the mark: where the ids are found again. */
const TRACE_MARK = Buffer.from([0x0a, 16, ...Array.from({ length: 16 }, () => MARK)]);
/** Field 7, fixed64 of marks. */
const TIME_MARK = Buffer.from([0x39, ...Array.from({ length: 8 }, () => MARK)]);

function spanOf({ model, error, probe, tokens }: BatchSpan): Buffer {
  const attributes = [
    attribute(ATTR.MODEL_NAME, model),
    attribute(ATTR.MODEL_VERSION, '1'),
    attribute(ATTR.MODEL_KIND, 'classifier'),
    attribute(ATTR.MODEL_FRAMEWORK, 'function'),
    attribute(ATTR.OPERATION, 'predict'),
    attribute(ATTR.ACTION, 'allow'),
    attribute(ATTR.DISPOSITION, 'allow'),
    ...(error === undefined ? [] : [attribute('error.type', error)]),
    ...(tokens === undefined
      ? []
      : [integer(GEN_AI.USAGE_INPUT_TOKENS, tokens), integer(GEN_AI.USAGE_OUTPUT_TOKENS, tokens)]),
    ...(probe === true ? [flag(ATTR.CALL_PROBE)] : []),
  ];
  return Buffer.concat([
    TRACE_MARK,
    Buffer.from([0x12, 8, ...Array.from({ length: 8 }, () => MARK)]),
    field(5, Buffer.from('predict')),
    Buffer.from([0x30, 1]),
    TIME_MARK,
    Buffer.from([0x41, 0, 0, 0, 0, 0, 0, 0, 0]),
    ...attributes.map((bytes) => field(9, bytes)),
  ]);
}

function attribute(key: string, value: string): Buffer {
  return Buffer.concat([field(1, Buffer.from(key)), field(2, field(1, Buffer.from(value)))]);
}

function integer(key: string, value: number): Buffer {
  const any = Buffer.concat([Buffer.from([0x18]), varint(value)]);
  return Buffer.concat([field(1, Buffer.from(key)), field(2, any)]);
}

function flag(key: string): Buffer {
  return Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from([0x10, 1]))]);
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}
