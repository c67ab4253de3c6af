import type { CallValue } from '@guardspan/policy';

/** What stands for "unknown" in tables when a mapping does not say: what pandas takes for it, and the question mark of the UCI collection. */
export const MISSING: readonly string[] = [
  '',
  '?',
  'NA',
  'N/A',
  'n/a',
  '#N/A',
  '#NA',
  '<NA>',
  'NaN',
  'nan',
  '-NaN',
  '-nan',
  'NULL',
  'null',
  'None',
];

/** How numbers are written. */
export interface NumberForm {
  decimal: '.' | ',';
}

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** Digits in threes, by the sign between them: comma (or point), apostrophe, or a space. */
const GROUPED: Readonly<Record<NumberForm['decimal'], RegExp>> = {
  '.': /^[+-]?\d{1,3}([,'’ \u00a0\u202f]\d{3})+(\.\d+)?$/,
  ',': /^[+-]?\d{1,3}([.'’ \u00a0\u202f]\d{3})+(,\d+)?$/,
};

/** A number as tables write it: `1234.5`, `1,234.5`, `1 234,5` (with a decimal comma), `1e-3`; NaN when it is none. */
export function readNumber(raw: string, { decimal }: NumberForm): number {
  const text = raw.trim();
  const grouped = GROUPED[decimal].test(text);
  const bare = grouped ? text.replace(decimal === '.' ? /[,'’\s]/g : /[.'’\s]/g, '') : text;
  const pointed = decimal === ',' ? bare.replace(',', '.') : bare;
  if (decimal === ',' && !grouped && text.includes('.')) return NaN;
  return PLAIN.test(pointed) ? Number(pointed) : NaN;
}

/**
 * What a cell says: a boolean, a number, or text. Text stays what would change as a number: codes with leading zeros, and whole numbers beyond 2^53, which are
 * names and no amounts.
 */
export function readValue(raw: string, form: NumberForm): CallValue {
  const text = raw.trim();
  const lower = text.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower === 'true';
  if (/^[+-]?0\d/.test(text)) return text;
  const number = readNumber(text, form);
  const exact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  return exact || (Number.isFinite(number) && /[.eE]/.test(text)) ? number : text;
}
