import type { ClientErrors } from '../../actions/errors.js';
import { errorClass } from '../shared/client-errors.js';

type ApiErrorClass = new (options: { message: string; status: number }) => Error;

/** `ApiError`, with `status`. Undefined for versions without it. */
export function googleErrors(exports: unknown): ClientErrors | undefined {
  const ApiError = errorClass(exports, 'ApiError') as ApiErrorClass | undefined;
  return ApiError && { generate: (status, _body, message) => new ApiError({ message, status }) };
}
