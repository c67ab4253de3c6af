/** Signs between fields that are looked for. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** The sign that a table's header is cut by: the one that is there most often outside of quotes; a comma where there is none. */
export function detectDelimiter(text: string): Delimiter {
  const counts = new Map<string, number>();
  let quoted = false;
  let begun = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]!;
    if (sign === '"') quoted = !quoted;
    else if ((sign === '\n' || sign === '\r') && !quoted) {
      if (begun) break;
    } else {
      begun ||= sign !== '\ufeff';
      if (!quoted) counts.set(sign, (counts.get(sign) ?? 0) + 1);
    }
  }
  return DELIMITERS.reduce((best, sign) => ((counts.get(sign) ?? 0) > (counts.get(best) ?? 0) ? sign : best));
}
