import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { applyRedactions } from '../../src/detect/apply-redactions.js';
import { detectText, MAX_DETECT_LENGTH } from '../../src/detect/detect-text.js';
import { DETECTOR_PACKS } from '../../src/detect/packs.js';

const all = Object.entries(DETECTOR_PACKS).flatMap(([pack, detectors]) =>
  detectors.map((detector) => ({ pack, detector })),
);

describe.each(all)('$pack $detector.entity', ({ pack, detector }) => {
  const find = (text: string): string[] =>
    detectText(pack, text, { entities: [detector.entity], minScore: 0.3 }).map(({ start, end }) =>
      text.slice(start, end),
    );

  it.each(detector.positives)('finds one in %j', (text) => expect(find(text)).toHaveLength(1));
  it.each(detector.negatives)('finds none in %j', (text) => expect(find(text)).toEqual([]));
  it('has a pattern of the linear-time subset', () => expect(() => RE2JS.compile(detector.pattern)).not.toThrow());
});

describe('detectText', () => {
  const options = { entities: [], minScore: 0.5 };
  const pieces = fc.oneof(
    fc.constantFrom(...all.flatMap(({ detector }) => [...detector.positives, ...detector.negatives])),
    fc.string(),
    fc.constantFrom('é', '😀', ' ', '\n', '@', '+1 '),
  );

  it('gives ordered findings inside the text that never overlap, and redaction leaves the rest as it was', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (list) => {
        const text = list.join(' ');
        const found = detectText('pii', text, options);
        let position = 0;
        let expected = '';
        for (const { entity, start, end } of found) {
          expect(start).toBeGreaterThanOrEqual(position);
          expect(end).toBeGreaterThan(start);
          expected += `${text.slice(position, start)}<${entity}>`;
          position = end;
        }
        expect(position).toBeLessThanOrEqual(text.length);
        const redactions = found.map(({ entity, start, end }) => ({ start, end, replacement: `<${entity}>` }));
        expect(applyRedactions(text, [...redactions].reverse())).toBe(expected + text.slice(position));
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('counts offsets in UTF-16 code units', () => {
    expect(detectText('pii', '😀 jane@example.com', options)).toEqual([
      { entity: 'email', start: 3, end: 19, score: 0.95 },
    ]);
  });
  it.each([
    ['カード４１１１１１１１１１１１１１１１です', 'credit_card', '４１１１１１１１１１１１１１１１'],
    ['SSN ٥٣٦-٩٠-٤٣٩٩', 'us_ssn', '٥٣٦-٩٠-٤٣٩٩'],
    ['هاتف ٠١٠٠١٢٣٤٥٦٧', 'phone', '٠١٠٠١٢٣٤٥٦٧'],
    ['電話：０３－１２３４－５６７８', 'phone', '０３－１２３４－５６７８'],
    ['मोबाइल ९८७६५ ४३२१०', 'phone', '९८७६५ ४३२१०'],
    [
      '口座　ＧＢ２９　ＮＷＢＫ　６０１６　１３３１　９２６８　１９。',
      'iban',
      'ＧＢ２９　ＮＷＢＫ　６０１６　１３３１　９２６８　１９',
    ],
    ['宛先：jane＠example.com', 'email', 'jane＠example.com'],
    ['１９２．１６８．０．１へ', 'ip', '１９２．１６８．０．１'],
  ])('reads digits of other scripts and wide forms in %j', (text, entity, value) => {
    expect(detectText('pii', text, options).map((one) => [one.entity, text.slice(one.start, one.end)])).toEqual([
      [entity, value],
    ]);
  });
  it.each([
    ['support: +1 (467) 391-0344 (24/7)', 'phone', '+1 (467) 391-0344'],
    ['SSN-536-90-4399 on file', 'us_ssn', '536-90-4399'],
    ['reach 172.22.53.16', 'ip', '172.22.53.16'],
    ['Ann 050 03 0467 1990-02-27', 'us_ssn', '050 03 0467'],
  ])('takes of %j what belongs to it', (text, entity, value) => {
    expect(detectText('pii', text, options).map((one) => [one.entity, text.slice(one.start, one.end)])).toEqual([
      [entity, value],
    ]);
  });
  it('finds the same in wide forms as in ASCII, at the same places', () => {
    const sure = all.filter(({ pack }) => pack === 'pii').flatMap(({ detector }) => detector.positives);
    for (const text of sure.filter((one) => /^[ -~]*$/.test(one))) {
      const wide = text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
      expect(detectText('pii', wide.replaceAll(' ', '\u3000'), options)).toEqual(detectText('pii', text, options));
    }
  });
  it('finds a real entity behind a refuted one', () => {
    const text = 'a 4111 1111 1111 1112 4111 1111 1111 1111';
    expect(detectText('pii', text, { entities: ['credit_card'], minScore: 0.5 })).toEqual([
      { entity: 'credit_card', start: 22, end: 41, score: 1 },
    ]);
  });
  it('finds a telephone number right behind a surer number, and none inside it', () => {
    const text = 'SSN 536-90-4399 415-555-0132, card 4111 1111 1111 1111 +1 202-555-0143';
    expect(detectText('pii', text, options).map(({ entity, start, end }) => [entity, text.slice(start, end)])).toEqual([
      ['us_ssn', '536-90-4399'],
      ['phone', '415-555-0132'],
      ['credit_card', '4111 1111 1111 1111'],
      ['phone', '+1 202-555-0143'],
    ]);
  });
  it('takes two telephone numbers with a slash between spaces for two', () => {
    const text = 'dial +65 8869 2602 / 415-228-4841 or +27 82 266 5831 / 0049 89 5963 8681';
    expect(detectText('pii', text, options).map(({ start, end }) => text.slice(start, end))).toEqual([
      '+65 8869 2602',
      '415-228-4841',
      '+27 82 266 5831',
      '0049 89 5963 8681',
    ]);
  });
  it('refuses what it cannot look at', () => {
    expect(() => detectText('pii', 'x'.repeat(MAX_DETECT_LENGTH + 1), options)).toThrow('longer than');
    expect(() => detectText('nobody', 'x', options)).toThrow('no detector');
    expect(() => detectText('pii', 'x', { entities: ['nobody'], minScore: 0 })).toThrow('no entity');
  });
});
