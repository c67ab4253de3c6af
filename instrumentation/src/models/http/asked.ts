import type { ActionType, InlinePoint, TextPart } from '@guardspan/policy/runtime';
import type { CallStart, GuardRuntime } from '../../guard/types.js';
import { callStart } from '../shared/call-start.js';
import { objectOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { serverAt } from '../shared/server.js';
import type { HttpModels } from './declared-servers.js';
import { asksModel, onlyBodyTells, serverRequest } from './server-format.js';
import type { ServerRequest } from './server-format.js';
import { vercelErrors } from './vercel-errors.js';

/** What can be done with a call of a classical model: its name is part of an address, which no target may change. */
const CLASSICAL_CAN: Record<InlinePoint, readonly ActionType[]> = {
  request: ['deny', 'shutdown', 'throttle', 'annotate'],
  // An answer that is not streamed is one chunk.
  chunk: ['deny', 'shutdown', 'annotate'],
  response: ['deny', 'shutdown', 'annotate'],
};

/** Longest request that is held back and read, in bytes. */
export const MAX_REQUEST = 4_194_304;

/** A request that asks a declared server, as it can be read and sent again. */
export interface Asked {
  request: ServerRequest;
  address: URL;
  body: Json;
}

/**
 * Reads the body of a POST to a declared address. Undefined: its path asks no model. `unreadable`: it asks one, and nobody can say what, because the body is no
 * JSON object as text or bytes, or longer than {@link MAX_REQUEST}. Where only the body tells whether a model is asked, an unreadable one asks none.
 */
export function askedBy(declaration: HttpModels, url: string, body: unknown): Asked | 'unreadable' | undefined {
  let address: URL;
  try {
    address = new URL(url);
  } catch {
    return undefined;
  }
  if (!asksModel(address.pathname)) return undefined;
  const json = bodyOf(body);
  if (!json) return onlyBodyTells(address.pathname) ? undefined : 'unreadable';
  const request = serverRequest(declaration, address, json);
  return request && { request, address, body: json };
}

function bodyOf(body: unknown): Json | undefined {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return undefined;
  if (body.length > MAX_REQUEST) return undefined;
  try {
    return objectOf(JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)));
  } catch {
    return undefined;
  }
}

/** The start of the call. `fixed`: the length of the request is told already, so its body cannot be exchanged any more, and what has to be redacted is refused. */
export function startOf({ request, address }: Asked, runtime: GuardRuntime, fixed = false): CallStart {
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
      errors: vercelErrors,
      addressed: fixed || request.addressed,
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
