import type { HeldDocument } from './held-documents.js';

/** What people are told of a document that was changed although git owns it; empty when it was not. */
export function driftText({
  breakGlass,
  author,
  why = '',
}: Pick<HeldDocument, 'breakGlass' | 'author' | 'why'>): string {
  if (breakGlass === undefined || breakGlass === null) return '';
  const until = new Date(breakGlass.until * 1000).toISOString();
  return `differs from git by a break-glass edit of ${author} until ${until}${why === '' ? '' : `: ${why}`}`;
}
