import type { JsonEdit } from './json-edits.js';
import { jsonEdits } from './json-edits.js';
import { JsonUnits } from './json-units.js';
import type { JsonUnit } from './json-units.js';

/** JSON text as detectors read it. */
export interface JsonSource {
  /** Decoded: escapes in strings stand for what they mean. */
  readonly text: string;
  /** Stretches of the source to replace a stretch of the decoded text by, so that the source stays valid JSON. */
  readonly edits: (edit: JsonEdit) => JsonEdit[];
  /** The same for a stretch of the source itself; an escape of which it covers a part is replaced as a whole. */
  readonly sourceEdits: (edit: JsonEdit) => JsonEdit[];
}

const LOOKS_LIKE = /^\s*[{[]/;

/** False for a text that begins like no object and no list of JSON. */
export function looksLikeJson(text: string): boolean {
  const first = text.charCodeAt(0);
  // Most texts begin with a letter.
  return first > 32 && first < 128 ? first === 123 || first === 91 : LOOKS_LIKE.test(text);
}

/** Reads a text as JSON; null when it is none. `given`: it is what a tool is given, so it is JSON also when the model stopped in the middle of it. */
export function readJsonSource(source: string, given: boolean): JsonSource | null {
  if (!looksLikeJson(source) || !(given || isJson(source))) return null;
  const units: JsonUnit[] = [];
  const reader = new JsonUnits();
  const text = reader.push(source, units) + reader.finish(units);
  let starts: number[] | undefined;
  const edits = (edit: JsonEdit): JsonEdit[] => {
    const at = (starts ??= startsOf(units));
    return jsonEdits(units, edit).map((each) => ({ ...each, start: at[each.start]!, end: at[each.end]! }));
  };
  return {
    text,
    edits,
    sourceEdits({ start, end, replacement }) {
      const at = (starts ??= startsOf(units));
      return edits({ start: firstAfter(at, start) - 1, end: firstAfter(at, end - 1), replacement });
    },
  };
}

/** Where each unit starts in the source, and where the last one ends. */
function startsOf(units: readonly JsonUnit[]): number[] {
  const starts = [0];
  for (const { raw } of units) starts.push(starts.at(-1)! + raw.length);
  return starts;
}

/** Index of the first number that is greater; the numbers ascend. */
function firstAfter(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
