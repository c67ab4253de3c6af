import type { Redaction, TextPart, ToolCall, Usage } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { firstArgument, wholeResult } from '../promised/method-endpoint.js';
import type { MethodEndpoint } from '../promised/method-endpoint.js';
import { readableStream } from '../promised/readable-stream.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { addText, listOf, objectOf, textOf, toolCall } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { TextBuffer } from '../shared/text-buffer.js';
import { InteractionRewriter } from './interaction-rewriter.js';
import { serverOf } from './server.js';
import { addSteps, stepCall } from './steps.js';

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addText(parts, 'system_instruction', 'system', params['system_instruction']);
  addSteps(parts, 'input', 'user', params['input']);
  return parts;
}

function usageOf(value: unknown): Partial<Usage> | undefined {
  const usage = objectOf(value);
  if (!usage) return undefined;
  const result: Partial<Usage> = {};
  const { total_input_tokens: input, total_output_tokens: output, total_thought_tokens: thoughts } = usage;
  if (typeof input === 'number') result.inputTokens = input;
  // Thoughts are answered and paid as output, and counted beside it.
  if (typeof output === 'number') result.outputTokens = output + (typeof thoughts === 'number' ? thoughts : 0);
  if (typeof usage['total_tokens'] === 'number') result.totalTokens = usage['total_tokens'];
  return result;
}

function answer(data: Json): CallAnswer {
  const steps = listOf(data['steps']);
  return callAnswer({
    id: textOf(data['id']),
    model: textOf(data['model']) || textOf(data['agent']),
    usage: usageOf(data['usage']),
    finishReasons: data['status'] === undefined ? [] : [textOf(data['status'])],
    toolCalls: steps.map((step) => stepCall(objectOf(step) ?? {})).filter((call) => call !== undefined),
    texts: () => {
      const parts: TextPart[] = [];
      addSteps(parts, 'steps', 'assistant', steps);
      return parts;
    },
  });
}

/** The client adds `output_text`, the texts at the end of the answer in one; it must not keep what was redacted. */
function afterRedaction(data: Json, _redactions: readonly Pick<Redaction, 'path'>[]): void {
  if (typeof data['output_text'] !== 'string') return;
  const texts: string[] = [];
  for (const item of listOf(data['steps']).toReversed()) {
    const step = objectOf(item);
    if (step?.['type'] === 'thought' || (step?.['type'] !== 'model_output' && texts.length === 0)) continue;
    if (step?.['type'] !== 'model_output') break;
    const contents = listOf(step['content']).map(objectOf).toReversed();
    const others = contents.findIndex((content) => content?.['type'] !== 'text');
    const end = others === -1 ? contents.length : others;
    texts.push(...contents.slice(0, end).map((content) => textOf(content?.['text'])));
    if (others !== -1) break;
  }
  data['output_text'] = texts.toReversed().join('');
}

function sumOf(one: Partial<Usage>, other: Partial<Usage>): Partial<Usage> {
  const sum: Partial<Usage> = { ...one };
  for (const key of Object.keys(other) as (keyof Usage)[]) sum[key] = (one[key] ?? 0) + (other[key] ?? 0);
  return sum;
}

class InteractionCollector implements ChunkCollector {
  #interaction: Json = {};
  /** Of all requests that the client made for the answer. */
  #usage: Partial<Usage> | undefined;
  readonly #text = new TextBuffer();
  readonly #calls = new Map<unknown, { name: string; pieces: TextBuffer; given: ToolCall }>();

  add(value: unknown): void {
    const event = objectOf(value);
    this.#interaction = { ...this.#interaction, ...objectOf(event?.['interaction']) };
    const usage = event?.['event_type'] === 'interaction.completed' ? usageOf(this.#interaction['usage']) : undefined;
    if (usage) this.#usage = this.#usage ? sumOf(this.#usage, usage) : usage;
    const call = stepCall(objectOf(event?.['step']) ?? {});
    if (call) this.#calls.set(event?.['index'], { name: call.name, pieces: new TextBuffer(), given: call });
    const delta = objectOf(event?.['delta']);
    if (delta?.['type'] === 'text') this.#text.add(delta['text']);
    if (delta?.['type'] === 'arguments_delta') this.#calls.get(event?.['index'])?.pieces.add(delta['arguments']);
  }

  answer(): CallAnswer {
    const known = answer(this.#interaction);
    if (this.#usage) known.usage = this.#usage;
    if (listOf(this.#interaction['steps']).length > 0) return known;
    const calls = [...this.#calls.values()].map(({ name, pieces, given }) =>
      pieces.text() === '' ? given : toolCall(name, pieces.text()),
    );
    return {
      ...known,
      ...(calls.length === 0 ? {} : { toolCalls: calls }),
      texts: () => {
        const parts: TextPart[] = [];
        addText(parts, 'steps.0.content.0.text', 'assistant', this.#text.text());
        return parts;
      },
    };
  }
}

/** `ai.interactions.create`, with its continuations one call. */
export const interactions: MethodEndpoint = {
  client: 'google-genai',
  objectIn: (client) => objectOf(client)?.['interactions'],
  method: 'create',
  operation: 'generate_content',
  kind: 'llm',
  request: firstArgument,
  modelOf: (params) => (textOf(params['model']) || textOf(params['agent'])).replace(/^.*models\//, ''),
  streamed: (params) => params['stream'] === true,
  server: (self) => serverOf(objectOf(self)?.['parentClient']),
  requestTexts,
  stream: readableStream,
  complete: wholeResult,
  answer,
  afterRedaction,
  collector: () => new InteractionCollector(),
  rewriter: (guard, params) => new InteractionRewriter(guard, params),
};
