import { loadDocuments, boundPack, bindGuardrails } from '@guardspan/policy';
import { chunkPlanOf, createModelCall, detectText, GuardrailSet } from '@guardspan/policy/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldText } from '../../src/stream/held-text.js';

const { documents, errors } = loadDocuments(
  `apiVersion: guardspan/v1alpha1
kind: DetectorPack
metadata: { name: acme }
spec:
  entities:
    project: { words: [Blue Heron, Blue Heron Two, Jay] }
    canary: { canaries: ['cnry-7f3a91c2'] }
    ticket: { pattern: 'MIG-[0-9]{2,12}(?: rev [0-9]{1,3})?' }
    code: { pattern: '[A-Z]{3}[0-9]+', maxLength: 40 }
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: g }
spec:
  at: chunk
  uses: { own: { detector: pack/acme, on: output.text } }
  when: own.count > 0
  action: { redact: { detections: [own] } }
  mode: enforce
`,
  { file: 'x' },
);
const pack = boundPack(documents.DetectorPack[0]!.normal, 'r');
const written = documents.Guardrail.map(({ revision, normal }) => ({ revision, guardrail: normal }));
const { set } = GuardrailSet.compile(bindGuardrails(written, { exceptions: [], packs: documents.DetectorPack }));
const { liveness } = chunkPlanOf(set.plan('chunk', createModelCall()))!;
const found = (text: string) => detectText('pack/acme', text, { entities: [], minScore: 0.5, pack });

function redacted(text: string): string {
  let out = '';
  let at = 0;
  for (const { start, end } of found(text)) {
    out += `${text.slice(at, start)}<x>`;
    at = end;
  }
  return out + text.slice(at);
}

function streamed(pieces: readonly string[]): string {
  const held = new HeldText(
    {
      judge: (text, { from, until }) =>
        found(text)
          .filter(({ start }) => start >= from && start < until)
          .map(({ start, end }) => ({ start, end, replacement: '<x>' })),
      spans: found,
      overflow: () => false,
    },
    { liveness, maxHeld: 8192, json: false, whole: false },
  );
  return pieces.map((piece) => held.push(piece)).join('') + held.finish();
}

describe('what a pack of the user looks for, in a streamed answer', () => {
  it('is loaded', () => expect(errors).toEqual([]));

  it.each(['blue heron', 'Blue Heron Two', 'jay', 'cnry-7f3a91c2', 'MIG-1234', 'MIG-12 rev 3', `ABC${'7'.repeat(30)}`])(
    'keeps every part of %s back at every pair of cuts',
    (secret) => {
      const text = `So: ${secret}, as you asked. A jaywalker, MIG-x?`;
      const expected = redacted(text);
      expect(expected).toBe('So: <x>, as you asked. A jaywalker, MIG-x?');
      for (let first = 0; first <= text.length; first++)
        for (let second = first; second <= text.length; second++)
          expect(streamed([text.slice(0, first), text.slice(first, second), text.slice(second)])).toBe(expected);
      expect(streamed(text.split(''))).toBe(expected);
    },
  );

  it('is found in pieces as in the whole', () => {
    const piece = fc.constantFrom(
      'Blue Heron',
      'Jay',
      'cnry-7f3a91c2',
      'MIG-12',
      ' rev 3',
      'ABC1',
      ' ',
      ' Two',
      ', ',
      'x',
      '-',
      '7',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), fc.integer({ min: 1, max: 7 }), (parts, size) => {
        const text = parts.join('');
        const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
          text.slice(i * size, (i + 1) * size),
        );
        expect(streamed(pieces)).toBe(redacted(text));
      }),
      { numRuns: 1500 },
    );
  });
});
