import type { Redaction, TextPart, ToolCall, Usage } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { OPENAI } from './family.js';
import { CallSlots } from '../shared/call-slots.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import type { Endpoint } from '../stainless/endpoint.js';
import type { Json } from '../shared/json.js';
import { addText, listOf, objectOf, textOf, toolCall, usageOf } from '../shared/json.js';
import { addSaid, deltaTexts } from './message-texts.js';
import { ChatRewriter } from './stream/chat-rewriter.js';
import { TextBuffer } from '../shared/text-buffer.js';

/** Texts of one message, of a request or of an answer. Paths are made for what is there: nearly all messages are a text and nothing else. */
function addMessage(parts: TextPart[], path: string, message: Json, role: string): void {
  addSaid(parts, path, message, role);
  const legacy = objectOf(message['function_call']);
  if (legacy) addText(parts, `${path}.function_call.arguments`, role, legacy['arguments'], textOf(legacy['name']));
  if (Array.isArray(message['tool_calls'])) addToolCalls(parts, `${path}.tool_calls`, message['tool_calls'], role);
}

function addToolCalls(parts: TextPart[], path: string, calls: readonly unknown[], role: string): void {
  calls.forEach((item, index) => {
    const call = objectOf(item);
    const at = `${path}.${index}`;
    const [fn, custom] = [objectOf(call?.['function']), objectOf(call?.['custom'])];
    addText(parts, `${at}.function.arguments`, role, fn?.['arguments'], textOf(fn?.['name']));
    addText(parts, `${at}.custom.input`, role, custom?.['input'], textOf(custom?.['name']));
  });
}

function addMessages(parts: TextPart[], messages: readonly unknown[]): void {
  for (let index = 0; index < messages.length; index++) {
    const message = objectOf(messages[index]);
    if (message) addMessage(parts, `messages.${index}`, message, textOf(message['role']));
  }
}

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addMessages(parts, listOf(params['messages']));
  const prediction = objectOf(params['prediction'])?.['content'];
  if (prediction === undefined) return parts;
  addText(parts, 'prediction.content', 'assistant', prediction);
  listOf(prediction).forEach((item, index) => {
    addText(parts, `prediction.content.${index}.text`, 'assistant', objectOf(item)?.['text']);
  });
  return parts;
}

function answerTexts(data: Json): TextPart[] {
  const parts: TextPart[] = [];
  listOf(data['choices']).forEach((item, index) => {
    const message = objectOf(objectOf(item)?.['message']);
    if (message) addMessage(parts, `choices.${index}.message`, message, 'assistant');
  });
  return parts;
}

function answer(data: Json): CallAnswer {
  const finishReasons: string[] = [];
  const toolCalls: ToolCall[] = [];
  for (const item of listOf(data['choices'])) {
    const choice = objectOf(item);
    const reason = textOf(choice?.['finish_reason']);
    if (reason !== '') finishReasons.push(reason);
    for (const call of listOf(objectOf(choice?.['message'])?.['tool_calls']))
      toolCalls.push(toolCallOf(objectOf(call)));
  }
  return callAnswer({
    id: textOf(data['id']),
    model: textOf(data['model']),
    usage: usageOf(data['usage']),
    finishReasons,
    toolCalls,
    texts: () => answerTexts(data),
  });
}

function toolCallOf(call: Json | undefined): ToolCall {
  const fn = objectOf(call?.['function']);
  return fn ? toolCall(fn['name'], fn['arguments']) : toolCall(objectOf(call?.['custom'])?.['name'], '');
}

interface StreamedToolCall {
  name: string;
  arguments: TextBuffer;
}

class ChatCollector implements ChunkCollector {
  #id = '';
  #model = '';
  #usage: Partial<Usage> | undefined;
  readonly #finishReasons: string[] = [];
  readonly #texts = new Map<string, TextBuffer>();
  /** Keyed by choice and by the tool call's own index: pieces of several calls may come interleaved. */
  readonly #tools = new Map<string, StreamedToolCall>();
  readonly #slots = new CallSlots();

  add(value: unknown): void {
    const chunk = objectOf(value);
    if (!chunk) return;
    this.#id ||= textOf(chunk['id']);
    this.#model ||= textOf(chunk['model']);
    this.#usage = usageOf(chunk['usage']) ?? this.#usage;
    // The chunk that carries usage has no choices.
    for (const item of listOf(chunk['choices'])) {
      const choice = objectOf(item);
      const index = typeof choice?.['index'] === 'number' ? choice['index'] : 0;
      const reason = textOf(choice?.['finish_reason']);
      if (reason !== '') this.#finishReasons.push(reason);
      const delta = objectOf(choice?.['delta']);
      if (delta) this.#addDelta(index, delta);
    }
  }

  #addDelta(choice: number, delta: Json): void {
    for (const { path, piece } of deltaTexts(delta)) {
      const at = `choices.${choice}.message.${path}`;
      let buffer = this.#texts.get(at);
      if (!buffer) this.#texts.set(at, (buffer = new TextBuffer()));
      buffer.add(piece);
    }
    listOf(delta['tool_calls']).forEach((item, position) => {
      const call = objectOf(item);
      const fn = objectOf(call?.['function']);
      const name = textOf((fn ?? objectOf(call?.['custom']))?.['name']);
      const place = `${choice}.${typeof call?.['index'] === 'number' ? call['index'] : position}`;
      const { key } = this.#slots.at(place, call?.['id'], name);
      let streamed = this.#tools.get(key);
      if (!streamed) this.#tools.set(key, (streamed = { name: '', arguments: new TextBuffer() }));
      streamed.name ||= name;
      streamed.arguments.add(fn?.['arguments']);
    });
  }

  answer(): CallAnswer {
    return callAnswer({
      id: this.#id,
      model: this.#model,
      usage: this.#usage,
      finishReasons: this.#finishReasons,
      toolCalls: [...this.#tools.values()].map((call) => toolCall(call.name, call.arguments.text())),
      texts: () => {
        const parts: TextPart[] = [];
        for (const [path, buffer] of this.#texts) addText(parts, path, 'assistant', buffer.text());
        return parts;
      },
    });
  }
}

/** Log probabilities spell a text out again, and audio says its transcript. */
function afterRedaction(data: Json, redactions: readonly Pick<Redaction, 'path'>[]): void {
  for (const { path } of redactions) {
    const choice = objectOf(listOf(data['choices'])[Number(path.split('.')[1])]);
    if (choice?.['logprobs']) choice['logprobs'] = null;
    const audio = objectOf(objectOf(choice?.['message'])?.['audio']);
    if (audio && path.endsWith('.audio.transcript')) audio['data'] = '';
  }
}

/** `client.chat.completions.create`, also under `parse`, `stream` and `runTools`. */
export const chatCompletions: Endpoint = {
  family: OPENAI,
  path: ['chat', 'completions'],
  operation: 'chat',
  kind: 'llm',
  requestTexts,
  answer,
  afterRedaction,
  collector: () => new ChatCollector(),
  rewriter: (guard, params) => new ChatRewriter(guard, params),
};
