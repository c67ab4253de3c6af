import type { ToolCall } from '@guardspan/policy/runtime';
import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';

/** Calls of tools in one message of Ollama, whose arguments are objects. */
export function toolCallsOf(message: Json | undefined): ToolCall[] {
  return listOf(message?.['tool_calls']).map((item) => {
    const fn = objectOf(objectOf(item)?.['function']);
    return { name: textOf(fn?.['name']), arguments: (objectOf(fn?.['arguments']) ?? {}) as ToolCall['arguments'] };
  });
}
