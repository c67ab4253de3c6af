/** ISO 7064 mod 97-10 over the rearranged number (ISO 13616): 1 for a valid one. Capital letters and digits only. */
export function mod97(iban: string): number {
  let remainder = 0;
  const { length } = iban;
  for (let index = 0; index < length; index++) {
    const code = iban.charCodeAt((index + 4) % length);
    remainder = code >= 65 ? (remainder * 100 + code - 55) % 97 : (remainder * 10 + code - 48) % 97;
  }
  return remainder;
}
