import type { EntityDetector } from '@guardspan/policy/runtime';

const SENTENCES = [
  'The committee met on Tuesday to look at the plans for the new library, and nobody was in a hurry to leave.',
  'In 2024 we sold 1,250 units, which is 12.5% more than in the year before; the rest went into storage.',
  'She asked whether the train at 10:45 would stop in the old town, because the map did not say so.',
  'Please send the draft to the editor before the end of the week - a short note is enough.',
  "It isn't clear who wrote the first version, but the second one (from March 3) reads much better.",
  'A well-known recipe asks for 250 grams of flour, two eggs and a pinch of salt; bake it for 35 minutes.',
];

/** Prose of a length, with the numbers, times and dashes that prose has, and nothing to find in it. */
export function prose(length: number): string {
  let text = '';
  for (let index = 0; text.length < length; index++) text += `${SENTENCES[index % SENTENCES.length]!} `;
  return text.slice(0, length);
}

const filled = (piece: string, length: number): string =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** Texts that were made to be slow: one character, and near-misses of each entity, without end. */
export function adversarial(length: number): Record<string, string> {
  const pieces: Record<string, string> = {
    a: 'a',
    '1': '1',
    '@': '@',
    ':': ':',
    '-': '-',
    '.': '.',
    '(': '(',
    '+': '+',
    x: 'x',
    space: ' ',
    '1 ': '1 ',
    '1.': '1.',
    '1-': '1-',
    a1: 'a1',
    'A1 ': 'A1 ',
    '1a-': '1a-',
    '::': '::',
    'a:': 'a:',
    '12 34': '12 34 ',
    '123-': '123-',
    '1234 ': '1234 ',
    '123 4567': '123 4567 ',
    'email without ending': 'jane@example ',
    'email chain': 'a@b@c.d',
    'email labels': 'a@b.',
    'email local part': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@',
    'card with a wrong digit': '4111 1111 1111 1112 ',
    'bare card': '4111111111111112 ',
    'account with a wrong digit': 'GB82 WEST 1234 5698 7654 33 ',
    'account begun': 'GB82 ',
    'account of letters': 'GB82WEST',
    'ssn of no area': '000-12-3456 ',
    'bare ssn': '536904399 ',
    'phone-like': '12-345-6789 ',
    'phone with word': 'call 12345 ',
    'phone begun': '+1 (',
    'bare phone': '1234567890 ',
    phones: '555-123-456 ',
    'address of 5': '1.2.3.4.5 ',
    'address too large': '256.256.256.256 ',
    version: 'version 1.2.3.4 ',
    'v6 begun': '2001:db8:',
    'v6 too long': '1:2:3:4:5:6:7:8:9 ',
    'v6 of letters': 'fe80::zz ',
    'mac of 5': '00:1A:2B:3C:4D ',
    'url begun': 'http:// ',
    userinfo: 'a://b:c@',
    'secret begun': 'sk-abc ',
    'secrets in a row': 'sk-',
    'github begun': 'ghp_abc ',
    'aws begun': 'AKIA1 ',
    'token begun': 'eyJ0.eyJ0.',
    'key begun': '-----BEGIN PRIVATE KEY-----',
    'aws secret begun': 'secret a1/',
    'aws secret, too long': 'wJalrXUtnFEMI/K7MDENG/',
    'birth with a month': 'born 12 March 1884 ',
    'months and years': 'March 12, 1984 ',
    'dotted hardware begun': '001a.2b3c.',
    'plain hardware': 'mac 001a2b3c4d5g ',
    'tied numbers': 'SSN-123-00-4567 ',
    versions: 'a@1.2.3.4 ',
    'hosts of users': 'a@11.22.33.44 ',
    'bare addresses': '1.22.33.44 ',
    nino: 'BG123456C ',
    nif: '12345678A ',
    'fiscal code': 'RSSMRA85T10A562T ',
    bitcoin: '1BoatSLRHtKNngkdXEeobR76b53LETtpyU ',
    bech32: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5 ',
    nir: '1 85 05 78 006 084 90 ',
    'injection begun': 'ignore all of the ',
    'injection stems': 'show reveal print ',
  };
  return Object.fromEntries(Object.entries(pieces).map(([name, piece]) => [name, filled(piece, length)]));
}

/** Texts of nothing but what one detector finds: its own examples, one behind the other without end. Every character is worth a look here. */
export function examples(detectors: readonly EntityDetector[], length: number): Record<string, string> {
  return Object.fromEntries(
    detectors.map(({ entity, positives }) => [`examples of ${entity}`, filled(`${positives.join(' ')} `, length)]),
  );
}
