import { detectText, Liveness } from '@guardspan/policy/runtime';
import { DETECTOR_PACKS } from '@guardspan/policy/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldText } from '../../src/stream/held-text.js';
import type { HeldTextJudge } from '../../src/stream/held-text.js';

const PACKS = Object.keys(DETECTOR_PACKS);
const ALL = { entities: [], minScore: 0.5 };
const liveness = new Liveness(
  [...new Set(Object.values(DETECTOR_PACKS).flat())].map((detector) => ({ ...detector, plain: true as const })),
);

/** What the detectors find in a text; where two packs find the same place, the wider finding. */
function found(text: string): { start: number; end: number }[] {
  const all = PACKS.flatMap((pack) => detectText(pack, text, ALL)).sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: { start: number; end: number }[] = [];
  for (const { start, end } of all) {
    const last = kept[kept.length - 1];
    if (last === undefined || start >= last.end) kept.push({ start, end });
    else last.end = Math.max(last.end, end);
  }
  return kept;
}

const judge: HeldTextJudge = {
  judge: (text, { from, until }) =>
    found(text)
      .filter(({ start }) => start >= from && start < until)
      .map(({ start, end }) => ({ start, end, replacement: '<x>' })),
  spans: found,
  overflow: () => false,
};

function redactedWhole(text: string): string {
  let out = '';
  let at = 0;
  for (const { start, end } of found(text)) {
    out += text.slice(at, start) + '<x>';
    at = end;
  }
  return out + text.slice(at);
}

function streamed(pieces: readonly string[], json = false): { out: string; longest: number; first: number } {
  const held = new HeldText(judge, { liveness, maxHeld: 8192, json, whole: false });
  let out = '';
  let first = -1;
  pieces.forEach((piece, index) => {
    out += held.push(piece);
    if (first === -1 && out !== '') first = index;
  });
  return { out: out + held.finish(), longest: held.longest, first };
}

/** A private key of this many characters, in lines as OpenSSL writes them. */
const pem = (size: number): string => {
  const line = `${'MIIEowIBAAKCAQEA7x9+/Zq3'.repeat(3).slice(0, 64)}\n`;
  return `-----BEGIN RSA PRIVATE KEY-----\n${line.repeat(Math.ceil(size / 65))}-----END RSA PRIVATE KEY-----`;
};
const jwt = (size: number): string => `eyJhbGciOiJIUzI1NiJ9.eyJ${'a1B2'.repeat(size / 8)}.${'c3D4'.repeat(size / 8)}`;

const SECRETS = [
  'jane.doe+x@mail.example.com',
  '4111 1111 1111 1111',
  'DE89 3704 0044 0532 0130 00',
  'GB82WEST12345698765432',
  '+1 (212) 555-0143',
  '192.168.10.254',
  '2001:db8::8a2e:370:7334',
  '536-22-8746',
  'sk-abcdefghijklmnopqrstuvwx',
  'AKIAIOSFODNN7EXAMPLE',
  '４１１１　１１１１　１１１１　１１１１',
  '+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧',
  '415-555-0132, ext. 14',
  'SSN536-90-4399',
  'card_4111111111111111',
  'IBANDE89370400440532013000',
  'Tel.0171 2345678',
  '+65 8869 2602 / 415-228-4841',
];

