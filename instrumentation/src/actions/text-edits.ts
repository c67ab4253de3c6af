import type { Decision, Redaction } from '@guardspan/policy/runtime';

/** One stretch of a text that gets another text; see {@link Redaction}. */
export type TextEdit = Pick<Redaction, 'path' | 'start' | 'end' | 'replacement'>;

/** What a decision changes in texts. A text that was rewritten is exchanged as a whole, and holds its redactions already. */
export function editsOf({ redactions, rewrites }: Decision): readonly TextEdit[] {
  if (rewrites === undefined) return redactions;
  const rewritten = new Set(rewrites.map(({ path }) => path));
  return [
    ...redactions.filter(({ path }) => !rewritten.has(path)),
    ...rewrites.map(({ path, text }) => ({ path, start: 0, end: Infinity, replacement: text })),
  ];
}
