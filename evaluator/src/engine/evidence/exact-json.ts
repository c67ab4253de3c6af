const MARK = '\u0001';

/** JSON that keeps numbers that JSON lacks: infinities and NaN. Every double comes back with the same bits. */
export function toExactJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'number' && !Number.isFinite(one) ? MARK + String(one) : one,
  );
}

/** Reads {@link toExactJson}. */
export function fromExactJson(text: string): unknown {
  return JSON.parse(text, (_key, one: unknown) =>
    typeof one === 'string' && one.startsWith(MARK) ? Number(one.slice(1)) : one,
  );
}
