import type { TextPart } from '@guardspan/policy/runtime';
import type { GuardrailDeniedError } from '../../actions/errors.js';
import type { CallAnswer } from '../../guard/types.js';
import type { ChunkRewriter } from '../../stream/observe-stream.js';
import type { StreamGuard } from '../../stream/stream-guard.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import { addText, listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { TextBuffer } from '../shared/text-buffer.js';
import type { Endpoint } from '../stainless/endpoint.js';

/** Fields that name things. All others are inputs and outputs of the model, under names that it chose (`text_input`, `text_output`). */
const NAMES = new Set(['id', 'model_name', 'model_version', 'sequence_id']);

/** Texts of inputs or outputs: strings and lists of strings. */
function textsOf(body: Json, role: string): TextPart[] {
  const parts: TextPart[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (NAMES.has(name)) continue;
    addText(parts, name, role, value);
    listOf(value).forEach((text, index) => addText(parts, `${name}.${index}`, role, text));
  }
  return parts;
}

function facts(body: Json, texts: () => readonly TextPart[]): CallAnswer {
  const [id, model] = [textOf(body['id']), textOf(body['model_name'])];
  return callAnswer({ id, model, usage: undefined, finishReasons: [], toolCalls: [], texts });
}

/** Outputs of a chunk that go on in the next one. */
function streamedTexts(chunk: Json): [string, string][] {
  return Object.entries(chunk).filter((entry): entry is [string, string] => {
    const [name, value] = entry;
    return typeof value === 'string' && !NAMES.has(name);
  });
}

class GenerateCollector implements ChunkCollector {
  #last: Json = {};
  readonly #texts = new Map<string, TextBuffer>();

  add(value: unknown): void {
    const chunk = objectOf(value);
    if (!chunk) return;
    this.#last = chunk;
    for (const [name, text] of streamedTexts(chunk)) {
      let buffer = this.#texts.get(name);
      if (!buffer) this.#texts.set(name, (buffer = new TextBuffer()));
      buffer.add(text);
    }
  }

  answer(): CallAnswer {
    return facts(this.#last, () => {
      const parts: TextPart[] = [];
      for (const [name, buffer] of this.#texts) addText(parts, name, 'assistant', buffer.text());
      return parts;
    });
  }
}

class GenerateRewriter implements ChunkRewriter {
  readonly #names = new Set<string>();
  #last: Json = {};

  constructor(private readonly guard: StreamGuard) {}

  get refusal(): GuardrailDeniedError | null {
    return this.guard.refusal;
  }

  rewrite(value: unknown): unknown[] {
    const chunk = objectOf(value);
    if (!chunk) return [value];
    this.#last = chunk;
    for (const [name, text] of streamedTexts(chunk)) {
      this.#names.add(name);
      chunk[name] = this.guard.push(name, text);
    }
    return this.guard.refusal === null ? [chunk] : [];
  }

  finish(): unknown[] {
    const rest = [...this.#names].map((name) => [name, this.guard.finish(name)] as const);
    if (rest.every(([, text]) => text === '') || this.guard.refusal !== null) return [];
    return [{ ...this.#last, ...Object.fromEntries(rest) }];
  }
}

/** The generate extension of Triton: a language model below its own path, whole (`generate`) or as events (`generate_stream`). */
export const tritonGenerate: Endpoint = {
  family: { client: 'triton', provider: '' },
  path: ['generate'],
  operation: 'text_completion',
  kind: 'llm',
  requestTexts: (body) => textsOf(body, 'user'),
  answer: (body) => facts(body, () => textsOf(body, 'assistant')),
  collector: () => new GenerateCollector(),
  rewriter: (guard) => new GenerateRewriter(guard),
};
