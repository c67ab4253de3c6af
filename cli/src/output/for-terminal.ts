import { plainText } from '@guardspan/policy';

/** Colours and weights, as this command sets them. */
// eslint-disable-next-line no-control-regex -- the escape sequences are what this is about
const OWN = /(\u001b\[(?:0|1|2|22|3[1-69])m)/;

/** A text as a terminal may get it: what would move its cursor, hide text or turn its direction is written out, wherever it comes from. */
export function forTerminal(text: string): string {
  return text
    .split(OWN)
    .map((part, index) => (index % 2 === 1 ? part : plainText(part)))
    .join('');
}
