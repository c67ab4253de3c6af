import { ENDPOINTS as OLLAMA } from '../../../src/models/ollama/endpoints.js';
import { json, at, joined } from './fixture.js';
import type { MethodClient } from './fixture.js';

const ollamaEnd = { model: 'm', done: true, done_reason: 'stop', prompt_eval_count: 10, eval_count: 5 };

/** Requests, answers and streams of the client, with a text in every place that has one. */
export const ollama: MethodClient = {
  name: 'ollama',
  endpoints: OLLAMA,
  requests: (text) => [
    {
      method: 'chat',
      args: [
        {
          model: 'm',
          messages: [
            { role: 'user', content: text },
            { role: 'assistant', content: '', tool_calls: [{ function: { name: 'f', arguments: { a: [text] } } }] },
          ],
        },
      ],
      texts: 2,
    },
    { method: 'generate', args: [{ model: 'm', prompt: text, system: text, suffix: text }], texts: 3 },
    { method: 'embed', args: [{ model: 'm', input: [text] }], texts: 1 },
    { method: 'embeddings', args: [{ model: 'm', prompt: text }], texts: 1 },
  ],
  answer: (text) => ({
    method: 'chat',
    args: [{ model: 'm', messages: [] }],
    result: {
      ...ollamaEnd,
      message: {
        role: 'assistant',
        content: text,
        thinking: text,
        tool_calls: [{ function: { name: 'f', arguments: { a: text } } }],
      },
    },
  }),
  answerTexts: 3,
  streams: [
    {
      method: 'chat',
      args: [{ model: 'm', messages: [], stream: true }],
      chunks: (pieces) => [
        ...pieces.map((content) => ({ model: 'm', message: { role: 'assistant', content }, done: false })),
        { ...ollamaEnd, message: { role: 'assistant', content: '' } },
      ],
      text: joined((chunk) => at(chunk, 'message', 'content')),
    },
    {
      method: 'generate',
      args: [{ model: 'm', prompt: 'hi', stream: true }],
      chunks: (pieces) => [
        ...pieces.map((thinking) => ({ model: 'm', response: '', thinking, done: false })),
        { model: 'm', response: 'so', done: false },
        { ...ollamaEnd, response: '' },
      ],
      text: joined((chunk) => at(chunk, 'thinking')),
    },
  ],
  open: (chunks) => ({ itr: chunks, abortController: new AbortController() }),
  read: (result) => (result as { itr: AsyncIterable<unknown> }).itr,
  readable: json,
};
