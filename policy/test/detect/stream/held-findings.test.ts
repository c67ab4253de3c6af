import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectText } from '../../../src/detect/detect-text.js';
import { DETECTOR_PACKS } from '../../../src/detect/packs.js';
import { Liveness } from '../../../src/detect/stream/liveness.js';
import type { EntityDetector, Finding } from '../../../src/detect/types.js';

const all = DETECTOR_PACKS['all']!;
const automata = new Map(
  all.map(({ entity, pattern, maxLength }) => [entity, new Liveness([{ pattern, maxLength, plain: true }])]),
);

/** Places inside of a finding at which a stream would let go what it holds of it. */
function releasedInside(text: string, { entity, start, end }: Finding): number[] {
  const liveness = automata.get(entity)!;
  const places: number[] = [];
  let state = liveness.initial;
  for (let at = 0; at < end - 1; at++) {
    state = liveness.step(state, text.charCodeAt(at));
    if (at >= start && !state.alive) places.push(at + 1);
  }
  return places;
}

function check(detector: EntityDetector, text: string): void {
  for (const finding of detectText('all', text, { entities: [detector.entity], minScore: 0.01 })) {
    const places = releasedInside(text, finding);
    expect(places, `${detector.entity} ${JSON.stringify(finding)} in ${JSON.stringify(text)}`).toEqual([]);
  }
}

/** What people and models put into a text, of several alphabets, with signs that look like others and signs that nobody sees. */
const SIGNS = '0123456789abcXYZ@:./-_+() \n"=éßя中٣４\u00a0\u200b\u00ad\u2028😀\'`,;#%&*<>[]{}|~^$!?\t–—．＠：\\';

/** Texts in which a stream once let go of a finding in its middle, or of which nobody could say where the finding ends. */
const ONCE: readonly string[] = [
  'amqp://bé:pä55wört@queue.internal',
  'fe80::1%ethßc',
  '4111 - 1111 - 1111 -(1111',
  'SSN 536 - 90 -．4399',
  'born March 12,-1984',
  'born March 1., 1984',
  'tel:+1-201-555-0123;eXt=12',
];

describe('a finding is held in a stream from its first character to its last', () => {
  it.each(all.map((detector) => [detector.entity, detector] as const))('%s', (_entity, detector) => {
    for (const text of [...detector.positives, ...ONCE]) check(detector, text);
    const cases = fc.constantFrom(...detector.positives);
    const signs = fc.array(fc.constantFrom(...SIGNS), { maxLength: 3 }).map((each) => each.join(''));
    const changed = fc
      .tuple(cases, fc.nat(), signs, fc.nat({ max: 2 }))
      .map(([text, at, put, cut]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + cut));
    const numRuns = process.env['GUARDSPAN_VERIFY'] === 'full' ? 20_000 : 1_000;
    for (const text of fc.sample(fc.tuple(signs, changed, signs), { numRuns, seed: 21 }))
      check(detector, text.join(''));
  });
});
