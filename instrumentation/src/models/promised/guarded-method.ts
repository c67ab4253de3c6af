import { GEN_AI } from '@guardspan/policy/runtime';
import type { ClientErrors } from '../../actions/errors.js';
import { changeFailed, refusalOf, routeOf } from '../../actions/route.js';
import type { Route } from '../../actions/route.js';
import { editsOf } from '../../actions/text-edits.js';
import { editedCopy } from '../../actions/text-paths.js';
import type { GuardedCall, GuardRuntime, TargetDefinition } from '../../guard/types.js';
import { observeStream } from '../../stream/observe-stream.js';
import { callStart } from '../shared/call-start.js';
import { carryOut } from '../shared/carry-out.js';
import type { Json } from '../shared/json.js';
import { observerOf } from '../shared/observer-of.js';
import type { AnswerStream, MethodEndpoint, MethodRequest } from './method-endpoint.js';

/** A method of a client that returns a promise. */
export type Method = (this: unknown, ...args: unknown[]) => unknown;

/** What is sent in the end: by which method, of which object, with which arguments. */
interface Sending {
  self: unknown;
  method: Method;
  args: unknown[];
  params: Json;
}

/** The object of another client that a target names; undefined when the target stays with the client that was asked. */
function otherObject(
  target: TargetDefinition,
  { objectIn, method }: MethodEndpoint,
): { [name: string]: Method } | undefined {
  const object = target.client === undefined ? undefined : objectIn(target.client);
  const known = object as { [name: string]: Method } | undefined;
  return typeof known?.[method] === 'function' ? known : undefined;
}

/** A target of a language-model client changes parameters, the client, or both. */
function usable(target: TargetDefinition, endpoint: MethodEndpoint): boolean {
  if (endpoint.addressed === true) return false;
  return target.client === undefined ? target.params !== undefined : otherObject(target, endpoint) !== undefined;
}

function sendingOf(
  endpoint: MethodEndpoint,
  guarded: GuardedCall,
  route: Route,
  request: MethodRequest,
  own: Pick<Sending, 'self' | 'method'> & { args: unknown[] },
): Sending {
  const edits = editsOf(guarded.decision);
  const { params } = request;
  // Changed before anything of a target is mixed in: paths lead into what the application passed.
  const clean = edits.length > 0 ? editedCopy(params, edits) : params;
  if (route.kind !== 'target')
    return { ...own, params: clean, args: clean === params ? own.args : request.args(clean) };
  const { target } = route;
  const sent = target.params ? { ...clean, ...target.params } : clean;
  const other = otherObject(target, endpoint);
  const self = other ?? own.self;
  const model = endpoint.modelOf(sent);
  guarded.rerouted(target.name, { name: model, provider: endpoint.server(self).provider });
  guarded.span.setAttribute(GEN_AI.REQUEST_MODEL, model);
  // The other client's method may be patched too; it knows from the mark that this call is guarded already.
  return {
    self,
    method: other?.[endpoint.method] ?? own.method,
    params: sent,
    args: sent === params ? own.args : request.args(sent),
  };
}

/**
 * Wraps a method that returns an ordinary promise: decides, sends, watches the answer, decides again. A call that is refused rejects with our error, which is one of `errors` besides. Objects that the
 * application passed are never changed; what it gets is the client's own answer.
 */
export function guardedMethod(
  endpoint: MethodEndpoint,
  original: Method,
  runtimeOf: () => GuardRuntime,
  errors?: ClientErrors,
): Method {
  return function guardedMethod(this: unknown, ...args: unknown[]): unknown {
    const runtime = runtimeOf();
    const request = runtime.inside() ? undefined : endpoint.request(args);
    if (!request) return original.apply(this, args);
    const { params } = request;
    const ready = errors?.ready?.();
    const guarded = runtime.begin(
      callStart({
        errors,
        client: endpoint.client,
        model: endpoint.modelOf(params),
        kind: endpoint.kind,
        operation: endpoint.operation,
        streamed: endpoint.streamed(params),
        server: endpoint.server(this),
        texts: () => endpoint.requestTexts(params),
        addressed: endpoint.addressed,
      }),
    );
    const proceed = async (): Promise<unknown> => {
      const route = routeOf(guarded.decision, runtime, (target) => usable(target, endpoint));
      if (route.kind === 'refuse') {
        await ready;
        guarded.failed(route.error);
        throw route.error;
      }
      let sending: Sending;
      try {
        sending = sendingOf(endpoint, guarded, route, request, { self: this, method: original, args });
      } catch {
        throw changeFailed(guarded);
      }
      return send(endpoint, guarded, sending);
    };
    return guarded.before ? guarded.before.then(proceed) : proceed();
  };
}

async function send(endpoint: MethodEndpoint, guarded: GuardedCall, sending: Sending): Promise<unknown> {
  const sentAt = performance.now();
  const elapsed = (): number => (performance.now() - sentAt) / 1000;
  let result: unknown;
  try {
    result = await guarded.run(() => sending.method.apply(sending.self, sending.args));
  } catch (error) {
    guarded.failed(error);
    throw error;
  }
  const stream =
    typeof result === 'object' && result !== null && endpoint.collector
      ? endpoint.stream?.(result, sending.args)
      : undefined;
  if (guarded.beside) {
    const refusal = refusalOf(guarded, await guarded.beside);
    if (refusal) {
      stream?.controller?.abort();
      throw refusal;
    }
  }
  if (stream) return handOutStream(endpoint, guarded, sending.params, stream, elapsed);
  const answer = endpoint.complete(result);
  if (!answer) {
    guarded.end();
    return result;
  }
  const decision = guarded.answered(endpoint.answer(answer.data));
  carryOut(guarded, guarded.after ? await guarded.after : decision, answer.data, (redactions) => {
    endpoint.afterRedaction?.(answer.data, redactions);
    answer.put?.();
  });
  return result;
}

function handOutStream(
  endpoint: MethodEndpoint,
  guarded: GuardedCall,
  params: Json,
  stream: AnswerStream,
  elapsed: () => number,
): unknown {
  const guard = guarded.streaming();
  const rewriter = guard === null ? null : (endpoint.rewriter?.(guard, params) ?? null);
  const { controller } = stream;
  const source = { iterator: () => stream.read(), ...(controller ? { controller } : {}) };
  observeStream(source, guarded, observerOf(endpoint.collector!()), elapsed, rewriter);
  return stream.replace(() => source.iterator());
}
