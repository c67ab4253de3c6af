import type { Random } from './random.js';

function luhnDigit(body: string): string {
  let sum = 0;
  [...body].reverse().forEach((digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return String((10 - (sum % 10)) % 10);
}

function grouped(digits: string, groups: readonly number[], separator: string): string {
  let at = 0;
  const parts = groups.map((size) => digits.slice(at, (at += size)));
  return [...parts, digits.slice(at)].filter((part) => part !== '').join(separator);
}

/** Cards as issuers number them and people write them. */
export function card(random: Random): string {
  const [prefix, length] = random.pick([
    ['4', 16],
    ['4', 16],
    ['4', 13],
    ['51', 16],
    ['55', 16],
    ['2221', 16],
    ['34', 15],
    ['37', 15],
    ['6011', 16],
    ['65', 16],
    ['3528', 16],
    ['36', 14],
    ['5018', 16],
    ['6304', 16],
    ['4', 19],
  ] as const);
  const body = prefix + random.digits(length - prefix.length - 1);
  const number = body + luhnDigit(body);
  const layout = length === 15 ? [4, 6, 5] : length === 14 ? [4, 6, 4] : length === 16 ? [4, 4, 4, 4] : null;
  const separator = random.pick(['', '', ' ', ' ', '-', '-', '  ', ' - ', '\u2011']);
  // Few people split sixteen digits otherwise than into four.
  if (length === 16 && separator === '-' && random.next() < 0.2)
    return grouped(
      number,
      random.pick([
        [4, 8, 4],
        [8, 8],
      ] as const),
      separator,
    );
  return layout === null || separator === '' ? number : grouped(number, layout, separator);
}

/** The same, with one digit changed so that the check fails. */
export function wrongCard(random: Random): string {
  const right = card(random);
  const digits = [...right];
  const at = digits.length - 1;
  digits[at] = String((Number(digits[at]) + random.int(1, 9)) % 10);
  return digits.join('');
}

export function ssn(random: Random): string {
  const area = random.pick([random.int(1, 665), random.int(667, 899)]);
  return [
    String(area).padStart(3, '0'),
    String(random.int(1, 99)).padStart(2, '0'),
    String(random.int(1, 9999)).padStart(4, '0'),
  ].join(random.pick(['-', '-', '-', '\u2011', '\u2013']));
}

export function wrongSsn(random: Random): string {
  return random.pick([
    () => `000-${random.fill('%#-%###')}`,
    () => `666-${random.fill('%#-%###')}`,
    () => `9${random.fill('##-%#-%###')}`,
    () => `${random.fill('1##')}-00-${random.fill('%###')}`,
    () => `${random.fill('1##-%#')}-0000`,
  ])();
}

const BBANS: readonly (readonly [string, string])[] = [
  ['DE', 'dddddddddddddddddd'],
  ['GB', 'aaaadddddddddddddd'],
  ['FR', 'ddddddddddcccccccccccdd'],
  ['ES', 'dddddddddddddddddddd'],
  ['IT', 'addddddddddcccccccccccc'],
  ['NL', 'aaaadddddddddd'],
  ['PL', 'dddddddddddddddddddddddd'],
  ['CH', 'dddddcccccccccccc'],
  ['AT', 'dddddddddddddddd'],
  ['BE', 'dddddddddddd'],
  ['SE', 'dddddddddddddddddddd'],
  ['NO', 'ddddddddddd'],
  ['PT', 'ddddddddddddddddddddd'],
  ['IE', 'aaaadddddddddddddd'],
  ['MT', 'aaaadddddcccccccccccccccccc'],
  ['DK', 'dddddddddddddd'],
  ['FI', 'dddddddddddddd'],
  ['CZ', 'dddddddddddddddddddd'],
  ['SK', 'dddddddddddddddddddd'],
  ['HU', 'dddddddddddddddddddddddd'],
  ['RO', 'aaaacccccccccccccccc'],
  ['GR', 'dddddddcccccccccccccccc'],
  ['LU', 'dddccccccccccccc'],
  ['HR', 'ddddddddddddddddd'],
  ['SI', 'ddddddddddddddd'],
  ['EE', 'dddddddddddddddd'],
  ['LV', 'aaaaccccccccccccc'],
  ['LT', 'dddddddddddddddd'],
  ['BG', 'aaaaddddddcccccccc'],
  ['CY', 'ddddddddcccccccccccccccc'],
  ['SA', 'ddcccccccccccccccccc'],
  ['AE', 'ddddddddddddddddddd'],
  ['IL', 'ddddddddddddddddddd'],
  ['BR', 'dddddddddddddddddddddddac'],
  ['KW', 'aaaacccccccccccccccccccccc'],
  ['QA', 'aaaaccccccccccccccccccccc'],
  ['PK', 'aaaacccccccccccccccc'],
  ['GE', 'aadddddddddddddddd'],
  ['MC', 'ddddddddddcccccccccccdd'],
];

export function iban(random: Random): string {
  const [country, form] = random.pick(BBANS);
  const bban = [...form]
    .map((kind) =>
      kind === 'd' ? random.digits(1) : kind === 'a' ? random.letters(1) : random.pick([...'0123456789ABCDEFGHIJ']),
    )
    .join('');
  const numeric = [...`${bban}${country}00`].map((sign) => parseInt(sign, 36)).join('');
  const check = String(98 - Number(BigInt(numeric) % 97n)).padStart(2, '0');
  const number = country + check + bban;
  const inFours = (separator: string): string => number.replace(/(.{4})(?=.)/g, `$1${separator}`);
  return random.pick([number, number, inFours(' '), inFours(' '), inFours('-'), inFours('  '), number.toLowerCase()]);
}

export function wrongIban(random: Random): string {
  const right = iban(random);
  const check = (Number(right.slice(2, 4)) + random.int(1, 90)) % 97;
  return (
    right.slice(0, 2) +
    String(check === Number(right.slice(2, 4)) ? check + 1 : check).padStart(2, '0') +
    right.slice(4)
  );
}

export function email(random: Random): string {
  const name = random.pick([
    'jane',
    'john.doe',
    'j.smith',
    'marta_k',
    'o.brien',
    'anna-lena',
    'x',
    'first.last+tag',
    'info',
    'a.b.c',
    'user%dept',
    'kim99',
    'QA_Team',
    "o'neil",
  ]);
  const host = random.pick([
    'example',
    'mail.example',
    'my-company',
    'sub.domain',
    'test',
    'a1b2',
    'xn--bcher-kva',
    'uni-koeln',
    'grupo.empresa',
  ]);
  const tld = random.pick([
    'com',
    'org',
    'net',
    'co.uk',
    'de',
    'fr',
    'io',
    'info',
    'museum',
    'com.au',
    'pl',
    'it',
    'edu',
    'travel',
  ]);
  const local = `${name}${random.pick(['', '', String(random.int(1, 999))])}`;
  if (random.next() < 0.03) return `"${local}"@${host}.${tld}`;
  if (random.next() < 0.03) return `${local}@[192.0.2.${random.int(0, 255)}]`;
  return `${local}@${host}.${tld}`;
}

export function ip(random: Random): string {
  const octet = (): number => random.int(0, 255);
  const hex = (): string => random.int(0, 65535).toString(16);
  return random.pick([
    () => [random.int(1, 255), octet(), octet(), octet()].join('.'),
    () => [10, octet(), octet(), octet()].join('.'),
    () => ['192.168', octet(), octet()].join('.'),
    () => Array.from({ length: 8 }, hex).join(':'),
    () => `2001:db8::${hex()}:${hex()}`,
    () => `fe80::${hex()}:${hex()}:${random.int(1, 9)}`,
    () => '::1',
    () => `::ffff:192.0.2.${octet()}`,
    () => `2001:db8:${hex()}:${hex()}::`,
    () => Array.from({ length: 8 }, hex).join(':').toUpperCase(),
  ])();
}

/** Formats of telephone numbers by country, with how libraries that make test data write them. */
const PHONES = {
  us: [
    '(~~~) ~##-####',
    '~~~-~##-####',
    '~~~.~##.####',
    '+1 ~~~ ~## ####',
    '+1-~~~-~##-####',
    '1-~~~-~##-####',
    '001-~~~-~##-####',
    '+1(~~~)~##-####',
    '(~~~)~##-####',
    '~~~-~##-####x~##',
    '+1-~~~-~##-####x#####',
    '001-~~~-~##-####x####',
    '(~~~)~##-####x###',
    '~~~~######',
    '+1~~~~######',
    '~~~.~##.####x####',
    '~~~ ~## ####',
    '1 (~~~) ~##-####',
    '(###) ###-####',
    '###-###-####',
    '+1 (~~~) ~##-#### ext. ###',
  ],
  uk: [
    '+44 20 7946 0###',
    '020 7946 0###',
    '+44(0)1### ######',
    '(01###) ######',
    '01### ######',
    '+44 7### ######',
    '07### ######',
    '07#########',
    '0044 20 7946 0###',
    '+44 (0)20 7946 ####',
    '(0131) 496 0###',
    '0131 496 0###',
    '+441##########'.slice(0, 13),
  ],
  de: [
    '+49 30 ########'.slice(0, 14),
    '+49 (0)30 ######',
    '030 ########'.slice(0, 11),
    '030/#######',
    '+49 151 ########',
    '0151 ########',
    '(030) #######',
    '+49(0)#########',
    '089-#######',
    '+4930#######',
  ],
  fr: [
    '01 ## ## ## ##',
    '+33 1 ## ## ## ##',
    '+33 (0)6 ## ## ## ##',
    '06.##.##.##.##',
    '06########',
    '+336########',
    '0033 1 ## ## ## ##',
    '02-##-##-##-##',
  ],
  es: [
    '+34 6## ### ###',
    '6## ### ###',
    '+34 91 ### ## ##',
    '91 ### ## ##',
    '+34 9## ## ## ##',
    '9## ## ## ##',
    '+346########',
  ],
  it: ['+39 06 ########', '06 ########', '+39 3## #######', '+39 3## ### ####', '3## #######', '02-########'],
  nl: ['+31 6 ########', '06-########', '020-#######', '+31 (0)20 #######', '(020) #######', '+31(0)########~'],
  pl: ['+48 5## ### ###', '5## ### ###', '+48 22 ### ## ##', '(22) ### ## ##', '+48 6########'],
  in: ['+91 9#### #####', '+91-98########', '9#### #####', '098########', '+9198########', '98########'],
  jp: ['+81 3-####-####', '03-####-####', '090-####-####', '+81 90 #### ####'],
  br: ['+55 11 9####-####', '(11) 9####-####', '(21) 2###-####', '+55 (11) 9####-####'],
  cn: ['+86 138 #### ####', '138 #### ####', '+86 10 6### ####'],
  ru: ['+7 495 ###-##-##', '8 (495) ###-##-##', '+7 (916) ###-##-##', '+7 916 ### ## ##'],
  ch: ['+41 44 ### ## ##', '044 ### ## ##', '079 ### ## ##', '+41 79 ### ## ##'],
  se: ['+46 8 ### ### ##', '08-### ### ##', '070-### ## ##', '+46 70 ### ## ##'],
  za: ['+27 21 ### ####', '021 ### ####', '082 ### ####'],
  mx: ['+52 55 1### ####', '55 1### ####', '+52 (55) 1### ####'],
  au: [
    '(02) 5550 ####',
    '0491 570 ###',
    '+61 2 5550 ####',
    '+61 491 570 ###',
    '02-5550-####',
    '+61.2.5550.####',
    '1300 975 ###',
  ],
} as const;

/** A telephone number, and whether it can be told from other numbers without a word beside it. */
export function phone(random: Random): string {
  return random.fill(random.pick(PHONES[random.pick(Object.keys(PHONES) as (keyof typeof PHONES)[])]));
}
