import type { GuardedCall } from '../../guard/types.js';
import { patchMethod } from '../../loader/patch-method.js';
import { readByApplication } from '../../stream/abandoned.js';

/** The client's own promise: a request whose body is read only when somebody asks for the parsed answer. */
export interface ApiPromise extends Promise<unknown> {
  responsePromise: Promise<{ response: unknown }>;
  /** Set as soon as somebody asked for the parsed answer. */
  parsedPromise?: Promise<unknown>;
  parseResponse(client: unknown, props: unknown): unknown;
  asResponse(): Promise<unknown>;
  withResponse(): Promise<{ data: unknown; response: unknown }>;
  _thenUnwrap(transform: (data: unknown, props: unknown) => unknown): ApiPromise;
}

/** The class of {@link ApiPromise}, exported at the root of the client's module. */
export type ApiPromiseClass = new (
  client: unknown,
  responsePromise: Promise<unknown>,
  parseResponse: (client: unknown, props: unknown) => unknown,
) => ApiPromise;

/** True when the value can be watched without reading its body. */
export function isApiPromise(value: unknown): value is ApiPromise {
  const promise = value as Partial<ApiPromise> | null;
  return (
    typeof promise === 'object' &&
    promise !== null &&
    typeof promise._thenUnwrap === 'function' &&
    typeof promise.asResponse === 'function' &&
    promise.responsePromise instanceof Promise
  );
}

/** Who looks at what becomes of a request. */
export interface Watcher {
  /** Has the answer when the application asks for it, and gives what the application gets. */
  received(data: unknown): unknown;
  /** Hears why there is no answer. */
  failed(error: unknown): void;
}

type ParseResponse = ApiPromise['parseResponse'];

/** Reads an answer as `parse` does and shows it. A function of its own, so that it does not close over the promise that gets it. */
function shownTo(watcher: Watcher, parse: ParseResponse): ParseResponse {
  return async function parseResponse(this: unknown, client, props) {
    let data: unknown;
    try {
      data = await parse.call(this, client, props);
    } catch (error) {
      watcher.failed(error);
      throw error;
    }
    return watcher.received(data);
  };
}

/** The response, whose failure is told. Rejects as `response` does: a failure that the application does not handle stays one. */
function heardBy(watcher: Watcher, response: ApiPromise['responsePromise']): ApiPromise['responsePromise'] {
  return response.then(undefined, (error: unknown) => {
    watcher.failed(error);
    throw error;
  });
}

/**
 * A promise of the client's own kind whose answer the watcher sees. The client's own promise where nothing of it goes past its `parseResponse`: what `_thenUnwrap` makes costs another
 * one and reads the headers of the answer once more.
 */
export function withAnswer(
  APIPromise: ApiPromiseClass,
  client: unknown,
  promise: ApiPromise,
  watcher: Watcher,
): ApiPromise {
  if (promise.constructor !== APIPromise || typeof promise.parseResponse !== 'function') {
    promise.responsePromise.then(undefined, (error: unknown) => watcher.failed(error));
    return promise._thenUnwrap((data) => watcher.received(data));
  }
  const parse = shownTo(watcher, promise.parseResponse);
  const response = heardBy(watcher, promise.responsePromise);
  if (promise.parsedPromise !== undefined) return new APIPromise(client, response, parse);
  if (Object.hasOwn(promise, '_thenUnwrap')) {
    const made = new APIPromise(client, response, parse);
    return Object.hasOwn(promise, 'withResponse') ? answerBeforeResponse(made) : made;
  }
  promise.responsePromise = response;
  promise.parseResponse = parse;
  return promise;
}

/** A call that was refused before it was sent: `then`, `asResponse()`, `withResponse()` and every helper reject with the error. */
export function refused(APIPromise: ApiPromiseClass, client: unknown, error: Error): ApiPromise {
  return new APIPromise(client, Promise.reject(error), (data) => data);
}

