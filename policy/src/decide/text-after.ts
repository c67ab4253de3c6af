import { applyRedactions } from '../detect/apply-redactions.js';
import type { Decision, TextPart } from './types.js';

/** What a decision leaves of one text, redactions and finished rewrites carried out. */
export function textAfter({ path, text }: Pick<TextPart, 'path' | 'text'>, decision: Decision): string {
  const rewritten = decision.rewrites?.find((rewrite) => rewrite.path === path);
  if (rewritten !== undefined) return rewritten.text;
  const own = decision.redactions.filter((redaction) => redaction.path === path);
  return own.length === 0 ? text : applyRedactions(text, own);
}
