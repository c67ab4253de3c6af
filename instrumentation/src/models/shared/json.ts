import type { CallValue, TextPart, ToolCall, Usage } from '@guardspan/policy/runtime';

/** JSON as it comes and goes, of unknown shape. */
export type Json = { [key: string]: unknown };

/** Longest JSON text of tool-call arguments that is parsed, in UTF-16 units. */
const MAX_ARGUMENTS = 65_536;

/** The value as an object, or undefined. */
export function objectOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** The value as a list; empty when it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The value as text; empty when it is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** True when a choice says why it ended. Some servers write an empty text or "null" as long as it has not. */
export function hasEnded(reason: unknown): boolean {
  return typeof reason === 'string' && reason !== '' && reason !== 'null';
}

/** Adds a text part when the value is a text that is not empty. `tool`: the text is what the tool of this name is given; empty when nobody says which. */
export function addText(parts: TextPart[], path: string, role: string, value: unknown, tool?: string): void {
  if (typeof value !== 'string' || value === '') return;
  parts.push(tool === undefined ? { path, role, text: value } : { path, role, text: value, tool });
}

/** Arguments of a tool call as the model wrote them; empty when they are no JSON object or too long. */
export function toolCall(name: unknown, args: unknown): ToolCall {
  const text = textOf(args);
  let parsed: Json | undefined;
  if (text !== '' && text.length <= MAX_ARGUMENTS) {
    try {
      parsed = objectOf(JSON.parse(text));
    } catch {
      // A model may stop in the middle of its arguments; the call's name still counts.
    }
  }
  return { name: textOf(name), arguments: (parsed ?? {}) as { [key: string]: CallValue } };
}

/** Token counts of `usage` in either of OpenAI's two vocabularies; undefined when the provider reported none. */
export function usageOf(value: unknown): Partial<Usage> | undefined {
  const usage = objectOf(value);
  if (!usage) return undefined;
  const result: Partial<Usage> = {};
  const input = usage['prompt_tokens'] ?? usage['input_tokens'];
  const output = usage['completion_tokens'] ?? usage['output_tokens'];
  const total = usage['total_tokens'];
  if (typeof input === 'number') result.inputTokens = input;
  if (typeof output === 'number') result.outputTokens = output;
  if (typeof total === 'number') result.totalTokens = total;
  return result;
}
