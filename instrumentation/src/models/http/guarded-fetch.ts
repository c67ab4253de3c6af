import { insideCall } from '../../guard/inside.js';
import type { GuardRuntime } from '../../guard/types.js';
import { endWhenAbandoned, readByApplication } from '../../stream/abandoned.js';
import { askedBy, MAX_REQUEST, startOf } from './asked.js';
import type { Asked } from './asked.js';
import { bodyToSend } from './body-to-send.js';
import { declarationFor } from './declared-servers.js';
import type { HttpModels } from './declared-servers.js';
import { judgedBody } from './judged-body.js';
import type { BodyParts } from './judged-body.js';

type Fetch = typeof globalThis.fetch;

/** The classes with which a `fetch` works: those of the global scope, or those of a copy of undici. */
export interface FetchClasses {
  Request: typeof Request;
  Response: typeof Response;
}

/** The declaration of the address that `fetch` was given; undefined for anything but a POST to a declared one. */
function declarationOf(
  declared: readonly HttpModels[],
  input: unknown,
  init: RequestInit | undefined,
  classes: FetchClasses,
): HttpModels | undefined {
  const method = init?.method ?? (input instanceof classes.Request ? input.method : 'GET');
  return method.toUpperCase() === 'POST' ? declarationFor(declared, urlOf(input, classes)) : undefined;
}

function urlOf(input: unknown, classes: FetchClasses): string {
  return input instanceof classes.Request ? input.url : String(input);
}

async function askedOf(
  declaration: HttpModels,
  input: unknown,
  init: RequestInit | undefined,
  classes: FetchClasses,
): Promise<Asked | 'unreadable' | undefined> {
  const url = urlOf(input, classes);
  if (!(input instanceof classes.Request) || (init?.body ?? null) !== null)
    return askedBy(declaration, url, init?.body);
  // The body of a request object can be read once, so a copy of it is read. One that was read before is for `fetch` to refuse.
  if (input.bodyUsed || input.body === null) return undefined;
  return askedBy(declaration, url, await textWithin(input.clone()));
}

/** The body as text; undefined when it is longer than a request that can be held back. */
async function textWithin(request: Request): Promise<string | undefined> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const piece of request.body!) {
    text += decoder.decode(piece as Uint8Array, { stream: true });
    if (text.length > MAX_REQUEST) return undefined;
  }
  return text + decoder.decode();
}

/**
 * Wraps `fetch`: a POST to a declared server of models is a model call. Everything else passes untouched. A call that is refused at the request rejects with our error and is never sent; an answer
 * that is refused or cannot be changed makes reading the body reject with it.
 */
export function guardedFetch(
  original: Fetch,
  declared: () => readonly HttpModels[],
  runtimeOf: () => GuardRuntime,
  classes: FetchClasses,
): Fetch {
  return async function fetch(this: unknown, input, init) {
    const declaration = declarationOf(declared(), input, init, classes);
    const runtime = declaration && runtimeOf();
    const asked = runtime && !runtime.inside() ? await askedOf(declaration, input, init, classes) : undefined;
    if (!runtime || !asked) return original.call(this, input, init);
    if (asked === 'unreadable') {
      runtime.unguarded('unreadable', new URL(urlOf(input, classes)).host);
      return insideCall(() => original.call(this, input, init));
    }
    const guarded = runtime.begin(startOf(asked, runtime));
    if (guarded.before) await guarded.before;
    const body = bodyToSend(asked, guarded, runtime);
    const sent = body === asked.body ? init : { ...init, body: JSON.stringify(body) };
    const sentAt = performance.now();
    let response: Response;
    try {
      const answered = guarded.run(() => original.call(this, input, sent));
      // The body that another one stands in for counts as read, as it would without us.
      if (sent !== init && input instanceof classes.Request) input.body?.cancel().catch(() => undefined);
      response = await answered;
    } catch (error) {
      guarded.failed(error);
      throw error;
    }
    return judged(response, classes, {
      request: asked.request,
      params: body,
      guarded,
      outputs: () => runtime.capture(asked.request.model.name).outputs,
      elapsed: () => (performance.now() - sentAt) / 1000,
    });
  };
}

/** The response with a body that is judged while it is read; an error of the server stays as it is. */
function judged(response: Response, classes: FetchClasses, parts: BodyParts): Response {
  const { guarded } = parts;
  if (!response.ok || response.body === null) {
    if (response.ok) guarded.end();
    else guarded.failed(Object.assign(new Error(response.statusText), { status: response.status }));
    return response;
  }
  const { body } = response;
  const contentType = response.headers.get('content-type') ?? '';
  let chunks: AsyncIterator<Uint8Array> | undefined;
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const pieces = async function* pieces(): AsyncGenerator<Uint8Array> {
    reader = body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
      }
    } finally {
      await reader.cancel();
    }
  };
  const guardedBody = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        readByApplication(guarded);
        // Whoever fetches has decoded the body.
        chunks ??= judgedBody(pieces(), { contentType, contentEncoding: '' }, parts);
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) {
        // Also while a piece is waited for, which a generator could not be told.
        await (reader ?? body).cancel(reason);
        await chunks?.return?.(reason);
        guarded.end();
      },
    },
    { highWaterMark: 0 },
  );
  const { status, statusText, headers, url, redirected, type } = response;
  const whole = new classes.Response(guardedBody, { status, statusText, headers });
  for (const [name, value] of Object.entries({ url, redirected, type })) Object.defineProperty(whole, name, { value });
  endWhenAbandoned(whole, guarded);
  return whole;
}
