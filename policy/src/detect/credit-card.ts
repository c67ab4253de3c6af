import { codeAt, isDigitCode } from './boundary.js';
import { luhnAt } from './checksum/luhn.js';
import { layoutPattern } from './layout-trie.js';
import { twoDigits } from './two-digits.js';
import { ContextWords } from './context-words.js';
import type { EntityDetector } from './types.js';

const LAYOUTS = [
  [12],
  [13],
  [14],
  [15],
  [16],
  [18],
  [19],
  [8, 8],
  [4, 8, 4],
  [4, 4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
  [4, 3, 3, 3],
  [4, 4, 4, 2],
  [4, 4, 4, 3],
  [4, 4, 4, 4, 2],
  [4, 4, 4, 4, 3],
] as const;
const SEPARATORS = ' -.\u00a0\u202f\u2010\u2011\u2013';

/** A set of lengths: bit 16 for sixteen digits. */
const lengths = (...list: number[]): number => list.reduce((set, length) => set | (1 << length), 0);
const NONE = 0;
const SIXTEEN = lengths(16);
const FIFTEEN = lengths(15);
const VISA = lengths(13, 16, 19);
const DINERS = lengths(14, 16);
const DISCOVER = lengths(16, 19);
const UNION = lengths(16, 18, 19);
const TWELVE = lengths(12);
const MAESTRO = lengths(13, 14, 15, 16, 18, 19);

/** Lengths that an issuer range uses, by its first four digits (ISO/IEC 7812-1; ranges as the issuers publish them). */
function lengthsOf(four: number): number {
  const two = Math.floor(four / 100);
  if (two >= 40 && two <= 49) return VISA;
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return SIXTEEN;
  if (two === 34 || two === 37) return FIFTEEN;
  if (four >= 3528 && four <= 3589) return DISCOVER;
  if (four === 1800 || four === 2131) return FIFTEEN;
  if ((four >= 3000 && four <= 3059) || four === 3095 || two === 36 || two === 38 || two === 39) return DINERS;
  if (four === 6011 || two === 65 || (four >= 6440 && four <= 6499)) return DISCOVER;
  if (two === 62 || four === 8171) return UNION;
  if (two === 50 || (two >= 56 && two <= 58) || two === 60 || two === 63 || two === 67)
    return two === 60 || (two === 50 && four > 5038) ? MAESTRO : MAESTRO | TWELVE;
  if (four === 604) return TWELVE;
  // Not assigned, and what generators of test data take for JCB.
  if (two === 35) return SIXTEEN;
  if (four >= 2200 && four <= 2204) return SIXTEEN;
  return NONE;
}

function digitsBetween(units: Uint16Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (isDigitCode(units[at]!)) count++;
  return count;
}

/** Words right before bare numbers that are no cards though they have as many digits. */
const ARTICLES = new ContextWords([
  'ean*',
  'gtin*',
  'upc*',
  'isbn*',
  'barcode',
  'tracking',
  'parcel',
  'shipment',
  'aadhaar',
]);

const CONTEXT = [
  'card',
  'visa',
  'mastercard',
  'amex',
  'discover',
  'maestro',
  'cc',
  'pan',
  'kreditkarte',
  'carte',
  'tarjeta',
];
const SAYS_CARD = new ContextWords(CONTEXT);

const REACH = 20;
/** Words right before numbers in groups of four that are keys of products. */
const KEYS = new ContextWords([
  'serial*',
  'license',
  'licence',
  'key',
  'activation',
  'voucher',
  'coupon',
  'seriennummer',
]);
/** Words before numbers that a business counts up; a bare number of twelve digits is one of those more often than a card. */
const COUNTED = new ContextWords([
  'order*',
  'invoice*',
  'ticket*',
  'ref',
  'reference',
  'transaction*',
  'case',
  'id',
  'customer',
  'account*',
  'bestell*',
  'rechnung*',
  'commande',
  'pedido',
  'ordine',
]);

/** First two digits of all issuer ranges. */
const BEGINS = twoDigits((two) => /^(?:4|5[0-8]|2[2-7]|3[04-9]|18|21|6[0-7]|8[12]|9|6$)/.test(String(two)));

/** Payment card numbers, by issuer range, length and Luhn's check. */
export const creditCard: EntityDetector = {
  entity: 'credit_card',
  about: 'payment card number: issuer range, length and Luhn (ISO/IEC 7812)',
  trigger: 'number',
  layouts: LAYOUTS,
  begins: BEGINS,
  separators: SEPARATORS,
  wide: true,
  pattern: layoutPattern(LAYOUTS, SEPARATORS, true),
  score: 0.3,
  context: CONTEXT,
  // Nineteen digits, four separators of three characters.
  maxLength: 31,
  validate: ({ subject, start, end }) => {
    const { units } = subject;
    // Read in place: numbers in groups of four come here often, and few are cards.
    const separator = codeAt(units, start + 4);
    const bare = isDigitCode(separator) && isDigitCode(codeAt(units, start + 8));
    const digits = bare ? end - start : digitsBetween(units, start, end);
    // Decimals and versions are written with dots too; only the plain layout of four groups is not.
    if (separator === 46 && digits !== 16) return false;
    let four = 0;
    for (let at = start; at < start + 4; at++) four = four * 10 + units[at]! - 48;
    // No issuer's number is one digit over and over, so that needs no look.
    const known = (lengthsOf(four) & (1 << digits)) !== 0;
    // Numbers of national schemes (RuPay 81 and 82, Prostir 9): as good as any other number, so a word has to say it.
    const named = digits === 16 && (four >= 9000 || (four >= 8100 && four < 8300));
    if ((!known && !named) || !luhnAt(units, start, end)) return false;
    if (!known && SAYS_CARD.before(subject.near(start), REACH) === Infinity) return false;
    const near = subject.near(start);
    if (KEYS.before(near, REACH) !== Infinity) return false;
    if (!bare) return true;
    return ARTICLES.before(near, REACH) === Infinity && (digits > 12 || COUNTED.before(near, REACH) === Infinity);
  },
  positives: [
    '4111 1111 1111 1111',
    'card 5500-0000-0000-0004.',
    '378282246310005',
    '501830556582',
    'Visa/4111111111111111',
    'card-4111-1111-1111-1111',
    'Visa4111111111111111',
    'card_4111 1111 1111 1111',
    'card 9573505008697027',
    '3782 822463 10005',
    '4222222222222',
    '3530-11133330-0000',
    '41111111 11111111',
    '4111  1111  1111  1111',
    '4111 - 1111 - 1111 - 1111',
    '4111\u20111111\u20111111\u20111111',
  ],
  negatives: [
    '4111 1111 1111 1112',
    '1234567890123456',
    'x4111111111111111',
    'order-4111111111111111',
    'order4111111111111111',
    'postcard4111111111111111',
    '0000 0000 0000 0000',
    '4111-1111 1111-1111',
    '4111  1111 1111  1111',
    '4111 -1111 -1111 -1111',
    '4111   1111   1111   1111',
    'EAN 4091457302839',
    'order #573666340761',
    'license key 5789-2860-7218-9088',
    'serial number 4900-8282-1159-4442',
    '9573505008697027',
    'tracking number 346884846248201',
  ],
};
