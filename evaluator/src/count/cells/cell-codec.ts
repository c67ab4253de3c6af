import type { CellRows } from './cell-counts.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes of a bucket's cells as they are stored: UTF-8 JSON (docs/counting.md). */
export function encodeCells(cells: CellRows): Uint8Array {
  return encoder.encode(JSON.stringify(cells));
}

/** Reads {@link encodeCells}'s form; undefined when it is damaged. */
export function decodeCells(bytes: Uint8Array): CellRows | undefined {
  try {
    const value = JSON.parse(decoder.decode(bytes)) as Partial<CellRows> | null;
    const { rows, categories, units, parts } = value ?? {};
    const whole = Array.isArray(rows) && Array.isArray(categories) && Array.isArray(parts);
    if (!whole || !Number.isSafeInteger(units)) return undefined;
    const counted = rows.every(([, , counts]) => counts.every((one) => Number.isSafeInteger(one) && one >= 0));
    return counted ? (value as CellRows) : undefined;
  } catch {
    return undefined;
  }
}
