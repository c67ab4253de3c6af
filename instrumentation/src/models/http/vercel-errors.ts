import type { ClientErrors } from '../../actions/errors.js';
import { plainHeaders } from '../shared/client-errors.js';

const MARK = 'vercel.ai.error';

/**
 * What makes an error an `APICallError` to the `ai` SDK of Vercel, whose providers ask with `fetch`: marks under registered symbols, which its `isInstance` looks for, and fields. It is
 * not repeated (`isRetryable`), and not wrapped into another one.
 */
export const vercelErrors: ClientErrors = {
  generate: (statusCode, _body, message, headers) =>
    Object.assign(new Error(message), {
      [Symbol.for(MARK)]: true,
      [Symbol.for(`${MARK}.AI_APICallError`)]: true,
      ...{ url: '', requestBodyValues: {}, statusCode, responseHeaders: plainHeaders(headers), isRetryable: false },
    }),
};