/**
 * Lets `withResponse()` read the answer before it takes the response, also of what is derived: a client that reads a body anew when it does not come in time has another response by then
 * (openai from 7.57 on, whose promises have such a method of their own).
 */
function answerBeforeResponse(promise: ApiPromise): ApiPromise {
  const { withResponse, _thenUnwrap } = promise;
  promise.withResponse = async function () {
    await promise;
    return withResponse.call(promise);
  };
  promise._thenUnwrap = (transform) => answerBeforeResponse(_thenUnwrap.call(promise, transform));
  return promise;
}

/**
 * A call that is sent when `decided` has resolved: `then`, `asResponse()`, `withResponse()` and every helper wait for it. `send` gives the promise of the
 * request that is then made.
 */
export function postponed(
  APIPromise: ApiPromiseClass,
  client: unknown,
  decided: Promise<unknown>,
  send: () => unknown,
): ApiPromise {
  let sent: unknown;
  const response = decided.then(() => {
    sent = send();
    return isApiPromise(sent) ? sent.responsePromise : { response: undefined };
  });
  const parse: ParseResponse = (own, props) => (isApiPromise(sent) ? sent.parseResponse(own, props) : sent);
  return answerBeforeResponse(new APIPromise(client, response, parse));
}

/** Lets a constructor put private fields on an object that it did not make: `super` may return any object. */
const Given = function (given: object): object {
  return given;
} as unknown as new (given: object) => object;

/** The call that a promise of the client belongs to, where neither the application nor an inspector sees it. */
class Watched extends Given {
  readonly #guarded: GuardedCall;

  constructor(promise: object, guarded: GuardedCall) {
    super(promise);
    this.#guarded = guarded;
  }

  static callOf(promise: object): GuardedCall | undefined {
    return #guarded in promise ? promise.#guarded : undefined;
  }
}

/** Methods of a promise by which the application goes past the parsed answer, each wrapped for promises that belong to a call. */
const WRAPPERS = {
  asResponse: (original: ApiPromise['asResponse']): ApiPromise['asResponse'] =>
    function asResponse(this: ApiPromise) {
      const response = original.call(this);
      const guarded = Watched.callOf(this);
      if (guarded === undefined) return response;
      readByApplication(guarded);
      if (this.parsedPromise !== undefined) return response;
      return response.then((raw) => {
        if (this.parsedPromise === undefined) guarded.end();
        return raw;
      });
    },
  _thenUnwrap: (original: ApiPromise['_thenUnwrap']): ApiPromise['_thenUnwrap'] =>
    function _thenUnwrap(this: ApiPromise, transform) {
      const derived = original.call(this, transform);
      const guarded = Watched.callOf(this);
      return guarded === undefined ? derived : watchRawResponse(derived, guarded);
    },
};

function wrap(owner: object): (() => void)[] {
  const undo = [
    patchMethod(owner, 'asResponse', WRAPPERS.asResponse),
    patchMethod(owner, '_thenUnwrap', WRAPPERS._thenUnwrap),
  ];
  return undo.filter((restore) => restore !== null);
}

/**
 * Ends the call when the application takes the raw HTTP response and never the parsed answer, also through promises that helpers
 * (`parse()`, `stream()`) derive from this one. `withResponse()` asks for both, the parsed answer first. Needs {@link patchApiPromise}.
 */
export function watchRawResponse(promise: ApiPromise, guarded: GuardedCall): ApiPromise {
  if (Watched.callOf(promise) === undefined) new Watched(promise, guarded);
  // Some versions of a client give single promises methods of their own.
  if (Object.hasOwn(promise, '_thenUnwrap') || Object.hasOwn(promise, 'asResponse')) wrap(promise);
  return promise;
}

/** Makes the promises of a client tell when their raw response is taken. Those that nobody watches behave as before. Returns how to undo it. */
export function patchApiPromise(APIPromise: ApiPromiseClass): (() => void)[] {
  return wrap(APIPromise.prototype as object);
}
