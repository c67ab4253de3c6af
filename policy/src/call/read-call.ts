import { askMeant } from '../canonical/nearest.js';
import { GuardspanError } from '../error.js';
import { createModelCall } from './create-model-call.js';
import type { CallIdentity, CallValue, ModelCall } from './model-call.js';

/** A call as people write it down, with what does not belong to the record itself. */
export interface WrittenCall {
  call: ModelCall;
  id: CallIdentity;
  /** `prompt.text` and `output.text`; absent when not written. */
  prompt: string | undefined;
  output: string | undefined;
  /** Numbers of a window by signal: `signals`, `samples`, `lower`, `upper`. */
  window: { [part in (typeof WINDOW_PARTS)[number]]: { [signal: string]: number } };
}

export const WINDOW_PARTS = ['signals', 'samples', 'lower', 'upper'] as const;
const IDENTITY = ['traceId', 'spanId', 'callId'] as const;
/** Maps whose keys the user chooses. */
const OPEN = new Set(['features', 'group', 'truth', 'attrs', 'output.values']);

/** What may stand in the maps that are fields of a call. */
const EXAMPLES: { readonly [path: string]: string } = {
  prompt: 'text: hello',
  output: 'text: hello',
  model: 'name: gpt-4o',
  error: 'type: Timeout',
  usage: 'inputTokens: 100',
  featureView: 'name: users',
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a fragment of a {@link ModelCall}: any of its fields, the identity `traceId`, `spanId`, `callId`, the texts `prompt: {text}` and
 * `output: {text}`, and for windowed guard-rails `signals`, `samples`, `lower`, `upper`. What is left out is unknown; `null` is unknown too.
 *
 * @param base The call to fill in; a new one when left out.
 * @throws GuardspanError GUARDSPAN_CALL_FIELD when a field does not exist or has another type.
 */
export function readCall(value: unknown, base: ModelCall = createModelCall()): WrittenCall {
  const fields = fieldsOf(value, '');
  const written: WrittenCall = {
    call: base,
    id: { traceId: '', spanId: '', callId: '' },
    prompt: undefined,
    output: undefined,
    window: { signals: {}, samples: {}, lower: {}, upper: {} },
  };
  for (const [key, field] of Object.entries(fields)) {
    if (field === null || field === undefined) continue;
    const identity = IDENTITY.find((name) => name === key);
    const part = WINDOW_PARTS.find((name) => name === key);
    if (identity !== undefined) written.id[identity] = typed(field, 'string', key) as string;
    else if (part !== undefined) written.window[part] = numbers(field, key);
    else if (key === 'prompt') written.prompt = textOf(field, key, true);
    else if (key === 'output') {
      written.output = textOf(field, key, false);
      const { text: _, ...rest } = fieldsOf(field, key);
      merge(base.output as unknown as Record<string, unknown>, rest, 'output.');
    } else merge(base as unknown as Record<string, unknown>, { [key]: field }, '');
  }
  return written;
}

function merge(target: Record<string, unknown>, source: Fields, prefix: string): void {
  for (const [key, value] of Object.entries(source)) {
    const path = prefix + key;
    if (value === null || value === undefined) continue;
    if (!Object.hasOwn(target, key))
      throw wrong(`a call has no field "${path}"`, fieldsHere(key, Object.keys(target), prefix));
    const current = target[key];
    if (OPEN.has(path)) Object.assign(current as object, fieldsOf(value, path));
    else if (path === 'toolCalls') target[key] = toolCalls(value);
    else if (Array.isArray(current)) target[key] = list(value, path);
    else if (typeof current === 'object') merge(current as Record<string, unknown>, fieldsOf(value, path), `${path}.`);
    else if (path === 'startedAt' && typeof value === 'string') target[key] = instant(value);
    else target[key] = typed(value, typeof current, path);
  }
}

function fieldsHere(written: string, fields: readonly string[], prefix: string): string {
  const known = prefix === '' ? [...fields, 'prompt', ...WINDOW_PARTS] : fields;
  return `${askMeant(written, known)}fields here: ${fields.join(', ')}`;
}

function toolCalls(value: unknown): ModelCall['toolCalls'] {
  return list(value, 'toolCalls').map((item, index) => {
    const path = `toolCalls[${index}]`;
    const { name, arguments: given, ...rest } = fieldsOf(item, path);
    const unknown = Object.keys(rest)[0];
    if (unknown !== undefined)
      throw wrong(`a tool call has no field "${path}.${unknown}"`, 'fields here: name, arguments');
    return {
      name: typed(name, 'string', `${path}.name`) as string,
      arguments: fieldsOf(given ?? {}, `${path}.arguments`) as { [key: string]: CallValue },
    };
  });
}

function textOf(value: unknown, path: string, alone: boolean): string | undefined {
  const { text, ...rest } = fieldsOf(value, path);
  const other = Object.keys(rest)[0];
  if (alone && other !== undefined) throw wrong(`a call has no field "${path}.${other}"`, `write ${path}: {text: ...}`);
  return text === undefined || text === null ? undefined : (typed(text, 'string', `${path}.text`) as string);
}

function numbers(value: unknown, path: string): { [name: string]: number } {
  if (typeof value === 'number')
    throw wrong(`${path} is a number, and there is one for each signal`, `write ${path}: {NAME: ${value}}`);
  return Object.fromEntries(
    Object.entries(fieldsOf(value, path))
      .filter(([, number]) => number !== null)
      .map(([name, number]) => [name, typed(number, 'number', `${path}.${name}`) as number]),
  );
}

function instant(text: string): number {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds))
    throw wrong(`startedAt: "${text}" is no time`, 'write seconds from epoch, or a time as 2026-03-01T12:00:00Z');
  return milliseconds / 1000;
}

function typed(value: unknown, type: string, path: string): unknown {
  if (typeof value !== type) throw wrong(`${path} is ${nameOf(value)} where a ${type} is needed`, `write a ${type}`);
  return value;
}

function list(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) throw wrong(`${path} is ${nameOf(value)} where a list is needed`, 'write a list');
  return value;
}

function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrong(
    `${path === '' ? 'the call' : path} is ${nameOf(value)} where fields are needed`,
    path === ''
      ? 'write a map of fields, for example {model: {name: gpt-4o}}'
      : `write a map, for example ${path}: {${EXAMPLES[path] ?? 'NAME: VALUE'}}`,
  );
}

function nameOf(value: unknown): string {
  return value === null || value === undefined ? 'missing' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function wrong(message: string, hint: string): GuardspanError {
  return new GuardspanError('GUARDSPAN_CALL_FIELD', message, hint);
}
