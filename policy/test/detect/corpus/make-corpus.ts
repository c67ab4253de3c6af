import { Random } from './random.js';
import { NOTHING, SENTENCES } from './sentences.js';
import * as values from './values.js';

/** One labelled text. */
export interface Labelled {
  text: string;
  labels: { entity: string; start: number; end: number }[];
}

const MAKERS: Readonly<Record<string, (random: Random) => string>> = {
  phone: values.phone,
  credit_card: values.card,
  us_ssn: values.ssn,
  iban: values.iban,
  email: values.email,
  ip: values.ip,
};
const WRONG: readonly ((random: Random) => string)[] = [values.wrongCard, values.wrongSsn, values.wrongIban];
const FILLER = [
  'Thanks a lot.',
  'It happened on Monday.',
  'We sold 12 of 30 units.',
  'Guten Tag,',
  'Merci beaucoup.',
  'See page 42.',
  'The year 2024 was fine.',
  'It costs $19.99.',
  '',
];

/** A corpus of labelled texts: every entity in every sentence, near-misses between them. The same for the same seed. */
export function makeCorpus(seed: number, size: number): Labelled[] {
  const random = new Random(seed);
  const corpus: Labelled[] = [];
  for (let index = 0; index < size; index++) {
    const labelled: Labelled = { text: '', labels: [] };
    for (let part = random.int(1, 3); part > 0; part--) {
      if (labelled.text !== '') labelled.text += random.pick([' ', '\n', ' - '.replace(' - ', '  ')]);
      addPart(labelled, random);
    }
    corpus.push(labelled);
  }
  return corpus;
}

function addPart(labelled: Labelled, random: Random): void {
  const kind = random.next();
  if (kind < 0.25) labelled.text += random.fill(random.pick(NOTHING));
  else if (kind < 0.33)
    labelled.text +=
      random.pick(['Reference ', 'No. ', 'It says ', 'invalid: ']) +
      random.pick(WRONG)(random) +
      random.pick(['', '.', ' again']);
  else if (kind < 0.4) labelled.text += random.pick(FILLER);
  else {
    const entity = random.pick(Object.keys(MAKERS));
    const value = MAKERS[entity]!(random);
    const [before = '', after = ''] = random.pick(SENTENCES[entity]!).split('{}');
    const start = labelled.text.length + before.length;
    labelled.labels.push({ entity, start, end: start + value.length });
    labelled.text += before + value + after;
  }
}
