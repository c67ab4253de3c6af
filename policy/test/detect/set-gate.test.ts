import { createRequire } from 'node:module';
import { join } from 'node:path';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usePatternSets } from '../../src/detect/compile-detectors.js';
import { detectText, useVectors } from '../../src/detect/detect-text.js';
import { DETECTOR_PACKS } from '../../src/detect/packs.js';
import { re2Sets } from '../../src/detect/re2-sets.js';
import type { Re2SetClass } from '../../src/detect/re2-sets.js';
import type { MakePatternSet } from '../../src/detect/set-gate.js';
import type { Finding } from '../../src/detect/types.js';
import { makeForms } from './corpus/forms/make-forms.js';
import { makeCorpus } from './corpus/make-corpus.js';

const all = DETECTOR_PACKS['all']!;
const cases = all.flatMap(({ positives, negatives }) => [...positives, ...negatives]);
const find = (text: string): Finding[] => detectText('all', text, { entities: [], minScore: 0.01 });

/** A folder whose `node_modules` has the native engine, which the test set-up compiles. */
const FOLDER = process.env['GUARDSPAN_RE2_DIR'];

function native(): MakePatternSet {
  const { Set } = createRequire(join(FOLDER!, 'package.json'))('re2') as { Set: Re2SetClass };
  return re2Sets(Set);
}

/** The same by the engine in JavaScript, one expression after the other. */
const scripted: MakePatternSet = (patterns) => {
  const compiled = patterns.map((pattern) => RE2JS.compile(pattern));
  return { test: (text) => compiled.some((one) => one.matcher(text).find()) };
};

/** Findings with the engine in use. A clean text before each, so that the gate never rests. */
function findGated(text: string): Finding[] {
  find('');
  return find(text);
}

// Where texts are read with vectors the gate is asked about few of them.
beforeEach(() => useVectors(false));
afterEach(() => {
  usePatternSets(null);
  useVectors(true);
});

function same(make: MakePatternSet, texts: readonly string[]): void {
  usePatternSets(null);
  const expected = texts.map(find);
  usePatternSets(make);
  texts.forEach((text, index) => expect(findGated(text), JSON.stringify(text)).toEqual(expected[index]));
}

describe('findings with a set of all patterns before the detectors', () => {
  it('are the same by re2js in the cases of all detectors', () => same(scripted, cases));

  it('are the same by re2js in texts put together from those cases and anything else', () => {
    const part = fc.oneof(fc.constantFrom(...cases), fc.string({ unit: 'grapheme' }));
    const texts = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(' '));
    same(scripted, fc.sample(texts, { numRuns: 200, seed: 11 }));
  });

  describe.skipIf(FOLDER === undefined)('by re2, the native engine', () => {
    it('are the same in the cases of all detectors, also in wide forms', () => {
      same(native(), cases);
      same(
        native(),
        cases.map((text) => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))),
      );
    });
    it('are the same in the corpora', () => {
      same(
        native(),
        makeCorpus(5, 4000).map(({ text }) => text),
      );
      same(
        native(),
        makeForms(15, 4000).map(({ text }) => text),
      );
    });
    it('are the same in random texts', () => {
      const signs = fc.constantFrom(...'0123456789abcdefABCDEFXYZ@:./-_+() \n"=é٣４');
      const part = fc.oneof(fc.constantFrom(...cases), fc.string({ unit: signs, maxLength: 60 }));
      const texts = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
      const numRuns = process.env['GUARDSPAN_VERIFY'] === 'full' ? 20_000 : 4000;
      same(native(), fc.sample(texts, { numRuns, seed: 12 }));
    });
  });
});

describe('the gate', () => {
  /** Counts questions, and answers them all alike. */
  const counting = (answer: () => boolean): { asked: number; make: MakePatternSet } => {
    const state = { asked: 0, make: () => ({ test: () => (state.asked++, answer()) }) };
    return state;
  };

  it('asks the set about clean texts, each time', () => {
    const set = counting(() => false);
    usePatternSets(set.make);
    for (let text = 0; text < 100; text++) find('nothing here');
    expect(set.asked).toBe(100);
  });
  it('spares the set where most texts hold something', () => {
    const set = counting(() => true);
    usePatternSets(set.make);
    for (let text = 0; text < 1000; text++) expect(find('jane@example.com')).toHaveLength(1);
    expect(set.asked).toBeLessThan(30);
  });
  it('takes a set that fails for no answer', () => {
    usePatternSets(
      counting(() => {
        throw new Error('out of memory');
      }).make,
    );
    for (let text = 0; text < 3; text++) expect(find('jane@example.com')).toHaveLength(1);
  });
  it('does without an engine that refuses the patterns', () => {
    usePatternSets(() => {
      throw new Error('invalid pattern');
    });
    expect(find('jane@example.com')).toHaveLength(1);
  });
  it('is asked about texts with much to look at only, where reading them with vectors takes less time than it does', () => {
    useVectors(true);
    const set = counting(() => false);
    usePatternSets(set.make);
    for (let text = 0; text < 100; text++)
      find(`${'A text with the number 12 and nothing to find in it. '.repeat(8)}At 10:45.`);
    expect(set.asked).toBe(0);
    for (let text = 0; text < 100; text++) find('Orders 12345678 and 87654321 at 10:45. '.repeat(8));
    expect(set.asked).toBe(100);
    same(scripted, cases);
  });
  it('leaves small packs alone', () => {
    const set = counting(() => false);
    usePatternSets(set.make);
    expect(detectText('pii', 'jane@example.com', { entities: [], minScore: 0.5 })).toHaveLength(1);
    expect(set.asked).toBe(0);
  });
});
