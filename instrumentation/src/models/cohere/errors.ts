import type { ClientErrors } from '../../actions/errors.js';
import { errorClass, plainHeaders } from '../shared/client-errors.js';

/** Classes in the namespace `Cohere`, by the status that each stands for. */
const BY_STATUS: { [status: number]: string } = {
  400: 'BadRequestError',
  401: 'UnauthorizedError',
  403: 'ForbiddenError',
  404: 'NotFoundError',
  422: 'UnprocessableEntityError',
  429: 'TooManyRequestsError',
  498: 'InvalidTokenError',
  499: 'ClientClosedRequestError',
  500: 'InternalServerError',
  501: 'NotImplementedError',
  503: 'ServiceUnavailableError',
  504: 'GatewayTimeoutError',
};

type StatusErrorClass = new (body: object, rawResponse: object) => Error;
type CohereErrorClass = new (options: object) => Error;

/** `CohereError`, with `statusCode`, `body` and `rawResponse`, or the class of the namespace `Cohere` for the status. Undefined when there is none. */
export function cohereErrors(module: { Cohere?: object; CohereError?: unknown }): ClientErrors | undefined {
  const CohereError = errorClass(module, 'CohereError') as CohereErrorClass | undefined;
  if (CohereError === undefined) return undefined;
  return {
    generate: (statusCode, _body, message, headers) => {
      const rawResponse = { headers: plainHeaders(headers), status: statusCode, statusText: '', url: '' };
      const body = { message };
      const Own = errorClass(module.Cohere, BY_STATUS[statusCode] ?? '') as StatusErrorClass | undefined;
      return Own ? new Own(body, rawResponse) : new CohereError({ message, statusCode, body, rawResponse });
    },
  };
}
