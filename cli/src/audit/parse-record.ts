import type { AuditRecord } from '@guardspan/evaluator';
import { CliError } from '../cli-error.js';

/** Longest line of an export: a body of 64 KiB, escaped, and the fields around it. */
export const MAX_AUDIT_LINE = 1_048_576;

const STRINGS = ['kind', 'actor', 'guardrail', 'traceId', 'verdictId', 'previous', 'hash'] as const;

/**
 * Reads one line of an export.
 * @param place What errors say: file and line.
 * @throws CliError FAILED when it is no audit record.
 */
export function parseRecord(line: string, place: string): AuditRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw notOne(place, 'it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notOne(place, 'it is not an object');
  const record = value as Record<string, unknown>;
  if (!Number.isSafeInteger(record.seq)) throw notOne(place, '"seq" is no whole number');
  if (typeof record.at !== 'number') throw notOne(place, '"at" is no number');
  const wrong = STRINGS.find((name) => typeof record[name] !== 'string');
  if (wrong !== undefined) throw notOne(place, `"${wrong}" is no string`);
  return value as AuditRecord;
}

function notOne(place: string, why: string): CliError {
  return new CliError(
    'GUARDSPAN_AUDIT_RECORD',
    `${place}: the line is no audit record: ${why}`,
    'give a file as `guardspan audit export` writes it',
  );
}
