import { isDigitCode, isWordCode } from './boundary.js';
import { ContextWords } from './context-words.js';
import { phoneScore } from './phone-rules.js';
import type { Subject } from './subject.js';
import type { EntityDetector, Emit } from './types.js';

const CONTEXT = [
  'phone*',
  'telephone*',
  'tel',
  'telefon*',
  'teléfono',
  'telefono',
  'téléphone',
  'télephone',
  'teléfonos',
  'telefoon*',
  'telefoonnummer',
  'mobile',
  'mobil*',
  'móvil',
  'cellulare',
  'cell',
  'cellphone',
  'cel',
  'celular',
  'portable',
  'handy*',
  'handynummer',
  'komórka',
  'komórkowy',
  'call',
  'calls',
  'called',
  'calling',
  'dial',
  'ring',
  'reach',
  'reached',
  'text',
  'texted',
  'sms',
  'whatsapp',
  'signal',
  'telegram',
  'fax',
  'faks',
  'contact',
  'hotline',
  'helpline',
  'landline',
  'voicemail',
  'pager',
  'my number',
  'his number',
  'her number',
  'your number',
  'our number',
  'their number',
  'ext',
  'appelez',
  'appeler',
  'joindre',
  'llame',
  'llamar',
  'llámame',
  'chiamare',
  'chiamami',
  'anrufen',
  'erreichbar',
  'erreichen',
  'rufen',
  'ruf',
  'rufnummer',
  'bel',
  'bellen',
  'zadzwoń',
  'zadzwonić',
  'ligue',
  'numéro',
  'dzwoń',
  'nr tel',
  'ph',
  'mob',
  '电话',
  '電話',
  '手机',
];
const AGAINST = [
  'order*',
  'invoice*',
  'tracking',
  'ref',
  'reference',
  'account*',
  'acct',
  'isbn*',
  'issn',
  'sku',
  'serial',
  'part no',
  'model',
  'version',
  'ticket',
  'case',
  'id',
  'ids',
  'uuid',
  'timestamp',
  'epoch',
  'batch',
  'lot',
  'vat',
  'tax',
  'receipt',
  'transaction',
  'confirmation',
  'booking',
  'shipment',
  'parcel',
  'policy',
  'claim',
  'patent',
  'doi',
  'upc',
  'ean',
  'gtin',
  'asin',
  'imei',
  'routing',
  'iban',
  'card',
  'ssn',
  'passport',
  'license',
  'licence',
  'population',
  'total',
  'amount',
  'price',
  'usd',
  'eur',
  'gbp',
  'pin',
  'code',
  'coordinates',
  'lat',
  'lon',
  'size',
  'bytes',
  'pid',
  'seq',
  'row',
  'record',
  'member',
  'customer no',
  'bestell*',
  'bestellung',
  'auftrag*',
  'rechnung*',
  'kundennummer',
  'sendung*',
  'commande',
  'facture',
  'colis',
  'dossier',
  'pedido',
  'factura',
  'envío',
  'ordine',
  'fattura',
  'spedizione',
  'bestelnummer',
  'factuur',
  'zamówienie',
  'zamówienia',
  'faktura',
  'faktury',
  'nip',
  'pesel',
  'bsn',
  'siret',
  'siren',
  'npi',
  'nhs',
  'tfn',
  'abn',
  'acn',
  'medicare',
  'aadhaar',
  'steuernummer',
  'product',
  'item',
  'article',
  'artikel*',
  'build',
  'commit',
  'port',
];
const WORDS = new ContextWords(CONTEXT);
const OTHER = new ContextWords(AGAINST);

