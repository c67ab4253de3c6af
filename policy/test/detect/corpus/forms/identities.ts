import type { Random } from '../random.js';

/** Two times the digits from the right, every second one (ISO/IEC 7812-1 annex B). */
function checkDigit(body: string): number {
  let sum = 0;
  for (let index = 0; index < body.length; index++) {
    const digit = Number(body[body.length - 1 - index]);
    sum += index % 2 === 0 ? (digit > 4 ? 2 * digit - 9 : 2 * digit) : digit;
  }
  return (10 - (sum % 10)) % 10;
}

/** Issuers with the prefixes and lengths that generators of test data use, and how the card is printed. */
const ISSUERS: readonly (readonly [prefixes: string, length: number, groups: string])[] = [
  ['4', 16, '4444'],
  ['4', 16, '4444'],
  ['4', 13, '4333'],
  ['4', 19, '44443'],
  ['51 52 53 54 55', 16, '4444'],
  ['2221 2300 2500 2699 2720', 16, '4444'],
  ['34 37', 15, '465'],
  ['300 301 305 36 38 39', 14, '464'],
  ['6011 65 644 649', 16, '4444'],
  ['3528 3540 3589', 16, '4444'],
  ['1800 2131', 15, '465'],
  ['5018 5020 5038 5893 6304 6759 6761 6762 6763', 12, '444'],
  ['5018 5020 6304 6759', 16, '4444'],
  ['62', 16, '4444'],
  ['62', 19, '44443'],
];

/** A payment card number, bare or in the groups that are printed on the card. */
export function card(random: Random): string {
  const [prefixes, length, groups] = random.pick(ISSUERS);
  const body = random.pick(prefixes.split(' '));
  const digits = body + random.digits(length - body.length - 1);
  const number = `${digits}${checkDigit(digits)}`;
  // Generators write numbers of twelve digits without groups.
  const separator = length === 12 ? '' : random.pick(['', '', ' ', '-']);
  if (separator === '') return number;
  let at = 0;
  return [...groups].map((size) => number.slice(at, (at += Number(size)))).join(separator);
}

/** A social security number with dashes. */
export function ssn(random: Random): string {
  const area = random.pick([random.int(1, 665), random.int(667, 899)]);
  return `${String(area).padStart(3, '0')}-${String(random.int(1, 99)).padStart(2, '0')}-${String(random.int(1, 9999)).padStart(4, '0')}`;
}

/** The same as people type it into a form: bare or with spaces. Only a word says what it is. */
export function plainSsn(random: Random): string {
  return ssn(random).replaceAll('-', random.pick(['', ' ']));
}

/** Account numbers by country as the registry of ISO 13616 (SWIFT) writes their structure. */
const STRUCTURES =
  'AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BR23n1a1c BY4c4n16c CH5n12c CR18n CY8n16c CZ20n DE18n DK14n DO4c20n EE16n EG25n ES20n FI14n FO14n FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n GR7n16c GT4c20c HR17n HU24n IE4a14n IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c LI5n12c LT16n LU3n13c LV4a13c LY21n MC10n11c2n MD2c18c MK3n10c2n MR23n MT4a5n18c MU4a19n3a NL4a10n NO11n PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c RS18n SA2n18c SC4a20n3a SE20n SI15n SK20n SM1a10n12c ST21n SV4a20n TL19n TN20n TR5n17c UA6n19c VA18n VG4a16n XK16n';

/** An account number, its check digits computed by ISO 7064 mod 97-10. */
export function iban(random: Random): string {
  const structure = random.pick(STRUCTURES.split(' '));
  const country = structure.slice(0, 2);
  let bban = '';
  for (const [, count, kind] of structure.slice(2).matchAll(/(\d+)([nac])/g)) {
    for (let index = Number(count); index > 0; index--)
      bban += kind === 'n' || (kind === 'c' && random.next() < 0.8) ? random.digits(1) : random.letters(1);
  }
  const numbers = [...`${bban}${country}00`].map((sign) => parseInt(sign, 36)).join('');
  const number = `${country}${String(98n - (BigInt(numbers) % 97n)).padStart(2, '0')}${bban}`;
  const fours = number.match(/.{1,4}/g)!;
  return random.pick([
    number,
    number,
    fours.join(' '),
    fours.join(' '),
    number.toLowerCase(),
    fours.join('-'),
    fours.join(' ').toLowerCase(),
  ]);
}

const NAMES = [
  'anna',
  'omar',
  'li',
  'jean-luc',
  'svetlana',
  'o.connor',
  'maria_garcia',
  'KLAUS',
  'r2d2',
  'tj',
  'nguyen.van',
  'ada99',
];
const HOSTS = ['gmail', 'hotmail', 'smith-jones', 'acme', 'mail.acme', 'eu.west.corp', 'x', '3m', 'web-mail', '163'];
const ENDINGS = [
  'com',
  'org',
  'net',
  'biz',
  'info',
  'co.uk',
  'com.br',
  'de',
  'fr',
  'ru',
  'jp',
  'photography',
  'gov',
  'ac.in',
  'io',
];

/** An e-mail address. */
export function email(random: Random): string {
  const name = random.pick(NAMES) + random.pick(['', '', '+news', '+a.b-c', '.jr', String(random.int(1, 99))]);
  const address = `${name}@${random.pick(HOSTS)}.${random.pick(ENDINGS)}`;
  return random.next() < 0.1 ? address.toUpperCase() : address;
}

/** An IPv4 or IPv6 address (RFC 4291, RFC 5952). */
export function ip(random: Random): string {
  const octet = (): string => String(random.int(0, 255));
  const group = (): string => random.int(0, 65535).toString(16);
  const groups = (count: number): string => Array.from({ length: count }, group).join(':');
  return random.pick([
    () => [String(random.int(1, 254)), octet(), octet(), octet()].join('.'),
    () => [String(random.int(1, 223)), octet(), octet(), octet()].join('.'),
    () => `172.${random.int(16, 31)}.${octet()}.${octet()}`,
    () => groups(8),
    () => groups(8).toUpperCase(),
    () =>
      `${groups(8)
        .split(':')
        .map((part) => part.padStart(4, '0'))
        .join(':')}`,
    () => `2001:db8::${groups(random.int(1, 4))}`,
    () => `fe80::${groups(4)}`,
    () => `::ffff:${octet()}.${octet()}.${octet()}.${octet()}`,
    () => `fd${random.int(16, 255).toString(16)}:${groups(3)}::${random.int(1, 9)}`,
  ])();
}
