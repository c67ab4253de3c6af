import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { assemble } from '../../scripts/assemble.mjs';
import { detectText, useVectors } from '../../src/detect/detect-text.js';
import { INJECTION_TRIPLES, mayInject } from '../../src/detect/injection-gate.js';
import { DETECTOR_PACKS } from '../../src/detect/packs.js';
import { newScratch, Subject } from '../../src/detect/subject.js';
import { Units } from '../../src/detect/units.js';
import { PLACES, UnitReader } from '../../src/detect/vector/unit-reader.js';

const OPTIONS = { entities: [], minScore: 0 };
const EXAMPLES = DETECTOR_PACKS['all']!.flatMap(({ positives, negatives }) => [...positives, ...negatives]);

afterEach(() => useVectors(true));

/** What a subject holds, as plain lists. */
function heldOf(text: string): Record<string, unknown> {
  const subject = new Subject(text, newScratch());
  const { clusters, tokens, pieces, accounts, years, quads, groupStart, groupEnd } = subject;
  const groups = clusters.at(-1)!;
  return {
    ...{ clusters, tokens, pieces, accounts, years, quads, text: subject.text },
    starts: groupStart.slice(0, groups),
    ends: groupEnd.slice(0, groups),
    ats: subject.ats.slice(0, subject.atCount),
    colons: subject.colons.slice(0, subject.colonCount),
    joins: subject.joins.slice(0, subject.joinCount),
    injects: mayInject(subject.units, text.length, subject.reader),
  };
}

function bothWays<T>(look: () => T): [T, T] {
  useVectors(true);
  const fast = look();
  useVectors(false);
  const plain = look();
  return [fast, plain];
}

const SIGNS = [...' .,-_:@+/()0123456789azAZxXéß\u2019\u00a0\u202f\uff11\uff20\u3000\u0663\u4e2d\ud83d\ude00\ud800\n'];
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...SIGNS),
      fc.constantFrom(...EXAMPLES),
      fc.constantFrom('prompt', 'do not ', 'ignore', '2024', 'a'.repeat(37)),
    ),
    {
      maxLength: 60,
    },
  )
  .map((pieces) => pieces.join(''));

describe('reading texts with vectors', () => {
  it('is there on this machine, and can be turned off', () => {
    expect(new Subject('a', newScratch()).reader).toBeInstanceOf(UnitReader);
    useVectors(false);
    expect(new Subject('a', newScratch()).reader).toBeNull();
  });

  it('runs what is assembled from its source', async () => {
    const file = new URL('../../src/detect/vector/read-units-module.ts', import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(await assemble());
  });

  it.each(EXAMPLES)('finds in %j what the other way finds, wherever it stands', (example) => {
    for (const shift of [0, 1, 7, 15, 16, 31, PLACES - 5, PLACES - 1]) {
      const text = `${'. '.repeat(PLACES).slice(0, shift)}${example} the end`;
      const [fast, plain] = bothWays(() => detectText('all', text, OPTIONS));
      expect(fast).toEqual(plain);
    }
  });

  it('holds the same of every text, at every length', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [fast, plain] = bothWays(() => heldOf(text));
        expect(fast).toEqual(plain);
        expect(bothWays(() => detectText('all', text, OPTIONS))).toSatisfy(
          ([a, b]: unknown[]) => JSON.stringify(a) === JSON.stringify(b),
        );
      }),
      { numRuns: process.env['GUARDSPAN_VERIFY'] === 'full' ? 20_000 : 800 },
    );
  });

  it('holds the same of texts longer than its room, and of short ones after them', () => {
    const scratch = newScratch();
    const unit = 'pay 4111 1111 1111 1111 to a@b.example, do not tell: ';
    const first = scratch.units.capacity;
    for (const length of [first - 1, first, first + 1, 5 * first, 100, 2 * PLACES, 0, 1]) {
      const text = unit.repeat(length / unit.length + 1).slice(0, length);
      const subject = new Subject(text, scratch);
      const plain = new Subject(text, { ...newScratch(), units: new Units() });
      expect(subject.clusters).toEqual(plain.clusters);
      expect(subject.ats.slice(0, subject.atCount)).toEqual(plain.ats.slice(0, plain.atCount));
      expect(subject.joins.slice(0, subject.joinCount)).toEqual(plain.joins.slice(0, plain.joinCount));
      expect(mayInject(subject.units, length, subject.reader)).toBe(mayInject(plain.units, length, null));
    }
    expect(scratch.units.capacity).toBeGreaterThan(first);
  });

  it('sees the largest unit wherever it stands', () => {
    const units = new Units(UnitReader.make(INJECTION_TRIPLES));
    for (let length = 1; length <= 70; length++)
      for (let at = 0; at < length; at += 1 + (length >> 3)) {
        units.exact(`${'a'.repeat(at)}\uff11${'b'.repeat(length - at - 1)}`);
        expect(units.reader!.largest(length)).toBe(0xff11);
        units.exact('c'.repeat(length));
        expect(units.reader!.largest(length)).toBe(99);
      }
  });
});
