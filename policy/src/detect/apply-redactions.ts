import type { Redaction } from '../decide/types.js';

/** Replaces the redactions of one text. Overlapping redactions are merged; the one that starts first gives the replacement. */
export function applyRedactions(
  text: string,
  redactions: readonly Pick<Redaction, 'start' | 'end' | 'replacement'>[],
): string {
  const ordered = [...redactions].sort((a, b) => a.start - b.start || b.end - a.end);
  let result = '';
  let position = 0;
  for (const { start, end, replacement } of ordered) {
    if (start >= position) {
      result += text.slice(position, start) + replacement;
      position = end;
    } else if (end > position) {
      position = end;
    }
  }
  return result + text.slice(position);
}
