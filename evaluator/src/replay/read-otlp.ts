import { GuardspanError } from '@guardspan/policy';
import { CALL_KEYS } from '../ingest/map/keys.js';
import { mapSpan } from '../ingest/map/map-span.js';
import { readJson } from '../ingest/wire/read-json.js';
import type { ReplayCall } from './replay.js';

/**
 * The calls of one line of a file that the Collector's file exporter wrote (one OTLP request as JSON).
 * @throws GuardspanError GUARDSPAN_TABLE that names the place
 */
export function readOtlpLine(text: string, place: string): ReplayCall[] {
  const calls: ReplayCall[] = [];
  try {
    readJson(text, CALL_KEYS, (span) => {
      const record = mapSpan(span);
      if (record === null) return;
      const { traceId, spanId, callId } = record.id;
      calls.push({ call: record.call, id: callId === '' ? `${traceId}:${spanId}` : callId, traceId, facts: [] });
    });
  } catch (error) {
    throw new GuardspanError(
      'GUARDSPAN_TABLE',
      `${place}: ${(error as Error).message}`,
      'write one OTLP request as JSON on each line',
    );
  }
  return calls;
}

/** True for a line of an OTLP file. */
export function isOtlpLine(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'resourceSpans' in value;
}
