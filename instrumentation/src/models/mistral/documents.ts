import type { TextPart } from '@guardspan/policy/runtime';
import type { CallAnswer } from '../../guard/types.js';
import { firstArgument, wholeResult } from '../promised/method-endpoint.js';
import type { MethodEndpoint } from '../promised/method-endpoint.js';
import { callAnswer } from '../shared/call-answer.js';
import { addText, listOf, objectOf, textOf } from '../shared/json.js';
import type { Json } from '../shared/json.js';
import { resourceAt } from '../shared/resource-at.js';
import { addMessage } from './messages.js';
import { serverOf } from './server.js';

const COMMON = {
  client: 'mistralai',
  request: firstArgument,
  modelOf: (params: Json): string => textOf(params['model']) || 'default',
  streamed: (): boolean => false,
  server: serverOf,
  complete: wholeResult,
};

function answerWith(data: Json, texts: () => TextPart[]): CallAnswer {
  return callAnswer({
    ...{ id: textOf(data['id']), model: textOf(data['model']), usage: undefined, finishReasons: [], toolCalls: [] },
    texts,
  });
}

function documentTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addText(parts, 'documentAnnotationPrompt', 'user', params['documentAnnotationPrompt']);
  return parts;
}

/** Texts of the pages that were read; tables and blocks say parts of a page again. */
function pageTexts(data: Json): TextPart[] {
  const parts: TextPart[] = [];
  addText(parts, 'documentAnnotation', 'assistant', data['documentAnnotation']);
  listOf(data['pages']).forEach((item, index) => {
    const page = objectOf(item);
    const at = `pages.${index}`;
    for (const field of ['markdown', 'header', 'footer']) addText(parts, `${at}.${field}`, 'assistant', page?.[field]);
    for (const [list, field] of [
      ['tables', 'content'],
      ['blocks', 'content'],
      ['images', 'imageAnnotation'],
    ] as const) {
      listOf(page?.[list]).forEach((each, place) =>
        addText(parts, `${at}.${list}.${place}.${field}`, 'assistant', objectOf(each)?.[field]),
      );
    }
  });
  return parts;
}

function inputTexts(params: Json): TextPart[] {
  const parts: TextPart[] = [];
  addText(parts, 'inputs', 'user', params['inputs']);
  listOf(params['inputs']).forEach((text, index) => addText(parts, `inputs.${index}`, 'user', text));
  const conversation = (path: string, value: unknown): void =>
    listOf(objectOf(value)?.['messages']).forEach((item, index) => {
      const message = objectOf(item);
      if (message) addMessage(parts, `${path}.messages.${index}`, message, textOf(message['role']));
    });
  conversation('input', params['input']);
  listOf(params['input']).forEach((item, index) => conversation(`input.${index}`, item));
  return parts;
}

/** `ocr.process`: the document is not read, the pages of the answer are. */
const OCR: MethodEndpoint = {
  ...COMMON,
  objectIn: (client) => resourceAt(client, ['ocr']),
  method: 'process',
  operation: 'ocr',
  kind: 'other',
  requestTexts: documentTexts,
  answer: (data) => answerWith(data, () => pageTexts(data)),
};

/** `classifiers.classify` and `classifyChat`; its moderations are a check of a text, as a detector is. */
const CLASSIFIERS: readonly MethodEndpoint[] = ['classify', 'classifyChat'].map((method) => ({
  ...COMMON,
  objectIn: (client: unknown) => resourceAt(client, ['classifiers']),
  method,
  operation: 'classification',
  kind: 'classifier' as const,
  requestTexts: inputTexts,
  answer: (data: Json) => answerWith(data, () => []),
}));

/** Methods of `Mistral` that read documents and sort texts. */
export const DOCUMENTS: readonly MethodEndpoint[] = [OCR, ...CLASSIFIERS];
