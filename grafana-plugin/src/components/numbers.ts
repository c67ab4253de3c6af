/** A number as people read it: up to four significant digits; what is not known is a dash. */
export function readable(value: unknown): string {
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? value.toLocaleString()
      : value.toLocaleString(undefined, { maximumSignificantDigits: 4 });
  }
  if (typeof value === 'string' || typeof value === 'boolean') {
    return String(value);
  }
  return value === null || value === undefined ? '–' : JSON.stringify(value);
}
