/** National numbers have 6 to 12 digits where the table says nothing else. */
const DEFAULT_LEAST = 6;
const DEFAULT_MOST = 12;

/** Least and most digits of national numbers by country code of one or two digits (ITU-T E.164 and the national numbering plans); 0 for none. */
const LEAST = new Uint8Array(100);
const MOST = new Uint8Array(100);
const TABLE =
  '1:10-10 7:10-10 20:8-10 27:9-9 30:10-10 31:9-9 32:8-9 33:9-9 34:9-9 36:8-9 39:6-12 40:9-9 41:9-9 43:4-13 44:9-10 45:8-8 46:7-10 47:5-8 48:9-9 49:6-13 51:8-9 52:10-11 53:6-10 54:10-11 55:10-11 56:9-9 57:8-10 58:10-10 60:7-10 61:9-9 62:7-12 63:8-10 64:7-10 65:8-8 66:8-9 81:9-10 82:7-11 84:7-10 86:9-11 90:10-10 91:10-10 92:9-10 93:9-9 94:9-9 95:7-10 98:10-10';
for (const entry of TABLE.split(' ')) {
  const [code, least, most] = entry.split(/[:-]/).map(Number);
  LEAST[code!] = least!;
  MOST[code!] = most!;
}
/** First two digits of the country codes of three digits. */
const THREE = new Uint8Array(100);
for (const two of '21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 80 85 87 88 96 97 99'.split(' '))
  THREE[Number(two)] = 1;

/**
 * True when the digits from `from` to `to` (exclusive) are a country code and a national number of a length that it has; `loose`: of any length of E.164.
 * `digits` holds values, not characters.
 */
export function isInternational(digits: Uint8Array, from: number, to: number, loose: boolean): boolean {
  const length = to - from;
  if (length < 8 || length > 15) return false;
  const one = digits[from]!;
  const two = one * 10 + digits[from + 1]!;
  const code = one > 0 && LEAST[one]! > 0 ? one : one > 0 && LEAST[two]! > 0 ? two : 0;
  if (code === 0) return THREE[two] === 1 && length - 3 >= DEFAULT_LEAST && length - 3 <= DEFAULT_MOST;
  const national = length - (code < 10 ? 1 : 2);
  return loose || (national >= LEAST[code]! && national <= MOST[code]!);
}
