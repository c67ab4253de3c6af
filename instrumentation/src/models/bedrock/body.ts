import type { TextPart, ToolCall, Usage } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { messages } from '../anthropic/messages.js';
import { chatCompletions } from '../openai/chat-completions.js';
import { callAnswer } from '../shared/call-answer.js';
import { addDeepTexts } from '../shared/deep-texts.js';
import { listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { answerOf as converseAnswer } from './converse.js';

/** A body as an object; undefined when it is no JSON object (images, audio). */
export function bodyOf(value: unknown): Json | undefined {
  try {
    if (typeof value === 'string') return objectOf(JSON.parse(value));
    if (!(value instanceof Uint8Array)) return undefined;
    return objectOf(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value)));
  } catch {
    return undefined;
  }
}

/** Where the formats have the tools that a request offers. */
const OFFERED = new Set(['tools', 'toolConfig', 'functions']);

/** Fields that say how a body is built, or are opaque to everybody but the provider: a body in which one of them is another text is none any more. */
const STRUCTURE: ReadonlySet<string> = new Set([
  ...[
    'id',
    'type',
    'role',
    'name',
    'model',
    'object',
    'status',
    'media_type',
    'tool_use_id',
    'toolUseId',
    'tool_call_id',
  ],
  ...['stop_reason', 'stopReason', 'finish_reason', 'finishReason', 'completionReason', 'stop_sequence'],
  ...['anthropic_version', 'anthropic_beta', 'schemaVersion', 'response_id', 'generation_id'],
  ...['signature', 'thoughtSignature', 'encrypted_content', 'redactedContent'],
]);

const DEEP = { calls: true, skip: STRUCTURE };

/** Every text of a body: each model family has a format of its own, so all of them are looked at. Tools that are offered are nobody's words. */
export function bodyTexts(body: Json, role: string): TextPart[] {
  const parts: TextPart[] = [];
  for (const [key, value] of Object.entries(body)) {
    if (key === 'messages') {
      listOf(value).forEach((item, index) =>
        addDeepTexts(parts, `${key}.${index}`, textOf(objectOf(item)?.['role']) || role, item, DEEP),
      );
    } else if (OFFERED.has(key)) {
      // They have names and parameters, too, and nobody calls them.
      addDeepTexts(parts, key, 'offered', value, { skip: STRUCTURE });
    } else if (!STRUCTURE.has(key)) {
      addDeepTexts(parts, key, key === 'system' ? 'system' : role, value, DEEP);
    }
  }
  return parts;
}

const INPUT = [
  'input_tokens',
  'inputTokens',
  'prompt_tokens',
  'prompt_token_count',
  'inputTextTokenCount',
  'inputTokenCount',
];
const OUTPUT = [
  'output_tokens',
  'outputTokens',
  'completion_tokens',
  'generation_token_count',
  'outputTokenCount',
  'tokenCount',
];

function countIn(nodes: readonly (Json | undefined)[], names: readonly string[]): number | undefined {
  for (const node of nodes) {
    for (const name of names) if (typeof node?.[name] === 'number') return node[name];
  }
  return undefined;
}

/** Token counts in the places where the model families have them, and where the provider adds them to a stream. */
export function bodyTokens(body: Json): Partial<Usage> | undefined {
  const nodes = [body['usage'], body['amazon-bedrock-invocationMetrics'], body, listOf(body['results'])[0]].map(
    objectOf,
  );
  const [inputTokens, outputTokens] = [countIn(nodes, INPUT), countIn(nodes, OUTPUT)];
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}

/** Why the model stopped, wherever its family says so; empty when it does not. */
export function bodyReason(body: Json): string {
  const nodes = [body, ...['results', 'outputs', 'choices', 'generations'].flatMap((key) => listOf(body[key]))].map(
    objectOf,
  );
  for (const node of nodes) {
    const reason = reasonOf(node);
    if (reason !== '') return reason;
  }
  return '';
}

/** Why the model stopped, as one object of a body says; empty when it does not. */
export function reasonOf(node: Json | undefined): string {
  for (const key of ['stop_reason', 'stopReason', 'completionReason', 'finish_reason', 'finishReason']) {
    if (textOf(node?.[key]) !== '') return textOf(node?.[key]);
  }
  return '';
}

/** Calls of tools in the places where the model families have them: Anthropic, Nova, Mistral and OpenAI, Cohere. */
export function bodyToolCalls(body: Json): ToolCall[] {
  const shared = [messages.answer(body), converseAnswer(body), chatCompletions.answer(body)];
  return [...shared.flatMap(({ toolCalls }) => toolCalls ?? []), ...wholeCalls(body)];
}

/** Calls of tools in the place where Cohere's models have them, with values. */
export function wholeCalls(body: Json): ToolCall[] {
  return listOf(body['tool_calls']).map((item) => {
    const call = objectOf(item);
    return {
      name: textOf(call?.['name']),
      arguments: (objectOf(call?.['parameters']) ?? {}) as ToolCall['arguments'],
    };
  });
}

/** What a complete answer of InvokeModel says. */
export function bodyAnswer(body: Json): CallAnswer {
  const reason = bodyReason(body);
  return callAnswer({
    id: textOf(body['id']),
    model: textOf(body['model']),
    usage: bodyTokens(body),
    finishReasons: reason === '' ? [] : [reason],
    toolCalls: bodyToolCalls(body),
    texts: () => bodyTexts(body, 'assistant'),
  });
}
