import type { Labelled } from '../make-corpus.js';
import { Random } from '../random.js';
import * as identities from './identities.js';
import { NEAR_MISSES, PASSAGES } from './passages.js';
import { TELEPHONES } from './telephones.js';

const LABELLED: Readonly<Record<string, readonly [entity: string, make: (random: Random) => string]>> = {
  phone: ['phone', (random) => random.fill(random.pick(TELEPHONES[random.pick(Object.keys(TELEPHONES))]!))],
  card: ['credit_card', identities.card],
  ssn: ['us_ssn', identities.ssn],
  plain_ssn: ['us_ssn', identities.plainSsn],
  iban: ['iban', identities.iban],
  email: ['email', identities.email],
  ip: ['ip', identities.ip],
};

function nearMiss(random: Random, kind: string): string {
  return random.fill(random.pick(NEAR_MISSES[kind]!)).replace(/h|H(?=[H-]|$)/g, (sign) => {
    const digit = random.int(0, 15).toString(16);
    return sign === 'h' ? digit : digit.toUpperCase();
  });
}

/** A second corpus, made of published forms only: written without a look at what the detectors find. The same for the same seed. */
export function makeForms(seed: number, size: number): Labelled[] {
  const random = new Random(seed);
  return Array.from({ length: size }, () => {
    const labelled: Labelled = { text: '', labels: [] };
    const passage = random.pick(PASSAGES);
    let from = 0;
    for (const { 0: place, 1: kind, index } of passage.matchAll(/\{(\w+)\}/g)) {
      labelled.text += passage.slice(from, index);
      const start = labelled.text.length;
      const known = LABELLED[kind!];
      labelled.text += known === undefined ? nearMiss(random, kind!) : known[1](random);
      if (known !== undefined) labelled.labels.push({ entity: known[0], start, end: labelled.text.length });
      from = index + place.length;
    }
    labelled.text += passage.slice(from);
    return labelled;
  });
}
