import { GuardrailDeniedError } from '../actions/errors.js';

const MAX_ERROR_TYPE = 128;

/** What kind of error ended a call: our code, an HTTP status, the code or the name of the error. Never its message, which may hold content. */
export function errorType(error: unknown): string {
  if (error instanceof GuardrailDeniedError) return error.code;
  if (!(error instanceof Error)) return typeof error;
  const { status } = error as { status?: unknown };
  if (typeof status === 'number') return String(status);
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' && code !== '' ? code : error.name || error.constructor.name).slice(
    0,
    MAX_ERROR_TYPE,
  );
}
