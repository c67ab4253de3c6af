import { DOCUMENT_KINDS } from '@guardspan/policy';
import type { DocumentKey, DocumentVersion } from '../../store/types.js';
import { ApiError } from '../api-error.js';

/** Refuses a change of something else than its author read. @throws ApiError 412 */
export function checkExpected(
  { kind, name }: DocumentKey,
  before: DocumentVersion | undefined,
  expected: string | undefined,
): void {
  if (expected === undefined) return;
  const fits = expected === '*' ? before !== undefined : expected === (before?.revision ?? '');
  if (fits) return;
  throw new ApiError(
    412,
    'GUARDSPAN_PRECONDITION',
    before === undefined
      ? `There is no ${DOCUMENT_KINDS[kind].noun} ${name}.`
      : `${name} is at revision ${before.revision}.`,
    'Read it again, apply your change to what is there, and send its ETag.',
    before === undefined ? {} : { headers: { etag: `"${before.revision}"` } },
  );
}

/** Refuses a change by who does not own the document. @throws ApiError 409 */
export function checkOwner(name: string, managedBy: 'git' | 'ui', origin: 'git' | 'ui'): void {
  if (managedBy === origin) return;
  throw new ApiError(
    409,
    managedBy === 'git' ? 'GUARDSPAN_MANAGED_BY_GIT' : 'GUARDSPAN_MANAGED_BY_UI',
    `${name} is owned by ${managedBy}.`,
    managedBy === 'git'
      ? 'Change it in its repository; in an emergency, for a while: ?breakGlass=SECONDS&why=REASON.'
      : 'Set metadata.managedBy to git, or delete it in the UI first.',
  );
}

/** The refusal of what is not there. */
export function notFound(message: string): ApiError {
  return new ApiError(404, 'GUARDSPAN_NOT_FOUND', message, 'List what is there first.');
}
