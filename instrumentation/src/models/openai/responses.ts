import type { Redaction, TextPart } from '@guardspan/policy/runtime';
import { pathStep } from '../../actions/text-paths.js';
import type { CallAnswer } from '../../guard/types.js';
import { builtInCalls, builtInTexts } from './built-in-tools.js';
import { OPENAI } from './family.js';
import { callAnswer } from '../shared/call-answer.js';
import type { ChunkCollector } from '../shared/chunk-collector.js';
import type { Endpoint } from '../stainless/endpoint.js';
import type { Json } from '../shared/json.js';
import { addText, listOf, objectOf, textOf, toolCall, usageOf } from '../shared/json.js';
import { callsTool, CODE_TOOL, ResponseRewriter } from './stream/response-rewriter.js';
import { resourceAt } from '../shared/resource-at.js';
import { TextBuffer } from '../shared/text-buffer.js';

/** Texts of an item of `input` or `output`: messages, tool calls, results of tools, reasoning. */
function addItem(parts: TextPart[], path: string, item: Json, role: string): void {
  for (const { holder, key, path: at, role: own, tool: built } of builtInTexts(item, path))
    addText(parts, at, own, holder[key], built);
  const tool = textOf(item['name']);
  addText(parts, `${path}.arguments`, 'assistant', item['arguments'], tool);
  addText(parts, `${path}.input`, 'assistant', item['input'], tool);
  addText(parts, `${path}.code`, 'assistant', item['code'], CODE_TOOL);
  addText(parts, `${path}.output`, 'tool', item['output']);
  addText(parts, `${path}.content`, role, item['content']);
  for (const [field, key] of [
    ['outputs', 'logs'],
    ['results', 'text'],
  ] as const)
    listOf(item[field]).forEach((value, index) =>
      addText(parts, `${path}.${field}.${index}.${key}`, 'tool', objectOf(value)?.[key]),
    );
  for (const [field, fieldRole] of [
    ['content', role],
    ['output', 'tool'],
    ['summary', 'assistant'],
  ] as const) {
    listOf(item[field]).forEach((value, index) => {
      const part = objectOf(value);
      addText(parts, `${path}.${field}.${index}.text`, fieldRole, part?.['text']);
      addText(parts, `${path}.${field}.${index}.refusal`, fieldRole, part?.['refusal']);
      addText(parts, `${path}.${field}.${index}.transcript`, fieldRole, part?.['transcript']);
    });
  }
}

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addText(parts, 'instructions', 'system', params['instructions']);
  addText(parts, 'input', 'user', params['input']);
  listOf(params['input']).forEach((value, index) => {
    const item = objectOf(value);
    if (item) addItem(parts, `input.${index}`, item, textOf(item['role']) || 'user');
  });
  const variables = objectOf(objectOf(params['prompt'])?.['variables']) ?? {};
  for (const [name, value] of Object.entries(variables)) {
    const path = `prompt.variables.${pathStep(name)}`;
    addText(parts, path, 'user', value);
    addText(parts, `${path}.text`, 'user', objectOf(value)?.['text']);
  }
  return parts;
}

function answer(data: Json): CallAnswer {
  const items = listOf(data['output']).map(objectOf);
  return callAnswer({
    id: textOf(data['id']),
    model: textOf(data['model']),
    usage: usageOf(data['usage']),
    finishReasons: data['status'] === undefined ? [] : [textOf(data['status'])],
    toolCalls: items.flatMap((item) =>
      callsTool(item)
        ? [toolCall(item?.['name'], item?.['arguments'] ?? item?.['input'])]
        : item
          ? builtInCalls(item)
          : [],
    ),
    texts: () => {
      const parts: TextPart[] = [];
      items.forEach((item, index) => {
        if (item) addItem(parts, `output.${index}`, item, 'assistant');
      });
      return parts;
    },
  });
}

/** The client adds `output_text`, the texts of all messages in one; it must not keep what was redacted. */
function afterRedaction(data: Json, redactions: readonly Pick<Redaction, 'path'>[]): void {
  // Log probabilities spell a text out again.
  for (const { path } of redactions) {
    const part = objectOf(resourceAt(data, path.split('.').slice(0, -1)));
    if (Array.isArray(part?.['logprobs'])) part['logprobs'] = [];
    // Audio says aloud what was cut out of its transcript.
    if (path.endsWith('.transcript') && typeof part?.['data'] === 'string') part['data'] = '';
  }
  if (typeof data['output_text'] !== 'string') return;
  data['output_text'] = listOf(data['output'])
    .map(objectOf)
    .filter((item) => item?.['type'] === 'message')
    .flatMap((item) => listOf(item?.['content']).map(objectOf))
    .filter((part) => part?.['type'] === 'output_text')
    .map((part) => textOf(part?.['text']))
    .join('');
}

class ResponseCollector implements ChunkCollector {
  #response: Json | undefined;
  readonly #text = new TextBuffer();

  add(value: unknown): void {
    const event = objectOf(value);
    if (event?.['type'] === 'response.output_text.delta') this.#text.add(event['delta']);
    // `response.created`, `.in_progress`, `.completed`, `.incomplete` and `.failed` carry the response as far as it is known.
    this.#response = objectOf(event?.['response']) ?? this.#response;
  }

  answer(): CallAnswer {
    const known = answer(this.#response ?? {});
    if (listOf(this.#response?.['output']).length > 0) return known;
    return {
      ...known,
      texts: () => {
        const parts: TextPart[] = [];
        addText(parts, 'output.0.content.0.text', 'assistant', this.#text.text());
        return parts;
      },
    };
  }
}

/** `client.responses.create`, also under `parse` and `stream`. */
export const responses: Endpoint = {
  family: OPENAI,
  path: ['responses'],
  operation: 'chat',
  kind: 'llm',
  requestTexts,
  answer,
  afterRedaction,
  collector: () => new ResponseCollector(),
  rewriter: (guard, params) => new ResponseRewriter(guard, params),
};

/** `client.responses.compact`: a model makes fewer items of those that it is given. */
export const compactResponses: Endpoint = { ...responses, method: 'compact', collector: null, rewriter: null };

/** `client.beta.responses.create`, and the same under it. */
export const betaResponses: readonly Endpoint[] = [responses, compactResponses].map((endpoint) => ({
  ...endpoint,
  path: ['beta', 'responses'],
}));
