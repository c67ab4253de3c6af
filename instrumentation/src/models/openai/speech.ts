import type { TextPart } from '@guardspan/policy/runtime';
import { callAnswer } from '../shared/call-answer.js';
import { addText } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import type { Endpoint } from '../stainless/endpoint.js';
import { OPENAI } from './family.js';

function requestTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addText(parts, 'instructions', 'system', params['instructions']);
  addText(parts, 'input', 'user', params['input']);
  return parts;
}

/** `client.audio.speech.create`: the text that is spoken is judged; the sound is an HTTP response, which is not read. */
export const speech: Endpoint = {
  family: OPENAI,
  path: ['audio', 'speech'],
  operation: 'speech',
  kind: 'other',
  requestTexts,
  answer: () => callAnswer({ id: '', model: '', usage: undefined, finishReasons: [], toolCalls: [], texts: () => [] }),
  collector: null,
  rewriter: null,
};