/** Characters between a word and the number that it speaks for. */
const REACH = 32;
const MAX_GROUPS = 7;
const MAX_DIGITS = 17;
const MAX_NATIONAL = 12;
const EXTENSION = /(?: ?(?:x|ext\.?|extension|durchwahl|poste|int\.?|#) ?\d{1,6})(?!\w)/iy;

/** Where a number may begin: `start` counts `+`, `(` or `(+` in. -1: it may not. */
function opening(
  subject: Subject,
  group: number,
  first: boolean,
): { start: number; plus: boolean; open: boolean } | null {
  const { text, groupStart, groupEnd } = subject;
  let start = groupStart[group]!;
  let plus = false;
  let open = false;
  if (text.charCodeAt(start - 1) === 40) {
    open = true;
    start--;
    if (text.charCodeAt(start - 1) === 43) {
      plus = true;
      start--;
    }
  } else if (text.charCodeAt(start - 1) === 43) {
    plus = true;
    start--;
    if (text.charCodeAt(start - 1) === 40) {
      open = true;
      start--;
    }
  }
  // `(555) 123`, and not `(555 123)`.
  if (open && text.charCodeAt(groupEnd[group]!) !== 41) {
    open = false;
    start++;
  }
  if (!first && start === groupEnd[group - 1]!) return null;
  const before = text.charCodeAt(start - 1);
  if (isWordCode(before)) return null;
  if (first) return '.-/#$€£%&+'.includes(text.charAt(start - 1)) && start > 0 ? null : { start, plus, open };
  // Inside a cluster a number begins after a space, or as the second one of two with a slash.
  return before === 32 || before === 0xa0 || before === 47 || before === 40 ? { start, plus, open } : null;
}

function closing(subject: Subject, group: number, last: boolean): boolean {
  const { text, groupStart, groupEnd } = subject;
  const end = groupEnd[group]!;
  if (last) {
    const after = text.charCodeAt(end);
    return !isWordCode(after) || (after | 32) === 120 || (after | 32) === 101;
  }
  const code = text.charCodeAt(end);
  if (code === 32 || code === 0xa0) return true;
  return groupStart[group + 1]! - end > 1 && (code === 47 || code === 41 || code === 46);
}

/** Telephone numbers as people in many countries write them, national and international (ITU-T E.164), with extension. */
function locate(subject: Subject, emit: Emit): void {
  const { clusters } = subject;
  for (let cluster = 0; cluster + 1 < clusters.length; cluster++) {
    const [from, to] = [clusters[cluster]!, clusters[cluster + 1]!];
    for (let first = from; first < to; first++) {
      const opened = opening(subject, first, first === from);
      if (opened === null) continue;
      first = longest(subject, { ...opened, first, from, to }, emit);
    }
  }
}

interface Begin {
  start: number;
  plus: boolean;
  open: boolean;
  first: number;
  from: number;
  to: number;
}

/** Emits the longest number that begins at a group; gives the last group that it took, or the first one when there is none. */
function longest(subject: Subject, begin: Begin, emit: Emit): number {
  const { text, groupStart, groupEnd } = subject;
  const { first, from, to } = begin;
  const limit = Math.min(to, first + MAX_GROUPS);
  const crowded = !begin.plus && !begin.open && tied(subject, begin.start - 1, -1);
  let digits = 0;
  let end = first;
  // First group that something else than a space stands before; up to there a number among numbers is not looked at.
  let mixed = limit;
  for (; end < limit; end++) {
    const size = groupEnd[end]! - groupStart[end]!;
    if (digits + size > MAX_DIGITS) break;
    digits += size;
    if (mixed === limit && end > first && !isSpaced(subject, end)) mixed = end;
  }
  for (let last = end - 1; last >= first; digits -= groupEnd[last]! - groupStart[last]!, last--) {
    if (digits < 7 || (crowded && last < mixed)) break;
    if (!closing(subject, last, last + 1 === to)) continue;
    // Without a prefix for abroad, a national number has 12 digits at most.
    if (digits > MAX_NATIONAL && !begin.plus && text.charCodeAt(groupStart[first]!) !== 48) continue;
    const score = judge(subject, begin, last);
    if (score === 0) continue;
    EXTENSION.lastIndex = groupEnd[last]!;
    const extended = EXTENSION.test(text) ? EXTENSION.lastIndex : groupEnd[last]!;
    // Parentheses around the whole number are the sentence's.
    emit(begin.open && last === first ? begin.start + 1 : begin.start, extended, score);
    // An extension is a group of its own when it stands after a space.
    while (last + 1 < to && groupStart[last + 1]! < extended) last++;
    return Math.max(last, from);
  }
  return first;
}

/** True when a single space stands before a group. */
function isSpaced({ text, groupStart, groupEnd }: Subject, group: number): boolean {
  const at = groupEnd[group - 1]!;
  return groupStart[group]! - at === 1 && isSpace(text.charCodeAt(at));
}

function isSpace(code: number): boolean {
  return code === 32 || code === 0xa0 || code === 0x202f;
}

/** What may stand between groups when it is more than one character. */
const SEPARATOR = /^(?: ?[-./\u2010-\u2013] ?|\)[-. /]?|[-. ]?\(|\) \(|\) - ?|\)\()$/;

function judge(subject: Subject, { start, plus, open, first }: Begin, last: number): number {
  const { text, groupStart, groupEnd } = subject;
  let digits = '';
  const groups: number[] = [];
  let spaces = true;
  let parentheses = open;
  for (let group = first; group <= last; group++) {
    const [at, end] = [groupStart[group]!, groupEnd[group]!];
    if (group > first) {
      const code = text.charCodeAt(groupEnd[group - 1]!);
      if (at - groupEnd[group - 1]! === 1) {
        if (code === 43) return 0;
        if (!isSpace(code)) spaces = false;
        if (code === 40) parentheses = true;
        else if (code === 41 && !parentheses) return 0;
      } else {
        const separator = text.slice(groupEnd[group - 1]!, at);
        if (!SEPARATOR.test(separator)) return 0;
        spaces = false;
        if (separator.endsWith('(')) parentheses = true;
        else if (separator.includes(')') && !parentheses) return 0;
      }
      // The trunk prefix in `+44 (0)20` is not dialled from abroad.
      const trunk = plus && end - at === 1 && text.charCodeAt(at) === 48 && text.charCodeAt(end) === 41;
      if (trunk && text.charCodeAt(at - 1) === 40) continue;
      groups.push(end - at);
    } else {
      groups.push(end - at);
    }
    digits += text.slice(at, end);
  }
  return phoneScore({
    digits,
    groups,
    plus,
    parentheses,
    spaces: spaces && !plus,
    crowded: spaces && (tied(subject, start - 1, -1) || tied(subject, groupEnd[last]!, 1)),
    decimal: last === first + 1 && text.charCodeAt(groupEnd[first]!) === 46,
    get says() {
      return said(subject, start, plus);
    },
  });
}

/** True when nothing but a space stands between the number and another one. */
function tied({ text }: Subject, at: number, step: number): boolean {
  const code = text.charCodeAt(at);
  return (code === 32 || code === 0xa0) && isDigitCode(text.charCodeAt(at + step));
}

function said({ text }: Subject, start: number, plus: boolean): 'phone' | 'other' | 'nothing' {
  if (plus) return 'nothing';
  const phone = WORDS.before(text, start);
  const other = OTHER.before(text, start);
  if (Math.min(phone, other) > REACH) return 'nothing';
  return phone <= other ? 'phone' : 'other';
}

export const phone: EntityDetector = {
  entity: 'phone',
  about: 'telephone number, national or international (E.164), with extension; bare digits by context words',
  trigger: 'number',
  pattern:
    '\\(?\\+?\\(?\\d(?:[ \\-.()/+\u00a0\u202f\u2010-\u2013]{0,4}\\d){6,30}(?: ?(?:[xX#]|[eE][xX][tT]\\.?|[eE]xtension|[dD]urchwahl|[pP]oste|[iI]nt\\.?) ?\\d{1,6})?',
  score: 0.6,
  maxLength: 80,
  context: CONTEXT,
  locate,
  positives: [
    'call +1 415 555 0132',
    '+442079460958',
    '(415) 555-0132',
    '020 7946 0958',
    '001-202-555-0143x1234',
    '202.555.0143',
    '(02) 5550 1234',
    'phone 2025550143',
    '+49 (0)30 901820',
    '+1-202-555-0143 ext. 12',
  ],
  negatives: [
    '2026-11-23 10:00',
    '192.168.100.100',
    '4111 1111 1111 1111',
    'order 12345',
    '3.14159',
    'order 2025550143',
    '05.11.2023 10',
    '978-3-16-148410-0',
    '123e4567-e89b-12d3-a456-426614174000',
    '000-12-3456',
  ],
};
