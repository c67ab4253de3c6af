import { ATTR, GEN_AI, RESOURCE, SCOPE_NAME } from '@guardspan/policy';

/** Spans of one request: what OpenTelemetry's batch processor sends at most. */
export const SPANS_PER_BATCH = 512;
/** Values of `tenant`, the field that the guard-rails group by. */
export const TENANTS = 50;

const ID_MARK = Buffer.alloc(16, 0x5a);
const SPAN_ID_MARK = Buffer.alloc(8, 0x5b);
const START_MARK = Buffer.alloc(8, 0x5c);
const STARTED_AT_MARK = Buffer.alloc(8, 0x5d);
/** A text that no guard-rail reads, as spans with captured content carry it. */
const TEXT = 'What is the capital of France? '.repeat(33).padEnd(1024, '.');

/** One request of feed records, 25 attributes each, whose ids and times are renewed in place. */
export class SpanBatch {
  readonly body: Buffer;
  readonly #spans: { traceId: number; spanId: number; start: number; startedAt: number; duration: bigint }[] = [];

  /** @param stream no two batches may share it; it makes ids unique. */
  constructor(private readonly stream: number) {
    const resource = [
      text(RESOURCE.FEED, '1'),
      text(RESOURCE.SERVICE_NAME, 'assistant'),
      text(RESOURCE.SERVICE_VERSION, '4.2.0'),
      text(RESOURCE.SERVICE_INSTANCE_ID, `assistant-${stream}`),
      text(RESOURCE.INCARNATION, `incarnation-${stream}`),
      text(RESOURCE.ENVIRONMENT, 'production'),
    ];
    const durations: number[] = [];
    const spans: Buffer[] = [];
    for (let index = 0; index < SPANS_PER_BATCH; index++) {
      const duration = 0.2 + ((index * 37 + stream * 11) % 100) / 100;
      durations.push(duration);
      spans.push(field(2, span(index + stream * 7, duration)));
    }
    const scope = field(1, field(1, Buffer.from(SCOPE_NAME)));
    const resources = field(1, Buffer.concat(resource.map((bytes) => field(1, bytes))));
    this.body = field(1, Buffer.concat([resources, field(2, Buffer.concat([scope, ...spans]))]));
    let from = 0;
    for (const duration of durations) {
      const traceId = this.body.indexOf(ID_MARK, from);
      const spanId = this.body.indexOf(SPAN_ID_MARK, traceId);
      const start = this.body.indexOf(START_MARK, spanId);
      const startedAt = this.body.indexOf(STARTED_AT_MARK, start);
      this.#spans.push({ traceId, spanId, start, startedAt, duration: BigInt(Math.round(duration * 1e9)) });
      from = startedAt;
    }
  }

  /** Gives every span a new id and lets it end now. `round` is another one at each call. */
  renew(round: number): Buffer {
    const now = BigInt(Math.round(Date.now() * 1e3)) * 1000n;
    let index = 0;
    for (const { traceId, spanId, start, startedAt, duration } of this.#spans) {
      // Spread over all bytes, as random ids are.
      const id = Math.imul(round * SPANS_PER_BATCH + index++, 0x9e3779b1) >>> 0;
      for (const at of [traceId, traceId + 8, spanId]) {
        this.body.writeUInt32LE(id, at);
        this.body.writeUInt32LE((this.stream * 0x85ebca6b) >>> 0, at + 4);
      }
      this.body.writeBigUInt64LE(now - duration, start);
      this.body.writeBigUInt64LE(now, start + 9);
      this.body.writeDoubleLE(Number(now - duration) / 1e9, startedAt);
    }
    return this.body;
  }
}

function span(number: number, duration: number): Buffer {
  const attributes = [
    text(ATTR.MODEL_NAME, 'gpt-4o-mini'),
    text(ATTR.MODEL_VERSION, '2024-07-18'),
    text(ATTR.MODEL_KIND, 'llm'),
    text(ATTR.MODEL_FRAMEWORK, 'openai'),
    text(ATTR.MODEL_PROVIDER, 'openai'),
    text(ATTR.OPERATION, 'chat'),
    text(ATTR.ENVIRONMENT, 'production'),
    text(ATTR.TENANT, `tenant-${number % TENANTS}`),
    text(ATTR.CALL_ID, `call-${number}`),
    text(ATTR.DISPOSITION, 'allow'),
    text(ATTR.ACTION, 'allow'),
    text(ATTR.VERDICT, 'pass'),
    double(ATTR.CALL_STARTED_AT, STARTED_AT_MARK),
    double(ATTR.CALL_TIME_TO_FIRST, doubleBytes(duration / 4)),
    double(ATTR.USAGE_COST, doubleBytes(0.000125 * (number % 16))),
    whole(GEN_AI.USAGE_INPUT_TOKENS, 200 + (number % 300)),
    whole(GEN_AI.USAGE_OUTPUT_TOKENS, 50 + (number % 100)),
    text(`${ATTR.ATTRS_PREFIX}route`, '/chat'),
    text(`${ATTR.ATTRS_PREFIX}plan`, number % 3 === 0 ? 'free' : 'paid'),
    number % 50 === 0 ? text(GEN_AI.ERROR_TYPE, 'timeout') : text(GEN_AI.OPERATION_NAME, 'chat'),
    text(GEN_AI.RESPONSE_MODEL, 'gpt-4o-mini-2024-07-18'),
    text(GEN_AI.RESPONSE_ID, `chatcmpl-${number}`),
    text(GEN_AI.SERVER_ADDRESS, 'api.openai.com'),
    whole(GEN_AI.SERVER_PORT, 443),
    text('gen_ai.input.messages', TEXT),
  ];
  return Buffer.concat([
    field(1, ID_MARK),
    field(2, SPAN_ID_MARK),
    field(5, Buffer.from('chat gpt-4o-mini')),
    Buffer.from([0x30, 3, 0x39]),
    START_MARK,
    Buffer.from([0x41, 0, 0, 0, 0, 0, 0, 0, 0]),
    ...attributes.map((bytes) => field(9, bytes)),
  ]);
}

function doubleBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

const attribute = (key: string, value: Buffer): Buffer => Buffer.concat([field(1, Buffer.from(key)), field(2, value)]);
const text = (key: string, value: string): Buffer => attribute(key, field(1, Buffer.from(value)));
const whole = (key: string, value: number): Buffer =>
  attribute(key, Buffer.concat([Buffer.from([0x18]), varint(value)]));
const double = (key: string, value: Buffer): Buffer => attribute(key, Buffer.concat([Buffer.from([0x21]), value]));

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
