import type { TextPart } from '@guardspan/policy/runtime';
import { OPENAI } from './family.js';
import { callAnswer } from '../shared/call-answer.js';
import type { Endpoint } from '../stainless/endpoint.js';
import type { Json } from '../shared/json.js';
import { addText, listOf, textOf, usageOf } from '../shared/json.js';

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addText(parts, 'input', 'user', params['input']);
  listOf(params['input']).forEach((text, index) => addText(parts, `input.${index}`, 'user', text));
  return parts;
}

/** `client.embeddings.create`. Its answer has no text; vectors are never captured. */
export const embeddings: Endpoint = {
  family: OPENAI,
  path: ['embeddings'],
  operation: 'embeddings',
  kind: 'embedding',
  requestTexts,
  answer: (data) =>
    callAnswer({
      id: '',
      model: textOf(data['model']),
      usage: usageOf(data['usage']),
      finishReasons: [],
      toolCalls: [],
      texts: () => [],
    }),
  collector: null,
  rewriter: null,
};
