import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../../src/call/create-model-call.js';
import { requiredLevel } from '../../../src/channel/required-level.js';
import { GuardrailSet } from '../../../src/decide/guardrail-set.js';
import type { Decision } from '../../../src/decide/types.js';
import { detectText } from '../../../src/detect/detect-text.js';
import { bindGuardrails } from '../../../src/document/bind-guardrails.js';
import { loadDocuments } from '../../../src/document/load-documents.js';

const head = { apiVersion: 'guardspan/v1alpha1' };

function load(entities: object, uses: object = {}) {
  const texts = [
    { ...head, kind: 'DetectorPack', metadata: { name: 'acme' }, spec: { entities } },
    {
      ...{ ...head, kind: 'Guardrail', metadata: { name: 'g' } },
      spec: {
        ...{ at: 'request', mode: 'enforce', when: 'own.count > 0', action: { redact: { detections: ['own'] } } },
        uses: { own: { detector: 'pack/acme', on: 'prompt.text', ...uses } },
      },
    },
  ].map((document) => JSON.stringify(document));
  const { documents, errors } = loadDocuments(texts.join('\n---\n'), { file: 'x' });
  expect(errors.map(({ code, message }) => [code, message])).toEqual([]);
  return documents;
}

function find(entity: object, text: string, minScore = 0.5): [string, number][] {
  const [pack] = load({ thing: entity }).DetectorPack;
  const { revision, normal } = pack!;
  const bound = { revision, entities: normal.spec.entities };
  return detectText('pack/acme', text, { entities: [], minScore, pack: bound }).map(({ start, end, score }) => [
    text.slice(start, end),
    score,
  ]);
}

describe('a pack', () => {
  it.each<[string, object, string, [string, number][]]>([
    [
      'words in any case',
      { words: ['Blue Heron'] },
      'the blue heron, BLUE HERON',
      [
        ['blue heron', 0.6],
        ['BLUE HERON', 0.6],
      ],
    ],
    ['whole words', { words: ['heron'] }, 'herons xheron heron', [['heron', 0.6]]],
    ['words as they stand', { words: ['Heron'], caseSensitive: true }, 'heron Heron', [['Heron', 0.6]]],
    ['words that hold signs of patterns', { words: ['C++ (v1.0)'] }, 'in c++ (v1.0)!', [['c++ (v1.0)', 0.6]]],
    [
      'canaries anywhere, as they stand',
      { canaries: ['cnry-7f3a91'] },
      'xcnry-7f3a91y CNRY-7F3A91',
      [['cnry-7f3a91', 1]],
    ],
    ['patterns', { pattern: 'E[0-9]{6}', score: 0.7 }, 'E123456 xE123456 E1234567', [['E123456', 0.7]]],
    ['patterns in any case', { pattern: 'e[0-9]{3}', caseSensitive: false }, 'E123', [['E123', 0.6]]],
    [
      'words before that speak for it',
      { pattern: '[0-9]{6}', score: 0.3, context: { words: ['Staff'] } },
      'staff no. 123456 and then 654321',
      [['123456', 0.95]],
    ],
    [
      'check digits',
      { pattern: '[0-9]{16}', validator: 'luhn' },
      '4111111111111111 4111111111111112',
      [['4111111111111111', 1]],
    ],
    [
      'account numbers',
      { pattern: '[A-Z]{2}[0-9 ]{10,30}', validator: 'mod97' },
      'DE89 3704 0044 0532 0130 00, DE00 3704 0044 0532 0130 00',
      [['DE89 3704 0044 0532 0130 00', 1]],
    ],
  ])('finds %s', (_, entity, text, found) => expect(find(entity, text)).toEqual(found));

  it('is bound to the guard-rails that use it, whose revision covers it', () => {
    const { Guardrail, DetectorPack } = load({ code: { words: ['heron'] } });
    const written = Guardrail.map(({ revision, normal }) => ({ revision, guardrail: normal }));
    const bindings = { exceptions: [], packs: DetectorPack };
    const [bound] = bindGuardrails(written, bindings);
    expect(bound!.revision).not.toBe(written[0]!.revision);
    expect(requiredLevel(bound!.guardrail)).toBe(3);
    const decide = (text: string): Decision =>
      GuardrailSet.compile([bound!]).set.decide({
        point: 'request',
        call: createModelCall(),
        texts: () => [{ path: 'p', role: 'user', text }],
        directives: [],
        freshness: 'live',
        host: {
          random: () => 0,
          newId: () => '',
          now: () => 0,
          tryAcquire: () => false,
          takeProbe: () => false,
          forbids: () => null,
        },
      });
    expect(decide('ask Heron').redactions).toMatchObject([{ start: 4, end: 9, entity: 'code' }]);
    expect(decide('ask her').disposition).toBe('allow');
    expect(GuardrailSet.compile(written).errors[0]).toMatchObject({ code: 'GUARDSPAN_PACK_UNKNOWN' });
  });

  it('is compiled only for entities that it has', () => {
    const { Guardrail, DetectorPack } = load({ code: { words: ['heron'] } }, { entities: ['other'] });
    const written = Guardrail.map(({ revision, normal }) => ({ revision, guardrail: normal }));
    const bound = bindGuardrails(written, { exceptions: [], packs: DetectorPack });
    expect(GuardrailSet.compile(bound).errors[0]).toMatchObject({ code: 'GUARDSPAN_DETECTOR_UNKNOWN' });
  });
});
