/** True when a character is a letter, a digit or an underscore: a match that touches one is a part of something else. */
export function isWord(character: string): boolean {
  return /^[\p{L}\p{N}_]$/u.test(character);
}
/** The decimal digits of a text. */
export function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}
const HAS_DIGIT = /\d/;
/** True when the text has a decimal digit. */
export function hasDigit(text: string): boolean {
  return HAS_DIGIT.test(text);
}
