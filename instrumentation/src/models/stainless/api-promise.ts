import type { GuardedCall } from '../../guard/types.js';
import { readByApplication } from '../../stream/abandoned.js';

/** The client's own promise: a request whose body is read only when somebody asks for the parsed answer. */
export interface ApiPromise extends Promise<unknown> {
  responsePromise: Promise<{ response: unknown }>;
  /** Set as soon as somebody asked for the parsed answer. */
  parsedPromise?: Promise<unknown>;
  parseResponse(client: unknown, props: unknown): unknown;
  asResponse(): Promise<unknown>;
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

/** A call that was refused before it was sent: `then`, `asResponse()`, `withResponse()` and every helper reject with the error. */
export function refused(APIPromise: ApiPromiseClass, client: unknown, error: Error): ApiPromise {
  return new APIPromise(client, Promise.reject(error), (data) => data);
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
  return new APIPromise(client, response, (own, props) => (isApiPromise(sent) ? sent.parseResponse(own, props) : sent));
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
}

/**
 * Ends the call when the application takes the raw HTTP response and never the parsed answer, also through promises that helpers
 * (`parse()`, `stream()`) derive from this one. `withResponse()` asks for both, the parsed answer first.
 */
export function watchRawResponse(promise: ApiPromise, guarded: GuardedCall): ApiPromise {
  const { asResponse, _thenUnwrap } = promise;
  const endIfUnread = (): void => {
    if (promise.parsedPromise === undefined) guarded.end();
  };
  define(promise, 'asResponse', function (this: ApiPromise) {
    const response = asResponse.call(this);
    readByApplication(guarded);
    if (promise.parsedPromise === undefined) response.then(endIfUnread, () => undefined);
    return response;
  });
  define(promise, '_thenUnwrap', function (this: ApiPromise, transform: (data: unknown, props: unknown) => unknown) {
    return watchRawResponse(_thenUnwrap.call(this, transform), guarded);
  });
  return promise;
}
