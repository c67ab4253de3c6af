import { DOCUMENT_KINDS } from '@guardspan/policy';
import type { BreakGlass, DocumentVersion } from '../../store/types.js';
import { ApiError } from '../api-error.js';
import type { PublishInput } from '../deps.js';
import { checkOwner, notFound } from './preconditions.js';

/** Seconds for which a break-glass edit may hold. */
export const BREAK_GLASS_LIMITS = { min: 60, max: 7 * 86_400 } as const;

type Next = Pick<DocumentVersion, 'kind' | 'name' | 'revision' | 'normal'>;

/**
 * Checks who may make this change, and says whether it is a break-glass edit: a change, at the API, of what a repository owns. It says why, it ends by
 * itself, and until then the document is known to differ from its repository. Null for every other change, and for one back to what the repository holds.
 * @throws ApiError 400, 404, 409
 */
export function breakGlassOf(
  before: DocumentVersion | undefined,
  next: Next,
  { breakGlass, origin, why = '' }: Pick<PublishInput, 'breakGlass' | 'origin' | 'why'>,
  now: number,
): BreakGlass | null {
  const { name, kind, revision, normal } = next;
  if (breakGlass === undefined) {
    checkOwner(name, before?.normal.metadata.managedBy ?? normal.metadata.managedBy, origin);
    checkOwner(name, normal.metadata.managedBy, origin);
    return null;
  }
  if (before === undefined) throw notFound(`There is no ${DOCUMENT_KINDS[kind].noun} ${name}.`);
  if (origin === 'git' || before.normal.metadata.managedBy !== 'git')
    throw new ApiError(
      409,
      'GUARDSPAN_BREAK_GLASS',
      origin === 'git' ? 'A repository has no glass to break.' : `${name} is not owned by git.`,
      'Leave out breakGlass: who owns a document changes it as it is.',
    );
  if (normal.metadata.managedBy !== 'git')
    throw new ApiError(
      409,
      'GUARDSPAN_BREAK_GLASS',
      `${name} would change hands.`,
      'Leave metadata.managedBy as it is: a break-glass edit goes back to its repository.',
    );
  if (why === '')
    throw new ApiError(400, 'GUARDSPAN_BREAK_GLASS', 'A break-glass edit needs a reason.', 'Say why in `?why=`.');
  const base = before.breakGlass?.base ?? before.revision;
  return revision === base ? null : { base, until: now + breakGlass };
}

/** What the audit says of it. */
export function breakGlassRecord(before: DocumentVersion | undefined, after: BreakGlass | null): object {
  if (after !== null) return { breakGlass: after };
  const ended = before?.breakGlass ?? null;
  return ended === null ? {} : { endsBreakGlass: ended };
}

/** The version that a document goes back to when a break-glass edit is over. */
export function versionBefore(history: readonly DocumentVersion[], { base }: BreakGlass): DocumentVersion | undefined {
  return history.findLast(({ revision, deleted, breakGlass }) => revision === base && !deleted && breakGlass === null);
}
