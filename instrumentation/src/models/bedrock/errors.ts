import type { ClientErrors } from '../../actions/errors.js';
import { errorClass, plainHeaders } from '../shared/client-errors.js';

/** Exceptions of the service by the status with which it answers them. */
const BY_STATUS: { [status: number]: string } = {
  400: 'ValidationException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  408: 'ModelTimeoutException',
  409: 'ConflictException',
  424: 'ModelErrorException',
  429: 'ThrottlingException',
  500: 'InternalServerException',
  503: 'ServiceUnavailableException',
};

type ExceptionClass = new (options: object) => Error;

/**
 * `BedrockRuntimeServiceException`, or the exception for the status, with `$fault`, `$metadata` and `$response`. Its users go by the name as often as by the class. Undefined for a module
 * without it.
 */
export function bedrockErrors(exports: unknown): ClientErrors | undefined {
  const base = 'BedrockRuntimeServiceException';
  const Base = errorClass(exports, base) as ExceptionClass | undefined;
  if (Base === undefined) return undefined;
  return {
    named: true,
    generate: (status, _body, message, headers) => {
      const $metadata = { httpStatusCode: status, attempts: 0, totalRetryDelay: 0 };
      const Own = errorClass(exports, BY_STATUS[status] ?? '') as ExceptionClass | undefined;
      const $fault = status < 500 ? 'client' : 'server';
      const error = Own ? new Own({ message, $metadata }) : new Base({ name: base, $fault, message, $metadata });
      return Object.assign(error, { $response: { statusCode: status, headers: plainHeaders(headers) } });
    },
  };
}
