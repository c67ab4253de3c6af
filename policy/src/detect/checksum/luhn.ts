/** Sum of the digits of twice a digit. */
const DOUBLED = Uint8Array.of(0, 2, 4, 6, 8, 1, 3, 5, 7, 9);

/** Luhn's check (ISO/IEC 7812-1 annex B) of digits. `before`: what digits before them add to the sum. */
export function luhn(digits: string, before = 0): boolean {
  let sum = before;
  let double = false;
  for (let at = digits.length - 1; at >= 0; at--) {
    const digit = digits.charCodeAt(at) - 48;
    sum += double ? DOUBLED[digit]! : digit;
    double = !double;
  }
  return sum % 10 === 0;
}

/** {@link luhn} of the digits among code units from one place to another; what stands between them is passed over. */
export function luhnAt(units: Uint16Array, start: number, end: number): boolean {
  let sum = 0;
  let double = false;
  for (let at = end - 1; at >= start; at--) {
    const digit = units[at]! - 48;
    if (digit < 0 || digit > 9) continue;
    sum += double ? DOUBLED[digit]! : digit;
    double = !double;
  }
  return sum % 10 === 0;
}
