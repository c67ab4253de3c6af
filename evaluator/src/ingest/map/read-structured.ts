import type { CallValue } from '@guardspan/policy';
import { MAX_NESTING } from '../wire/read-protobuf.js';

/** Longest JSON text of a structured attribute, in UTF-16 units. */
export const MAX_JSON_LENGTH = 256 * 1024;

/** True when nothing is nested too deep; drops keys that could set a prototype where a map is copied. */
function tidy(value: object, depth: number): boolean {
  if (depth > MAX_NESTING) return false;
  const map = value as { [key: string]: CallValue };
  for (const key of Object.keys(map)) {
    const inner = map[key];
    if (key === '__proto__') Reflect.deleteProperty(map, key);
    else if (typeof inner === 'object' && inner !== null && !tidy(inner, depth + 1)) return false;
  }
  return true;
}

/**
 * A structured attribute: a list or map, or JSON of one (OpenTelemetry SDK 2.x has no maps).
 * Undefined when the text is no JSON, longer than {@link MAX_JSON_LENGTH} or nested deeper than {@link MAX_NESTING}.
 */
export function readStructured(value: CallValue | undefined): CallValue | undefined {
  if (typeof value !== 'string') return value;
  if (value.length > MAX_JSON_LENGTH) return undefined;
  let parsed: CallValue;
  try {
    parsed = JSON.parse(value) as CallValue;
  } catch {
    return undefined;
  }
  if (typeof parsed === 'object' && parsed !== null && !tidy(parsed, 1)) return undefined;
  return parsed;
}
