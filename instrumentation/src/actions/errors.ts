import type { CallEnd } from '@guardspan/policy/runtime';

/** Stable codes of the errors that Guardspan throws into an application. */
export type DeniedCode = 'GUARDSPAN_DENIED' | 'GUARDSPAN_THROTTLED' | 'GUARDSPAN_SHUTDOWN';

/** Stand-ins for errors that were made one of a client's own, with the prototype that they had. */
const made = new WeakMap<object, object>();

/** How the errors of a client are made: of the classes that its users catch. */
export interface ClientErrors {
  /** The error of the client's own for a status; anything but an error when it has none. */
  generate(status: number, body: undefined, message: string, headers: Headers): unknown;
  /** Finds classes that the client's module does not export. Resolves when `generate` knows them, remembers that, and never rejects. */
  ready?(): Promise<unknown>;
  /** True where users tell errors by their `name`: a refusal then has the client's. */
  named?: boolean;
}

/**
 * The one family of errors that Guardspan ever throws into the host application: a guard-rail ended this call.
 * Holds no content of the request or the answer.
 */
export class GuardrailDeniedError extends Error {
  override readonly name: string = 'GuardrailDeniedError';
  readonly code: DeniedCode = 'GUARDSPAN_DENIED';
  /** HTTP-like status of the guard-rail's action (403, 429, 503 by default). */
  readonly status: number;
  /** Seconds after which a retry makes sense; 0 when the guard-rail gives no advice. */
  readonly retryAfter: number;
  /** Name of the guard-rail. */
  readonly guardrail: string;
  /** Id of the verdict, to look up in the audit. */
  readonly verdictId: string;
  /** A sentence that an agent can retry on; empty when none. */
  readonly guidance: string;

  /** Holds also for an error that is one of a client's own besides. */
  static override [Symbol.hasInstance](this: { readonly prototype: object }, value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return false;
    return Object.prototype.isPrototypeOf.call(this.prototype, made.get(value) ?? value);
  }

  constructor(end: CallEnd) {
    super(`${end.message} (guard-rail ${end.guardrail}, verdict ${end.verdict})`);
    this.status = end.status;
    this.retryAfter = end.retryAfter;
    this.guardrail = end.guardrail;
    this.verdictId = end.verdict;
    this.guidance = end.guidance;
  }
}

/** The call would exceed the rate that a guard-rail allows. */
export class GuardrailThrottledError extends GuardrailDeniedError {
  override readonly name = 'GuardrailThrottledError';
  override readonly code = 'GUARDSPAN_THROTTLED';
}

/** Every call of this scope is stopped until the guard-rail releases it. */
export class GuardrailShutdownError extends GuardrailDeniedError {
  override readonly name = 'GuardrailShutdownError';
  override readonly code = 'GUARDSPAN_SHUTDOWN';
}

/** The error for the way a call ended. */
export function deniedError(end: CallEnd): GuardrailDeniedError {
  if (end.kind === 'throttle') return new GuardrailThrottledError(end);
  if (end.kind === 'shutdown') return new GuardrailShutdownError(end);
  return new GuardrailDeniedError(end);
}

/**
 * Makes an error one of the client's own besides, of the class that the client has for its status (`RateLimitError` for 429), so that what an application catches
 * already catches it; `headers` has `retry-after`. What the error says of itself stays, but for its name where users go by that; it gets the client's fields besides.
 * Never throws.
 */
export function asErrorOf(errors: ClientErrors, error: GuardrailDeniedError): void {
  try {
    if (made.has(error)) return;
    const headers = new Headers(error.retryAfter > 0 ? { 'retry-after': String(error.retryAfter) } : {});
    const own: unknown = errors.generate(error.status, undefined, error.message, headers);
    if (!(own instanceof Error)) return;
    const kind = Object.getPrototypeOf(error) as object;
    const both = Object.create(Object.getPrototypeOf(own) as object, Object.getOwnPropertyDescriptors(kind)) as object;
    const renamed = errors.named === true;
    const fields = { headers, ...own, ...(renamed ? { name: own.name } : {}) };
    for (const key of Reflect.ownKeys(fields)) {
      if (key === 'name' ? !renamed : Object.hasOwn(error, key)) continue;
      const value = fields[key as keyof typeof fields] as unknown;
      Object.defineProperty(error, key, { value, enumerable: false, writable: true, configurable: true });
    }
    Object.setPrototypeOf(error, both);
    made.set(error, Object.create(kind) as object);
  } catch {
    // A client that is built otherwise: the error stays ours alone.
  }
}
