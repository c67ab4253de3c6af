/** Where a value stands in a document: `['spec', 'mode']`. */
export type Path = readonly string[];

/** The value at a path of a document or of its normal form, or undefined. */
export function valueAt(values: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? (value as { [key: string]: unknown })[key]
        : undefined,
    values,
  );
}
