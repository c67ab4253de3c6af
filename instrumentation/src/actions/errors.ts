import type { CallEnd } from '@guardspan/policy/runtime';

/** Stable codes of the errors that Guardspan throws into an application. */
export type DeniedCode = 'GUARDSPAN_DENIED' | 'GUARDSPAN_THROTTLED' | 'GUARDSPAN_SHUTDOWN';

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
