import type { ActionType, InlinePoint, TextPart } from '@guardspan/policy/runtime';
import { redactionFailed, routeOf } from '../../actions/route.js';
import { redactedCopy } from '../../actions/text-paths.js';
import type { CallStart, GuardRuntime, TargetDefinition } from '../../guard/types.js';
import { endWhenAbandoned, readByApplication } from '../../stream/abandoned.js';
import { callStart } from '../shared/call-start.js';
import { objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { serverAt } from '../shared/server.js';
import { declarationFor } from './declared-servers.js';
import type { HttpModels } from './declared-servers.js';
import { judgedAnswer, judgedEvents } from './judged-body.js';
import type { BodyParts } from './judged-body.js';
import { serverRequest } from './server-format.js';
import type { ServerRequest } from './server-format.js';

type Fetch = typeof globalThis.fetch;

/** What can be done with a call of a classical model: its name is part of an address, which no target may change. */
const CLASSICAL_CAN: Record<InlinePoint, readonly ActionType[]> = {
  request: ['deny', 'shutdown', 'throttle', 'annotate'],
  // An answer that is not streamed is one chunk.
  chunk: ['deny', 'shutdown', 'annotate'],
  response: ['deny', 'shutdown', 'annotate'],
};

/** A request that asks a declared server, as it can be read and sent again. */
interface Asked {
  request: ServerRequest;
  address: URL;
  body: Json;
}

/** Reads what `fetch` was given; undefined for anything but a POST of JSON, as text or bytes, to a declared address. */
function askedBy(declared: readonly HttpModels[], input: unknown, init: RequestInit | undefined): Asked | undefined {
  if ((init?.method ?? 'GET').toUpperCase() !== 'POST') return undefined;
  if (typeof input !== 'string' && !(input instanceof URL)) return undefined;
  const declaration = declarationFor(declared, String(input));
  const body = declaration && bodyOf(init?.body);
  if (!declaration || !body) return undefined;
  const address = new URL(input);
  const request = serverRequest(declaration, address, body);
  return request && { request, address, body };
}

function bodyOf(body: unknown): Json | undefined {
  try {
    if (typeof body === 'string') return objectOf(JSON.parse(body));
    return body instanceof Uint8Array ? objectOf(JSON.parse(new TextDecoder().decode(body))) : undefined;
  } catch {
    return undefined;
  }
}

function startOf({ request, address }: Asked, runtime: GuardRuntime): CallStart {
  const { model, operation, streamed } = request;
  const texts = (): readonly TextPart[] => request.texts();
  if (request.endpoint) {
    const server = serverAt(address.href, '');
    const start = callStart({
      client: 'http',
      model: model.name,
      kind: model.kind,
      operation,
      streamed,
      server,
      texts,
    });
    return { ...start, model: { ...model, provider: server.provider } };
  }
  const { features } = runtime.capture(model.name);
  return {
    client: 'http',
    model,
    operation,
    streamed,
    can: CLASSICAL_CAN,
    awaits: true,
    remote: true,
    features: features === 'none' ? {} : request.features(features),
  };
}

/**
 * Wraps `fetch`: a POST to a declared server of models is a model call. Everything else passes untouched. A call that is refused at the request rejects with our error and is never sent; an answer
 * that is refused or cannot be changed makes reading the body reject with it.
 */
export function guardedFetch(original: Fetch, declared: readonly HttpModels[], runtimeOf: () => GuardRuntime): Fetch {
  return async function fetch(this: unknown, input, init) {
    const runtime = runtimeOf();
    const asked = runtime.inside() ? undefined : askedBy(declared, input, init);
    if (!asked) return original.call(this, input, init);
    const guarded = runtime.begin(startOf(asked, runtime));
    if (guarded.before) await guarded.before;
    const isUsable = ({ params, client }: TargetDefinition): boolean =>
      asked.request.endpoint !== null && client === undefined && params !== undefined;
    const route = routeOf(guarded.decision, runtime, isUsable);
    if (route.kind === 'refuse') {
      guarded.failed(route.error);
      throw route.error;
    }
    let body = asked.body;
    try {
      if (guarded.decision.redactions.length > 0) body = redactedCopy(body, guarded.decision.redactions);
    } catch {
      throw redactionFailed(guarded);
    }
    if (route.kind === 'target') {
      body = { ...body, ...route.target.params };
      const name = textOf(body['model']);
      guarded.rerouted(route.target.name, name === '' ? undefined : { name });
    }
    const sent = body === asked.body ? init : { ...init, body: JSON.stringify(body) };
    const sentAt = performance.now();
    let response: Response;
    try {
      response = await guarded.run(() => original.call(this, input, sent));
    } catch (error) {
      guarded.failed(error);
      throw error;
    }
    return judged(response, {
      request: asked.request,
      params: body,
      guarded,
      outputs: () => runtime.capture(asked.request.model.name).outputs,
      elapsed: () => (performance.now() - sentAt) / 1000,
    });
  };
}

/** The response with a body that is judged while it is read; an error of the server stays as it is. */
function judged(response: Response, parts: BodyParts): Response {
  const { guarded, request } = parts;
  if (!response.ok || response.body === null) {
    if (response.ok) guarded.end();
    else guarded.failed(Object.assign(new Error(response.statusText), { status: response.status }));
    return response;
  }
  const { body } = response;
  const events = request.streamed && (response.headers.get('content-type') ?? '').includes('text/event-stream');
  let chunks: AsyncIterator<unknown> | undefined;
  const guardedBody = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        readByApplication(guarded);
        chunks ??= events ? judgedEvents(body, parts) : judgedAnswer(body, parts);
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(events ? Buffer.from((value as { source: string }).source) : (value as Uint8Array));
      },
      async cancel(reason) {
        await (chunks ? chunks.return?.(reason) : body.cancel(reason));
        guarded.end();
      },
    },
    { highWaterMark: 0 },
  );
  const { status, statusText, headers, url, redirected, type } = response;
  const whole = new Response(guardedBody, { status, statusText, headers });
  for (const [name, value] of Object.entries({ url, redirected, type })) Object.defineProperty(whole, name, { value });
  endWhenAbandoned(whole, guarded);
  return whole;
}
