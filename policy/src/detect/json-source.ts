import type { JsonEdit } from './json-edits.js';
import { jsonEdits } from './json-edits.js';
import { JsonUnits } from './json-units.js';
import type { JsonUnit } from './json-units.js';

/** JSON text as detectors read it. */
export interface JsonSource {
  /** Decoded: escapes in strings stand for what they mean. */
  readonly text: string;
  /** Stretches of the source to replace a stretch of the decoded text by, so that the source stays valid JSON. */
  edits(edit: JsonEdit): JsonEdit[];
}

const LOOKS_LIKE = /^\s*[{[]/;

/** Reads a text as JSON; null when it is none. `given`: it is what a tool is given, so it is JSON also when the model stopped in the middle of it. */
export function readJsonSource(source: string, given: boolean): JsonSource | null {
  if (!LOOKS_LIKE.test(source) || !(given || isJson(source))) return null;
  const units: JsonUnit[] = [];
  const reader = new JsonUnits();
  const text = reader.push(source, units) + reader.finish(units);
  let starts: number[] | undefined;
  return {
    text,
    edits(edit) {
      starts ??= startsOf(units);
      return jsonEdits(units, edit).map((each) => ({ ...each, start: starts![each.start]!, end: starts![each.end]! }));
    },
  };
}

/** Where each unit starts in the source, and where the last one ends. */
function startsOf(units: readonly JsonUnit[]): number[] {
  const starts = [0];
  for (const { raw } of units) starts.push(starts.at(-1)! + raw.length);
  return starts;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