describe('a text that is held back while it may be part of a finding', () => {
  it.each([...SECRETS, jwt(2000), pem(3000)])('keeps every part of %s back at every pair of cuts', (secret) => {
    const text = `Here it is: ${secret}, as you asked. Anything else?`;
    const expected = redactedWhole(text);
    expect(expected).toContain('<x>');
    const step = text.length > 400 ? 37 : 1;
    for (let first = 0; first <= text.length; first += step) {
      expect(streamed([text.slice(0, first), text.slice(first)]).out).toBe(expected);
      for (let second = first; second <= text.length; second += step * 7) {
        const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
        expect(streamed(pieces).out).toBe(expected);
      }
    }
    expect(streamed(text.split('')).out).toBe(expected);
  });

  it('finds in pieces what is found in the whole, wherever it is cut', () => {
    const piece = fc.oneof(
      fc.constantFrom(...SECRETS),
      fc.constantFrom(
        ' ',
        ', ',
        '\n',
        '. ',
        ' and ',
        'the ',
        'call ',
        '-',
        '12',
        ':',
        '@',
        '€',
        '😀',
        'x',
        'SSN',
        'tel',
        ' / ',
      ),
      fc.string({ maxLength: 5 }),
    );
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), cuts, (parts, sizes) => {
        const text = parts.join('');
        const pieces: string[] = [];
        for (let at = 0, index = 0; at < text.length; index++) {
          const size = sizes[index % sizes.length]!;
          pieces.push(text.slice(at, at + size));
          at += size;
        }
        expect(streamed(pieces).out).toBe(redactedWhole(text));
      }),
      { numRuns: 1500 },
    );
  });

  it('lets plain prose out word by word', () => {
    const words = 'The quick brown fox jumps over the lazy dog, and then it sleeps for a while.'.split(/(?<= )/);
    const { longest, out } = streamed(words);
    expect(out).toBe(words.join(''));
    expect(longest).toBeLessThanOrEqual(8);
  });

  it('never cuts a character in two', () => {
    const held = new HeldText(judge, { liveness, maxHeld: 8192, json: false, whole: false });
    const out = [...'a 😀 b 😀😀 c'.split('')].map((unit) => held.push(unit));
    out.push(held.finish());
    expect(out.join('')).toBe('a 😀 b 😀😀 c');
    for (const piece of out) expect(() => encodeURI(piece)).not.toThrow();
  });

  it('lets nothing out any more when more would have to be held than is allowed', () => {
    let asked = 0;
    const held = new HeldText(
      { ...judge, overflow: () => (asked++, false) },
      {
        liveness: new Liveness([{ pattern: 'BEGIN[\\s\\S]{1,9999}END', maxLength: 9999 }]),
        maxHeld: 100,
        json: false,
        whole: false,
      },
    );
    expect(held.push(`hello BEGIN${'x'.repeat(60)}`)).toBe('hello ');
    expect(held.push('y'.repeat(60)) + held.push('END and more') + held.finish()).toBe('');
    expect(asked).toBe(1);
  });

  it('judges endless text that keeps a match open in pieces that stay bounded', () => {
    const text = 'x'.repeat(40_000);
    const { out, longest } = streamed(text.match(/.{1,7}/gs)!);
    expect(out).toBe(text);
    expect(longest).toBeLessThan(4_000);
  });

  describe('in JSON', () => {
    const cases: [string, unknown][] = [
      ['{"to":"jane@example.com","n":1}', { to: '<x>', n: 1 }],
      ['{"to":"jane\\u0040example.com"}', { to: '<x>' }],
      ['{"card": 4111111111111111, "ok": true}', { card: '<x>', ok: true }],
      ['{"text":"line\\nkey \\"sk-abcdefghijklmnopqrstuvwx\\" end"}', { text: 'line\nkey "<x>" end' }],
      ['["a\\\\b","\\ud83d\\ude00 536-22-8746"]', ['a\\b', '😀 <x>']],
    ];
    it.each(cases)('keeps %s valid at every cut', (source, expected) => {
      for (let cut = 0; cut <= source.length; cut++) {
        expect(JSON.parse(streamed([source.slice(0, cut), source.slice(cut)], true).out)).toEqual(expected);
      }
      expect(JSON.parse(streamed(source.split(''), true).out)).toEqual(expected);
    });

    it('gives text without findings back as it came, escapes included', () => {
      const source = '{"a":"\\u00e9\\/\\t\\x","b":[1.5e3,null]}';
      expect(streamed(source.split(''), true).out).toBe(source);
      expect(streamed(['{"cut":"\\u00'], true).out).toBe('{"cut":"\\u00');
    });
  });
});
