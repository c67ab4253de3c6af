import type { TextPart, ToolCall } from '@guardspan/policy/runtime';
import { pathStep } from '../../actions/text-paths.js';
import { addText, listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';

/** Levels of a value that are looked into. */
const MAX_DEPTH = 16;
/** Contents without text. */
const MEDIA = new Set(['image', 'audio', 'video', 'document']);
/** Fields of results that are no text of anybody. */
const NO_TEXT = new Set(['type', 'annotations', 'mime_type', 'uri', 'data']);

/** Who says the contents of a step, where its type tells. */
const ROLES = new Map<unknown, string>([
  ['user_input', 'user'],
  ['model_output', 'assistant'],
  ['thought', 'assistant'],
]);

/** Where a text of a step stands: `holder[key]`. */
export interface StepText {
  holder: Json;
  key: string;
  path: string;
  role: string;
  /** The tool that is given the text; undefined when it is for none. */
  tool: string | undefined;
}

type Visit = (text: StepText) => void;

function visitDeep(text: StepText, visit: Visit, skip: ReadonlySet<string> | undefined, depth = 0): void {
  const value = text.holder[text.key];
  if (typeof value === 'string') return visit(text);
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return;
  const holder = value as Json;
  if (skip && MEDIA.has(textOf(holder['type']))) return;
  for (const key of Object.keys(holder)) {
    if (skip?.has(key)) continue;
    visitDeep({ ...text, holder, key, path: `${text.path}.${pathStep(key)}` }, visit, skip, depth + 1);
  }
}

/** The tool that a step or a delta calls: by its name, or of the provider's own by the kind of the step (`google_search`). Undefined when it calls none. */
export function toolOf(step: Json): string | undefined {
  const type = textOf(step['type']);
  if (textOf(step['name']) !== '' && step['arguments'] !== undefined) return textOf(step['name']);
  return type.endsWith('_call') ? type.slice(0, -'_call'.length) : undefined;
}

/** Calls every text of a step, or of a delta that is not a piece of one: contents, thoughts, what tools are given and come back with. */
export function visitStep(step: Json, path: string, role: string, visit: Visit): void {
  const own = ROLES.get(step['type']) ?? role;
  if (step['type'] === 'text') visit({ holder: step, key: 'text', path: `${path}.text`, role, tool: undefined });
  for (const field of ['content', 'summary']) {
    listOf(step[field]).forEach((item, index) => {
      const content = objectOf(item);
      const at = `${path}.${field}.${index}.text`;
      if (content) visit({ holder: content, key: 'text', path: at, role: own, tool: undefined });
    });
  }
  const given = { holder: step, key: 'arguments', path: `${path}.arguments`, role: 'assistant', tool: toolOf(step) };
  visitDeep(given, visit, undefined);
  visitDeep({ holder: step, key: 'result', path: `${path}.result`, role: 'tool', tool: undefined }, visit, NO_TEXT);
}

/** Adds the texts of what an interaction is given or answers: a text, a content, or a list of contents or steps. */
export function addSteps(parts: TextPart[], path: string, role: string, value: unknown): void {
  addText(parts, path, role, value);
  if (Array.isArray(value)) return value.forEach((each, index) => addStep(parts, `${path}.${index}`, role, each));
  addStep(parts, path, role, value);
}

function addStep(parts: TextPart[], path: string, role: string, value: unknown): void {
  const step = objectOf(value);
  if (!step) return;
  visitStep(step, path, role, ({ holder, key, path: at, role: own, tool }) =>
    addText(parts, at, own, holder[key], tool),
  );
}

/** The call of a function, of the application's or of a server's of tools; undefined for other steps. */
export function stepCall(step: Json): ToolCall | undefined {
  const name = textOf(step['name']);
  if (name === '' || !textOf(step['type']).endsWith('_call')) return undefined;
  return { name, arguments: (objectOf(step['arguments']) ?? {}) as ToolCall['arguments'] };
}
