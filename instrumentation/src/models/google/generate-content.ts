import type { Redaction, TextPart, ToolCall, Usage } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { firstArgument, wholeResult } from '../promised/method-endpoint.js';
import type { AnswerStream, MethodEndpoint } from '../promised/method-endpoint.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { addText, listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { TextBuffer } from '../shared/text-buffer.js';
import { addContents } from './contents.js';
import { ContentRewriter, supportsOf } from './content-rewriter.js';
import { serverOf } from './server.js';

/** `gemini-2.5-pro` of `models/gemini-2.5-pro` and of `projects/p/locations/l/publishers/google/models/gemini-2.5-pro`. */
function modelOf(params: Json): string {
  return textOf(params['model']).replace(/^.*models\//, '');
}

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addContents(parts, 'config.systemInstruction', 'system', objectOf(params['config'])?.['systemInstruction']);
  for (const key of ['contents', 'content']) addContents(parts, key, 'user', params[key]);
  return parts;
}

function usageOf(value: unknown): Partial<Usage> | undefined {
  const usage = objectOf(value);
  if (!usage) return undefined;
  const count = (name: string): number => (typeof usage[name] === 'number' ? usage[name] : NaN);
  const result: Partial<Usage> = {};
  const [input, output] = [count('promptTokenCount'), count('candidatesTokenCount')];
  if (!Number.isNaN(input)) result.inputTokens = input;
  // Thoughts are answered and paid as output, and counted beside it.
  if (!Number.isNaN(output)) result.outputTokens = output + (count('thoughtsTokenCount') || 0);
  if (!Number.isNaN(count('totalTokenCount'))) result.totalTokens = count('totalTokenCount');
  return result;
}

function partsOf(candidate: unknown): readonly unknown[] {
  return listOf(objectOf(objectOf(candidate)?.['content'])?.['parts']);
}

function toolCallsOf(candidates: readonly unknown[]): ToolCall[] {
  return candidates.flatMap(partsOf).flatMap((part) => {
    const call = objectOf(objectOf(part)?.['functionCall']);
    if (!call) return [];
    return [{ name: textOf(call['name']), arguments: (objectOf(call['args']) ?? {}) as ToolCall['arguments'] }];
  });
}

function finishReasonsOf(candidates: readonly unknown[]): string[] {
  return candidates.map((each) => textOf(objectOf(each)?.['finishReason'])).filter((reason) => reason !== '');
}

function answer(data: Json): CallAnswer {
  const candidates = listOf(data['candidates']);
  return callAnswer({
    id: textOf(data['responseId']),
    model: textOf(data['modelVersion']),
    usage: usageOf(data['usageMetadata']),
    finishReasons: finishReasonsOf(candidates),
    toolCalls: toolCallsOf(candidates),
    texts: () => {
      const parts: TextPart[] = [];
      candidates.forEach((item, index) => {
        const candidate = objectOf(item);
        addContents(parts, `candidates.${index}.content`, 'assistant', candidate?.['content']);
        const grounding = `candidates.${index}.groundingMetadata.groundingSupports`;
        supportsOf(candidate).forEach((segment, at) =>
          addText(parts, `${grounding}.${at}.segment.text`, 'assistant', segment['text']),
        );
      });
      return parts;
    },
  });
}

/** Log probabilities spell a text out again. */
function afterRedaction(data: Json, redactions: readonly Pick<Redaction, 'path'>[]): void {
  for (const { path } of redactions) {
    const candidate = objectOf(listOf(data['candidates'])[Number(path.split('.')[1])]);
    delete candidate?.['logprobsResult'];
  }
}

class ContentCollector implements ChunkCollector {
  #last: Json = {};
  #usage: Partial<Usage> | undefined;
  readonly #reasons: string[] = [];
  readonly #tools: ToolCall[] = [];
  readonly #texts = new Map<number, TextBuffer>();

  add(value: unknown): void {
    const chunk = value as Json;
    this.#last = chunk;
    this.#usage = usageOf(chunk['usageMetadata']) ?? this.#usage;
    const candidates = listOf(chunk['candidates']);
    this.#reasons.push(...finishReasonsOf(candidates));
    this.#tools.push(...toolCallsOf(candidates));
    candidates.forEach((candidate, position) => {
      const given = objectOf(candidate)?.['index'];
      const index = typeof given === 'number' ? given : position;
      let buffer = this.#texts.get(index);
      if (!buffer) this.#texts.set(index, (buffer = new TextBuffer()));
      for (const part of partsOf(candidate)) buffer.add(objectOf(part)?.['text']);
    });
  }

  answer(): CallAnswer {
    return callAnswer({
      id: textOf(this.#last['responseId']),
      model: textOf(this.#last['modelVersion']),
      usage: this.#usage,
      finishReasons: this.#reasons,
      toolCalls: this.#tools,
      texts: () =>
        [...this.#texts].map(([index, buffer]) => ({
          path: `candidates.${index}.content.parts.0.text`,
          role: 'assistant',
          text: buffer.text(),
        })),
    });
  }
}

/** The client gives an asynchronous generator, and so do we. */
function stream(result: object): AnswerStream | undefined {
  if (!(Symbol.asyncIterator in result)) return undefined;
  const own = result as AsyncGenerator<unknown>;
  return { read: () => own, replace: (guarded) => guarded() };
}

const COMMON = {
  client: 'google-genai',
  objectIn: (client: unknown): unknown => objectOf(client)?.['models'],
  request: firstArgument,
  modelOf,
  server: (self: unknown) => serverOf((self as { apiClient?: unknown } | null)?.apiClient),
  requestTexts,
  complete: wholeResult,
} as const;

/** One request of `ai.models.generateContent`, also under chats and automatic function calling. */
export const generateContent: MethodEndpoint = {
  ...COMMON,
  method: 'generateContentInternal',
  operation: 'generate_content',
  kind: 'llm',
  streamed: () => false,
  answer,
  afterRedaction,
};

/** One request of `ai.models.generateContentStream`. */
export const generateContentStream: MethodEndpoint = {
  ...generateContent,
  method: 'generateContentStreamInternal',
  streamed: () => true,
  stream,
  collector: () => new ContentCollector(),
  rewriter: (guard, params) => new ContentRewriter(guard, params),
};

/** `ai.models.embedContent`. Vectors are never captured. */
export const embedContent: MethodEndpoint = {
  ...COMMON,
  method: 'embedContentInternal',
  operation: 'embeddings',
  kind: 'embedding',
  streamed: () => false,
  answer: () => callAnswer({ id: '', model: '', usage: undefined, finishReasons: [], toolCalls: [], texts: () => [] }),
};
