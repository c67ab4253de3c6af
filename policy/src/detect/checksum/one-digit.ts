/** True for two characters or more that are all the same: a filler and no number. */
export function isOneDigit(digits: string): boolean {
  const first = digits.charCodeAt(0);
  for (let index = 1; index < digits.length; index++) if (digits.charCodeAt(index) !== first) return false;
  return digits.length > 1;
}
