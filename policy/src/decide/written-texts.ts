import type { ToolCall } from '../call/model-call.js';
import type { InlinePoint } from '../document/types.js';
import type { TextPart } from './types.js';

/**
 * The texts of a call that somebody wrote down, as an adapter would give them: the prompt at the request; later the answer, and the arguments of each call of a
 * tool as JSON.
 */
export function writtenTexts(
  point: InlinePoint,
  { prompt, output }: { prompt: string | undefined; output: string | undefined },
  toolCalls: readonly ToolCall[],
): TextPart[] {
  if (point === 'request') return prompt === undefined ? [] : [{ path: 'prompt', role: 'user', text: prompt }];
  const parts: TextPart[] = output === undefined ? [] : [{ path: 'output', role: 'assistant', text: output }];
  for (const [index, call] of toolCalls.entries()) {
    const text = JSON.stringify(call.arguments);
    parts.push({ path: `toolCalls.${index}.arguments`, role: 'assistant', text, tool: call.name });
  }
  return parts;
}
