import type { Decision } from '@guardspan/policy/runtime';
import { refusalOf } from '../../actions/route.js';
import type { CallAnswer, Capture, GuardedCall } from '../../guard/types.js';
import { observeStream } from '../../stream/observe-stream.js';
import type { ChunkRewriter, IterableStream } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { carryOut } from '../shared/carry-out.js';
import { objectOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { observerOf } from '../shared/observer-of.js';
import { contentCoding } from './content-coding.js';
import type { ContentCoding } from './content-coding.js';
import { EventLines, eventWith } from './event-lines.js';
import type { LineEvent } from './event-lines.js';
import type { ServerRequest } from './server-format.js';

/** Bytes of a complete answer that are put together to be judged. */
const MAX_BODY = 33_554_432;

/** What is needed to judge the body of one response. */
export interface BodyParts {
  request: ServerRequest;
  /** The parameters that were sent. */
  params: Json;
  guarded: GuardedCall;
  outputs: () => Capture['outputs'];
  /** Seconds since the request was sent. */
  elapsed: () => number;
}

/** What the headers of a response say of its body. */
export interface BodyHeaders {
  contentType: string;
  /** As the body comes; empty where somebody else decodes it. */
  contentEncoding: string;
}

/**
 * The body of a response, judged while it is read: a complete answer when all of it is there, a stream event by event. What is not changed keeps its bytes, unless a coded stream has to be
 * coded again. Throws the error with which the call has to end.
 */
export function judgedBody(
  body: AsyncIterable<Uint8Array>,
  { contentType, contentEncoding }: BodyHeaders,
  parts: BodyParts,
): AsyncGenerator<Uint8Array> {
  const coding = contentCoding(contentEncoding);
  if (coding === undefined) return unread(body, parts.guarded);
  // Sound is not read, and goes on while it comes.
  if (parts.request.operation === 'speech') return heard(body, parts.guarded);
  if (!parts.request.streamed || !contentType.includes('text/event-stream')) return judgedAnswer(body, coding, parts);
  return judgedEvents(body, coding, parts);
}

/** Nobody here can read the body, and the record says so. */
async function* unread(body: AsyncIterable<Uint8Array>, guarded: GuardedCall): AsyncGenerator<Uint8Array> {
  guarded.end();
  yield* body;
}

async function* heard(body: AsyncIterable<Uint8Array>, guarded: GuardedCall): AsyncGenerator<Uint8Array> {
  if (guarded.beside) await refuse(guarded, guarded.beside);
  yield* unread(body, guarded);
}

/** The bytes of a complete answer, judged when they are all there; unchanged unless something was redacted. */
async function* judgedAnswer(
  body: AsyncIterable<Uint8Array>,
  coding: ContentCoding | null,
  parts: BodyParts,
): AsyncGenerator<Uint8Array> {
  const { request, guarded } = parts;
  const pieces: Uint8Array[] = [];
  const source = body[Symbol.asyncIterator]();
  let saturated: boolean;
  try {
    if (guarded.beside) await refuse(guarded, guarded.beside);
    saturated = await collect(source, pieces);
  } catch (error) {
    guarded.failed(error);
    throw error;
  }
  const json = saturated ? 'saturated' : await parsed(pieces, coding);
  if (json === 'saturated') {
    const refusal = refusalOf(guarded, guarded.answered({}, 'saturated'));
    if (refusal) throw refusal;
    guarded.end();
    yield* pieces;
    if (saturated) yield* { [Symbol.asyncIterator]: () => source };
    return;
  }
  if (!json) {
    guarded.end();
    yield* pieces;
    return;
  }
  const decision = guarded.answered(request.answer(json, parts.outputs()));
  let changed = false;
  carryOut(guarded, guarded.after ? await guarded.after : decision, json, (redactions) => {
    request.endpoint?.afterRedaction?.(json, redactions);
    changed = true;
  });
  if (!changed) yield* pieces;
  else {
    const bytes = [Buffer.from(JSON.stringify(json))];
    yield* coding === null ? bytes : coding.encode(iterated(bytes));
  }
}

/** Takes all pieces; true when there are more than can be judged. */
async function collect(source: AsyncIterator<Uint8Array>, pieces: Uint8Array[]): Promise<boolean> {
  for (let size = 0; size <= MAX_BODY;) {
    const { done, value } = await source.next();
    if (done === true) return false;
    pieces.push(value);
    size += value.byteLength;
  }
  return true;
}

/** Waits for checks beside the call, and ends it when they say so. */
async function refuse(guarded: GuardedCall, beside: Promise<Decision>): Promise<void> {
  const refusal = refusalOf(guarded, await beside);
  if (refusal) throw refusal;
}

async function* iterated(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

/** Undefined for what is no JSON object; `saturated` when it decodes to more than can be judged. */
async function parsed(
  pieces: readonly Uint8Array[],
  coding: ContentCoding | null,
): Promise<Json | 'saturated' | undefined> {
  try {
    const plain: Uint8Array[] = [];
    if (coding === null) plain.push(...pieces);
    else if (await collect(coding.decode(iterated(pieces))[Symbol.asyncIterator](), plain)) return 'saturated';
    return objectOf(JSON.parse(Buffer.concat(plain).toString()));
  } catch {
    return undefined;
  }
}

/** The bytes of a streamed answer: its events go through the guard one by one, and those that stay what they are keep their bytes. */
async function* judgedEvents(
  body: AsyncIterable<Uint8Array>,
  coding: ContentCoding | null,
  parts: BodyParts,
): AsyncGenerator<Uint8Array> {
  const { request, guarded, params, elapsed } = parts;
  const endpoint = request.endpoint!;
  const collector = endpoint.collector!();
  const guard = guarded.streaming();
  const inner = guard === null ? null : (endpoint.rewriter?.(guard, params) ?? null);
  const plain = coding === null ? body : coding.decode(body);
  const source: IterableStream = { iterator: () => eventsOf(plain, guarded) };
  const observer = observerOf({
    add: (event: unknown) => (event as LineEvent).data !== undefined && collector.add((event as LineEvent).data),
    answer: (): CallAnswer => collector.answer(),
  });
  const rewriter = guard === null || inner === null ? null : new EventRewriter(inner, guard);
  observeStream(source, guarded, observer, elapsed, rewriter);
  const bytes = bytesOf(source.iterator());
  yield* coding === null ? bytes : coding.encode(bytes);
}

async function* bytesOf(events: AsyncIterator<unknown>): AsyncGenerator<Uint8Array> {
  for await (const event of { [Symbol.asyncIterator]: () => events }) yield Buffer.from((event as LineEvent).source);
}

async function* eventsOf(body: AsyncIterable<Uint8Array>, guarded: GuardedCall): AsyncGenerator<LineEvent> {
  if (guarded.beside) await refuse(guarded, guarded.beside);
  const lines = new EventLines();
  const decoder = new TextDecoder();
  for await (const piece of body) yield* lines.push(decoder.decode(piece, { stream: true }));
  yield* lines.push(decoder.decode());
  yield* lines.finish();
}

/** Sends the data of events through the rewriter of their API. */
class EventRewriter implements ChunkRewriter {
  /** Events of this API have names. */
  #named = false;

  constructor(
    private readonly inner: ChunkRewriter,
    private readonly guard: StreamGuard,
  ) {}

  get refusal(): ChunkRewriter['refusal'] {
    return this.inner.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const event = value as LineEvent;
    if (event.endless === true) {
      this.guard.saturated();
      return this.refusal === null ? [event] : [];
    }
    if (event.data === undefined) {
      // Nothing that is held back may come after the end (`[DONE]`).
      return [...this.finish(), ...(this.refusal === null ? [event] : [])];
    }
    this.#named ||= /^event:/m.test(event.source);
    const before = JSON.stringify(event.data);
    return this.inner.rewrite(event.data).map((data) => {
      const same = data === event.data && JSON.stringify(data) === before;
      return same ? event : { source: eventWith(event.source, data), data };
    });
  }

  finish(): unknown[] {
    const source = this.#named ? 'event: message' : '';
    return this.inner.finish().map((data) => ({ source: eventWith(source, data), data }));
  }
}
