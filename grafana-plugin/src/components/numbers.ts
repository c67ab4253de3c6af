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

/** A share (0 to 1) in percent, cut and never rounded up: 99.96 % must not read as all. */
export function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toLocaleString()} %`;
}
