import { GEN_AI } from '@guardspan/policy/runtime';
import type { Decision } from '@guardspan/policy/runtime';
import { leavesAsIs, changeFailed, refusalOf, routeOf } from '../../actions/route.js';
import type { Route } from '../../actions/route.js';
import { editsOf } from '../../actions/text-edits.js';
import { editedCopy } from '../../actions/text-paths.js';
import type { ClientErrors } from '../../actions/errors.js';
import type { CallStart, GuardedCall, GuardRuntime, TargetDefinition } from '../../guard/types.js';
import { endWhenAbandoned, readByApplication } from '../../stream/abandoned.js';
import { isIterableStream, observeStream } from '../../stream/observe-stream.js';
import type { IterableStream } from '../../stream/observe-stream.js';
import { isApiPromise, postponed, refused, watchRawResponse, withAnswer } from './api-promise.js';
import type { ApiPromiseClass, Watcher } from './api-promise.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { callStart } from '../shared/call-start.js';
import { carryOut } from '../shared/carry-out.js';
import { observerOf } from '../shared/observer-of.js';
import { resourceAt } from '../shared/resource-at.js';
import type { Endpoint } from './endpoint.js';
import type { Json } from '../shared/json.js';
import { objectOf, textOf } from '../shared/json.js';
import { serverOf } from '../shared/server.js';

/** `create(params, options)` of a resource. */
export type Create = (this: Resource, params: unknown, ...rest: unknown[]) => unknown;

interface Resource {
  _client?: unknown;
}

function startOf(endpoint: Endpoint, params: Json, client: unknown, errors: ClientErrors | undefined): CallStart {
  const { family } = endpoint;
  return callStart({
    client: family.client,
    model: textOf(params['model']),
    kind: endpoint.kind,
    operation: endpoint.operation,
    streamed: params['stream'] === true && endpoint.collector !== null,
    server: serverOf(client, family.provider),
    texts: () => endpoint.requestTexts(params),
    errors,
  });
}

/** The resource of another client that a target names; undefined when the target stays with the client that was asked. */
function otherResource(target: TargetDefinition, endpoint: Endpoint): Pick<Request, 'resource' | 'create'> | undefined {
  const resource = objectOf(resourceAt(target.client, endpoint.path));
  const create = resource?.[endpoint.method ?? 'create'];
  return typeof create === 'function'
    ? { resource: resource as unknown as Resource, create: create as Create }
    : undefined;
}

/** A target of a language-model client changes parameters, the client, or both. */
function usable(target: TargetDefinition, endpoint: Endpoint): boolean {
  return target.client === undefined ? target.params !== undefined : otherResource(target, endpoint) !== undefined;
}

/** What is sent in the end: to which resource, by which `create`, with which parameters. */
interface Request {
  resource: Resource;
  create: Create;
  params: Json;
}

function requestOf(
  guarded: GuardedCall,
  route: Route,
  endpoint: Endpoint,
  own: Omit<Request, 'params'>,
  params: Json,
): Request {
  const edits = editsOf(guarded.decision);
  // Changed before anything of a target is mixed in: paths lead into what the application passed.
  const clean = edits.length > 0 ? editedCopy(params, edits) : params;
  if (route.kind !== 'target') return { ...own, params: clean };
  const { target } = route;
  const sent = target.params ? { ...clean, ...target.params } : clean;
  const other = otherResource(target, endpoint);
  const resource = other?.resource ?? own.resource;
  const model = textOf(sent['model']);
  guarded.rerouted(target.name, {
    name: model,
    provider: serverOf(resource._client, endpoint.family.provider).provider,
  });
  guarded.span.setAttribute(GEN_AI.REQUEST_MODEL, model);
  // The other client's `create` may be patched too; it knows from the mark that this call is guarded already.
  return { resource, create: other?.create ?? own.create, params: sent };
}

/** A call of one endpoint that has begun, with what is asked. */
interface Begun {
  APIPromise: ApiPromiseClass;
  endpoint: Endpoint;
  guarded: GuardedCall;
  asked: Request;
  rest: unknown[];
}

/**
 * Wraps the method of one endpoint: decides, sends, watches the answer, decides again. The application gets the client's own promise,
 * so that `withResponse`, `asResponse`, `parse`, `stream` and `tee` behave as without us. A fault of ours sends the call as it was.
 */
