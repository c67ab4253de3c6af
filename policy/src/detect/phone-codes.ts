/** National numbers have 6 to 12 digits where the table says nothing else. */
const DEFAULT = [6, 12] as const;

/** Country codes of one and two digits with the lengths of national numbers (ITU-T E.164 and the national numbering plans). */
const LENGTHS = new Map<string, readonly [number, number]>(
  '1:10-10 7:10-10 20:8-10 27:9-9 30:10-10 31:9-9 32:8-9 33:9-9 34:9-9 36:8-9 39:6-12 40:9-9 41:9-9 43:4-13 44:9-10 45:8-8 46:7-10 47:5-8 48:9-9 49:6-13 51:8-9 52:10-11 53:6-10 54:10-11 55:10-11 56:9-9 57:8-10 58:10-10 60:7-10 61:9-9 62:7-12 63:8-10 64:7-10 65:8-8 66:8-9 81:9-10 82:7-11 84:7-10 86:9-11 90:10-10 91:10-10 92:9-10 93:9-9 94:9-9 95:7-10 98:10-10'
    .split(' ')
    .map((entry) => {
      const [code, low, high] = entry.split(/[:-]/);
      return [code!, [Number(low), Number(high)]];
    }),
);
/** First two digits of the country codes of three digits. */
const THREE = new Set('21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 80 85 87 88 96 97 99'.split(' '));

/** True when the digits are a country code and a national number of a length that it has; `loose`: of any length of E.164. */
export function isInternational(digits: string, loose: boolean): boolean {
  if (digits.length < 8 || digits.length > 15) return false;
  const code = [digits.slice(0, 1), digits.slice(0, 2)].find((prefix) => LENGTHS.has(prefix));
  if (code === undefined) return THREE.has(digits.slice(0, 2)) && within(digits.length - 3, DEFAULT);
  return loose || within(digits.length - code.length, LENGTHS.get(code)!);
}

function within(length: number, [low, high]: readonly [number, number]): boolean {
  return length >= low && length <= high;
}
