const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const ISO =
  /^(\d{4})([-/]?)(\d{2})\2(\d{2})(?:[T ]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?)? ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;
/** What a token of a format stands for. Longer ones are looked for first. */
const TOKENS: readonly (readonly [token: string, pattern: string])[] = [
  ['YYYY', '(?<YYYY>\\d{4})'],
  ['MMMM', '(?<MMM>[A-Za-z]{3,9})'],
  ['MMM', '(?<MMM>[A-Za-z]{3})'],
  ['SSS', '(?<SSS>\\d{1,9})'],
  ['YY', '(?<YY>\\d{2})'],
  ['MM', '(?<MM>\\d{1,2})'],
  ['DD', '(?<DD>\\d{1,2})'],
  ['HH', '(?<HH>\\d{1,2})'],
  ['hh', '(?<hh>\\d{1,2})'],
  ['mm', '(?<mm>\\d{2})'],
  ['ss', '(?<ss>\\d{2})'],
  ['A', '(?<A>[AaPp]\\.?[Mm]\\.?)'],
  ['Z', '(?<Z>Z|UTC|[+-]\\d{2}:?\\d{2})'],
];
const TOKEN = new RegExp(TOKENS.map(([token]) => token).join('|'), 'g');

/**
 * Seconds from epoch of an ISO 8601 date or time, also without hyphens, with slashes or with a space for the `T`; NaN when it is none. Without a zone it is UTC, so that a replay
 * says the same everywhere.
 */
export function readIso(raw: string): number {
  const found = ISO.exec(raw.trim());
  if (found === null) return NaN;
  const [, year, , month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = ''] = found;
  return momentOf(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    fraction,
    zone,
  );
}

/** Reads times of a format; the tokens are those of {@link TOKENS}, everything else stands for itself. Undefined when the format has no year, month and day. */
export function formatReader(format: string): ((raw: string) => number) | undefined {
  const seen = new Set<string>();
  let twice = false;
  const source = format
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\s+/g, '\\s+')
    .replace(TOKEN, (token, offset: number, whole: string) => {
      if (whole[offset - 1] === '\\') return token;
      const [, pattern] = TOKENS.find(([known]) => known === token)!;
      const name = token === 'MMMM' ? 'MMM' : token;
      twice ||= seen.has(name);
      seen.add(name);
      return pattern;
    });
  const dated = (seen.has('YYYY') || seen.has('YY')) && (seen.has('MM') || seen.has('MMM')) && seen.has('DD');
  if (twice || !dated) return undefined;
  const pattern = new RegExp(`^${source}$`);
  return (raw) => {
    const parts = pattern.exec(raw.trim())?.groups;
    if (parts === undefined) return NaN;
    const year = parts['YYYY'] === undefined ? 2000 + Number(parts['YY']) : Number(parts['YYYY']);
    const month =
      parts['MMM'] === undefined ? Number(parts['MM']) : MONTHS.indexOf(parts['MMM'].slice(0, 3).toLowerCase()) + 1;
    let hour = Number(parts['HH'] ?? parts['hh'] ?? '0');
    if (parts['A'] !== undefined) hour = (hour % 12) + (/^p/i.test(parts['A']) ? 12 : 0);
    const { DD, mm = '0', ss = '0', SSS = '', Z = '' } = parts;
    return momentOf(year, month, Number(DD), hour, Number(mm), Number(ss), SSS, Z);
  };
}

/** The format that a time which is not ISO seems to have, for a hint; empty when it cannot be told. */
export function guessFormat(raw: string): string {
  const found = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?/.exec(raw.trim());
  if (found === null) return '';
  const [, first, mark, second, year, clock = ''] = found;
  const monthFirst = Number(second) > 12 || (mark === '/' && Number(first) <= 12);
  const date = [monthFirst ? 'MM' : 'DD', monthFirst ? 'DD' : 'MM', year!.length === 4 ? 'YYYY' : 'YY'].join(mark);
  return clock === '' ? date : `${date} ${clock.length > 5 ? 'HH:mm:ss' : 'HH:mm'}`;
}

/** NaN for what no calendar has, such as 30 February. */
function momentOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  fraction: string,
  zone: string,
): number {
  const midnight = Date.UTC(year, month - 1, day) / 1000;
  const date = new Date(midnight * 1000);
  const real = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  // 24:00 is the end of a day, and 60 a leap second.
  if (!real || hour > 24 || minute > 59 || second > 60) return NaN;
  const shift = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  const offset =
    shift === null ? 0 : (shift[1] === '-' ? -1 : 1) * (Number(shift[2]) * 3600 + Number(shift[3] ?? '0') * 60);
  return midnight + hour * 3600 + minute * 60 + second + (fraction === '' ? 0 : Number(`0.${fraction}`)) - offset;
}
