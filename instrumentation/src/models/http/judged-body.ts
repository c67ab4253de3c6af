import type { Decision } from '@guardspan/policy/runtime';
import { refusalOf } from '../../actions/route.js';
import type { CallAnswer, Capture, GuardedCall } from '../../guard/types.js';
import { observeStream } from '../../stream/observe-stream.js';
import type { ChunkRewriter, IterableStream } from '../../stream/observe-stream.js';
import { carryOut } from '../shared/carry-out.js';
import { objectOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { observerOf } from '../shared/observer-of.js';
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

/** The bytes of a complete answer, judged when they are all there; unchanged unless something was redacted. */
export async function* judgedAnswer(body: ReadableStream<Uint8Array>, parts: BodyParts): AsyncGenerator<Uint8Array> {
  const { request, guarded } = parts;
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    if (guarded.beside) await refuse(guarded, guarded.beside);
    for await (const piece of body) {
      pieces.push(piece);
      size += piece.byteLength;
      if (size > MAX_BODY)
        throw new Error('An answer is longer than 32 MiB, which is more than a guard-rail can judge');
    }
  } catch (error) {
    guarded.failed(error);
    throw error;
  }
  const json = parsed(Buffer.concat(pieces).toString());
  if (!json) {
    guarded.end();
    yield* pieces;
    return;
  }
  const decision = guarded.answered(request.answer(json, parts.outputs()));
  let changed = false;
  carryOut(guarded, guarded.after ? await guarded.after : decision, json, () => {
    request.endpoint?.afterRedaction?.(json);
    changed = true;
  });
  if (changed) yield Buffer.from(JSON.stringify(json));
  else yield* pieces;
}

/** Waits for checks beside the call, and ends it when they say so. */
async function refuse(guarded: GuardedCall, beside: Promise<Decision>): Promise<void> {
  const refusal = refusalOf(guarded, await beside);
  if (refusal) throw refusal;
}

function parsed(text: string): Json | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The bytes of a streamed answer: its events go through the guard one by one, and those that stay what they are keep their bytes. */
export function judgedEvents(body: ReadableStream<Uint8Array>, parts: BodyParts): AsyncIterator<unknown> {
  const { request, guarded, params, elapsed } = parts;
  const endpoint = request.endpoint!;
  const collector = endpoint.collector!();
  const guard = guarded.streaming();
  const inner = guard === null ? null : (endpoint.rewriter?.(guard, params) ?? null);
  const source: IterableStream = { iterator: () => eventsOf(body, guarded) };
  const observer = observerOf({
    add: (event: unknown) => (event as LineEvent).data !== undefined && collector.add((event as LineEvent).data),
    answer: (): CallAnswer => collector.answer(),
  });
  observeStream(source, guarded, observer, elapsed, inner === null ? null : new EventRewriter(inner));
  return source.iterator();
}

async function* eventsOf(body: ReadableStream<Uint8Array>, guarded: GuardedCall): AsyncGenerator<LineEvent> {
  if (guarded.beside) await refuse(guarded, guarded.beside);
  const lines = new EventLines();
  const decoder = new TextDecoder();
  for await (const piece of body) yield* lines.push(decoder.decode(piece, { stream: true }));
  yield* lines.push(decoder.decode());
  yield* lines.finish();
}

/** Sends the data of events through the rewriter of their API. */
class EventRewriter implements ChunkRewriter {
  constructor(private readonly inner: ChunkRewriter) {}

  get refusal(): ChunkRewriter['refusal'] {
    return this.inner.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const event = value as LineEvent;
    if (event.data === undefined) {
      // Nothing that is held back may come after the end (`[DONE]`).
      return [...this.finish(), ...(this.refusal === null ? [event] : [])];
    }
    const before = JSON.stringify(event.data);
    return this.inner.rewrite(event.data).map((data) => {
      const same = data === event.data && JSON.stringify(data) === before;
      return same ? event : { source: eventWith(event.source, data), data };
    });
  }

  finish(): unknown[] {
    return this.inner.finish().map((data) => ({ source: eventWith('', data), data }));
  }
}
