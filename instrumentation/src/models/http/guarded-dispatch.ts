import { insideCall } from '../../guard/inside.js';
import type { GuardRuntime } from '../../guard/types.js';
import type { Json } from '../shared/json.js';
import { askedBy, startOf } from './asked.js';
import { bodyToSend } from './body-to-send.js';
import { declarationFor } from './declared-servers.js';
import type { HttpModels } from './declared-servers.js';
import type { BodyParts } from './judged-body.js';
import { JudgedResponse } from './judged-response.js';
import { tappedHandler } from './undici-handler.js';
import type { DispatchHandler } from './undici-handler.js';

/** What `dispatch` of undici is given. */
interface DispatchOptions {
  origin?: string | URL;
  path?: string;
  method?: string;
  body?: unknown;
  headers?: unknown;
}

/** `dispatch(options, handler)` of a dispatcher of undici. */
export type Dispatch = (this: object, options: DispatchOptions, handler: DispatchHandler) => boolean;

/** A client or pool of one origin keeps it behind a symbol. */
function originOf(dispatcher: object, { origin }: DispatchOptions): string {
  if (origin !== undefined) return String(origin).replace(/\/$/, '');
  const symbol = Object.getOwnPropertySymbols(dispatcher).find(({ description }) => description === 'url');
  const url: unknown = symbol && (dispatcher as { [key: symbol]: unknown })[symbol];
  return url instanceof URL ? url.origin : '';
}

/**
 * Wraps `dispatch` of undici, through which `request`, `stream`, `pipeline` and clients of one server go: a POST to a declared server is a model call. Handlers hear of the request what they hear
 * without us; the body of an answer reaches them when it is judged. A refused call is an error of the handler, and nothing is sent.
 */
export function guardedDispatch(
  original: Dispatch,
  declared: () => readonly HttpModels[],
  runtimeOf: () => GuardRuntime,
): Dispatch {
  return function dispatch(options, handler) {
    const through = (): boolean => original.call(this, options, handler);
    const isPost = (options as DispatchOptions | null)?.method === 'POST';
    if (!isPost || typeof handler !== 'object' || typeof options.path !== 'string') return through();
    const url = `${originOf(this, options)}${options.path}`;
    const declaration = declarationFor(declared(), url);
    if (!declaration) return through();
    const runtime = runtimeOf();
    const asked = runtime.inside() ? undefined : askedBy(declaration, url, options.body);
    if (!asked) return through();
    if (asked === 'unreadable') {
      runtime.unguarded('unreadable', new URL(url).host);
      return insideCall(through);
    }
    const guarded = runtime.begin(startOf(asked, runtime));
    const proceed = (): boolean => {
      let body: Json;
      try {
        body = bodyToSend(asked, guarded, runtime);
      } catch (error) {
        tell(handler, error);
        return true;
      }
      const sentAt = performance.now();
      const parts: BodyParts = {
        request: asked.request,
        params: body,
        guarded,
        outputs: () => runtime.capture(asked.request.model.name).outputs,
        elapsed: () => (performance.now() - sentAt) / 1000,
      };
      const sent = body === asked.body ? options : withBody(options, body);
      const tapped = tappedHandler(handler, (voice) => new JudgedResponse(guarded, voice, parts));
      return guarded.run(() => original.call(this, sent, tapped));
    };
    if (!guarded.before) return proceed();
    void guarded.before.then(proceed);
    return true;
  };
}

/** Tells a handler that its request cannot be made, as undici itself does. */
function tell(handler: DispatchHandler, error: unknown): void {
  const { onResponseError, onError } = handler;
  if (typeof onResponseError === 'function') onResponseError.call(handler, null, error);
  else if (typeof onError === 'function') onError.call(handler, error);
}

function withBody(options: DispatchOptions, body: Json): DispatchOptions {
  const bytes = Buffer.from(JSON.stringify(body));
  return { ...options, body: bytes, headers: withLength(options.headers, bytes.byteLength) };
}

/** Headers whose `content-length`, where they have one, is that of the body: as an object, as a flat list, or as pairs. */
function withLength(headers: unknown, length: number): unknown {
  const isLength = (name: unknown): boolean => String(name).toLowerCase() === 'content-length';
  if (typeof headers !== 'object' || headers === null) return headers;
  if (Array.isArray(headers) && !Array.isArray(headers[0])) {
    return headers.map((value: unknown, at) => (at % 2 === 1 && isLength(headers[at - 1]) ? String(length) : value));
  }
  const pairs = Symbol.iterator in headers ? [...(headers as Iterable<[string, unknown]>)] : Object.entries(headers);
  return Object.fromEntries(pairs.map(([name, value]) => [name, isLength(name) ? String(length) : value]));
}
