import type { TextPart, ToolCall, Usage } from '@guardspan/policy/runtime';
import { addDeepTexts } from '../shared/deep-texts.js';
import { addText, listOf, objectOf, textOf, toolCall } from '../shared/json.js';
import type { Json } from '../shared/json.js';

/** Texts of the content of a message: a text, or chunks of which some have one (also the thoughts of a reasoning model). */
function addContent(parts: TextPart[], path: string, role: string, content: unknown): void {
  addText(parts, path, role, content);
  listOf(content).forEach((value, index) => {
    const chunk = objectOf(value);
    addText(parts, `${path}.${index}.text`, role, chunk?.['text']);
    addContent(parts, `${path}.${index}.thinking`, role, chunk?.['thinking']);
  });
}

/** Texts of one message, of a request or of an answer. */
export function addMessage(parts: TextPart[], path: string, message: Json, role: string): void {
  addContent(parts, `${path}.content`, role, message['content']);
  // What `parse()` made of the content for the application; nothing is sent of it.
  addDeepTexts(parts, `${path}.parsed`, role, message['parsed']);
  listOf(message['toolCalls']).forEach((item, index) => {
    const fn = objectOf(objectOf(item)?.['function']);
    const tool = textOf(fn?.['name']);
    addDeepTexts(parts, `${path}.toolCalls.${index}.function.arguments`, role, fn?.['arguments'], { tool });
  });
}

/** A tool call, whose arguments are a text or an object. */
export function toolCallOf(name: unknown, args: unknown): ToolCall {
  const given = objectOf(args);
  return given ? { name: textOf(name), arguments: given as ToolCall['arguments'] } : toolCall(name, args);
}

/** Token counts; undefined when the provider reported none. */
export function tokensOf(value: unknown): Partial<Usage> | undefined {
  const usage = objectOf(value);
  if (!usage) return undefined;
  const result: Partial<Usage> = {};
  const { promptTokens, completionTokens, totalTokens } = usage;
  if (typeof promptTokens === 'number') result.inputTokens = promptTokens;
  if (typeof completionTokens === 'number') result.outputTokens = completionTokens;
  if (typeof totalTokens === 'number') result.totalTokens = totalTokens;
  return result;
}