export function guardedCreate(
  endpoint: Endpoint,
  original: Create,
  APIPromise: ApiPromiseClass,
  runtimeOf: () => GuardRuntime,
  errors?: ClientErrors,
): Create {
  // Nothing in here is closed over by what outlives the call, so that the common way makes no scope for it.
  return function create(this: Resource, params: unknown, ...rest: unknown[]): unknown {
    const runtime = runtimeOf();
    const body = objectOf(params);
    if (!body || runtime.inside()) return original.call(this, params, ...rest);
    const guarded = runtime.begin(startOf(endpoint, body, this._client, errors));
    const asked = { resource: this, create: original, params: body };
    const begun: Begun = { APIPromise, endpoint, guarded, asked, rest };
    return !guarded.before && leavesAsIs(guarded.decision) ? send(begun, asked) : carryOutRequest(begun, runtime);
  };
}

/** Carries out a decision that waits, or that does not leave the request as it is. */
function carryOutRequest(begun: Begun, runtime: GuardRuntime): unknown {
  const { APIPromise, endpoint, guarded, asked } = begun;
  const client = asked.resource._client;
  const proceed = (): unknown => {
    let request: Request;
    const route = routeOf(guarded.decision, runtime, (target) => usable(target, endpoint));
    if (route.kind === 'refuse') {
      guarded.failed(route.error);
      return refused(APIPromise, client, route.error);
    }
    try {
      request = requestOf(guarded, route, endpoint, asked, asked.params);
    } catch {
      return refused(APIPromise, client, changeFailed(guarded));
    }
    return send(begun, request);
  };
  if (!guarded.before) return proceed();
  const promise = postponed(APIPromise, client, guarded.before, proceed);
  endWhenAbandoned(promise, guarded);
  return watchRawResponse(promise, guarded);
}

function send({ APIPromise, endpoint, guarded, rest }: Begun, { resource, create, params }: Request): unknown {
  // Asked for when an answer is a stream.
  const sentAt = params['stream'] === true ? performance.now() : NaN;
  let promise: unknown;
  try {
    endpoint.family.withoutOwnSpan?.(resource._client, guarded, rest[0]);
    promise = guarded.run(() => create.call(resource, params, ...rest));
  } catch (error) {
    guarded.failed(error);
    throw error;
  }
  if (!isApiPromise(promise)) {
    guarded.end();
    return promise;
  }
  const watched = withAnswer(APIPromise, resource._client, promise, new Sent(endpoint, guarded, params, sentAt));
  endWhenAbandoned(watched, guarded);
  return watchRawResponse(watched, guarded);
}

/** A request that was sent, with what is needed to judge its answer. */
class Sent implements Watcher {
  constructor(
    private readonly endpoint: Endpoint,
    private readonly guarded: GuardedCall,
    private readonly params: Json,
    /** Milliseconds by `performance.now()`; NaN for an answer in one piece. */
    private readonly sentAt: number,
  ) {}

  failed(error: unknown): void {
    this.guarded.failed(error);
  }

  received(data: unknown): unknown {
    const { guarded } = this;
    readByApplication(guarded);
    if (!guarded.beside) return this.#handOut(data);
    return guarded.beside.then((decision) => {
      const refusal = refusalOf(guarded, decision);
      if (!refusal) return this.#handOut(data);
      if (isIterableStream(data)) data.controller?.abort();
      throw refusal;
    });
  }

  #handOut(data: unknown): unknown {
    const { endpoint, guarded } = this;
    if (isIterableStream(data) && endpoint.collector) return this.#handOutStream(data, endpoint.collector());
    // Some formats of an answer are a text by itself.
    const json = typeof data === 'string' ? { text: data } : objectOf(data);
    if (!json) {
      guarded.end();
      return data;
    }
    const decision = guarded.answered(endpoint.answer(json));
    if (guarded.after) return guarded.after.then((settled) => this.#carryOut(settled, data, json));
    if (!leavesAsIs(decision)) return this.#carryOut(decision, data, json);
    guarded.end();
    return data;
  }

  #handOutStream(stream: IterableStream, collector: ChunkCollector): unknown {
    const { endpoint, guarded, params, sentAt } = this;
    const guard = guarded.streaming();
    const rewriter = guard === null ? null : (endpoint.rewriter?.(guard, params) ?? null);
    const elapsed = (): number => (performance.now() - sentAt) / 1000;
    observeStream(stream, guarded, observerOf(collector), elapsed, rewriter);
    return stream;
  }

  #carryOut(decision: Decision, data: unknown, json: Json): unknown {
    const { endpoint, guarded } = this;
    carryOut(guarded, decision, json, (redactions) => endpoint.afterRedaction?.(json, redactions));
    return typeof data === 'string' ? json['text'] : data;
  }
}
