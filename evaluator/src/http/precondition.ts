import { ApiError } from './api-error.js';
import type { Context } from './route.js';

/**
 * Value of `PublishInput.expected` from the headers of a change.
 *
 * @param optional True where a change without a precondition is let through.
 * @throws ApiError 428
 */
export function preconditionOf({ headers }: Pick<Context, 'headers'>, optional: boolean): string | undefined {
  const match = headers['if-match'];
  if (typeof match === 'string') return match === '*' ? '*' : match.replace(/^(W\/)?"|"$/g, '');
  if (headers['if-none-match'] === '*') return '';
  if (optional) return undefined;
  throw new ApiError(
    428,
    'GUARDSPAN_PRECONDITION_REQUIRED',
    'A change needs If-Match or If-None-Match.',
    'Send `If-Match: "<revision>"` for a change, `If-None-Match: *` for a new document.',
  );
}
