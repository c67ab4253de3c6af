/** Names of the months and their usual short forms, in the languages of the locale packs and Portuguese. */
const NAMES = [
  'january february march april may june july august september october november december',
  'jan feb mar apr jun jul aug sep sept oct nov dec',
  'januar jänner februar feber märz mai juni juli oktober dezember mär okt dez',
  'janvier février mars avril juin juillet août aout septembre octobre novembre décembre janv févr avr juil déc',
  'enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre ene abr ago dic',
  'gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre gen mag giu lug set ott',
  'januari februari maart mei augustus mrt',
  'stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia',
  'janeiro fevereiro março maio junho julho setembro outubro novembro dezembro fev out',
];
const MONTHS: ReadonlySet<string> = new Set(NAMES.flatMap((line) => line.split(' ')));

/** True for the name of a month, whatever the case. */
export function isMonth(word: string): boolean {
  return word.length > 2 && MONTHS.has(word.toLowerCase());
}

/** The first three letters of all months as an expression of the linear-time subset. */
export const MONTH_BEGINS = [...new Set([...MONTHS].map((name) => name.slice(0, 3)))]
  .map((three) => [...three].map((letter) => `[${letter.toUpperCase()}${letter}]`).join(''))
  .join('|');
