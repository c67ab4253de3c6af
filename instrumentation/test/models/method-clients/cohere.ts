import { APIS } from '../../../src/models/cohere/endpoints.js';
import { json, at, joined } from './fixture.js';
import type { MethodClient } from './fixture.js';

const cohereDelta = (type: string, message: object, index = 0): unknown => ({ type, index, delta: { message } });
const cohereEnd = {
  type: 'message-end',
  delta: { finishReason: 'COMPLETE', usage: { tokens: { inputTokens: 10, outputTokens: 5 } } },
};
const cohereCall = (text: string): unknown =>
  cohereDelta('tool-call-delta', { toolCalls: { function: { arguments: text } } });

/** Requests, answers and streams of the client, with a text in every place that has one. */
export const cohere: MethodClient = {
  name: 'cohere-ai',
  endpoints: APIS.second('__'),
  requests: (text) => [
    {
      method: '__chat',
      args: [
        {
          model: 'm',
          documents: [text, { data: { text } }],
          messages: [
            { role: 'user', content: text },
            { role: 'user', content: [{ type: 'text', text }] },
            {
              role: 'assistant',
              toolPlan: text,
              toolCalls: [{ function: { name: 'f', arguments: json({ a: text }) } }],
            },
            { role: 'tool', content: [{ type: 'document', document: { data: { a: text } } }] },
          ],
        },
      ],
      texts: 7,
    },
    {
      method: '__chat',
      args: [
        {
          message: text,
          preamble: text,
          chatHistory: [{ role: 'USER', message: text }],
          toolResults: [{ outputs: [{ a: text }] }],
        },
      ],
      texts: 4,
    },
    {
      method: '__embed',
      args: [{ model: 'm', texts: [text], inputs: [{ content: [{ type: 'text', text }] }] }],
      texts: 2,
    },
    { method: '__rerank', args: [{ model: 'm', query: text, documents: [text] }], texts: 2 },
  ],
  answer: (text) => ({
    method: '__chat',
    args: [{ model: 'm', messages: [] }],
    result: {
      data: {
        id: 'c',
        finishReason: 'COMPLETE',
        message: {
          role: 'assistant',
          content: [
            { type: 'text', text },
            { type: 'thinking', thinking: text },
          ],
          toolPlan: text,
          toolCalls: [{ function: { name: 'f', arguments: json({ a: text }) } }],
        },
        usage: { tokens: { inputTokens: 10, outputTokens: 5 } },
      },
      rawResponse: {},
    },
  }),
  answerTexts: 4,
  streams: [
    {
      method: '__chatStream',
      args: [{ model: 'm', messages: [] }],
      chunks: (pieces) => [
        ...pieces.map((text) => cohereDelta('content-delta', { content: { text } })),
        { type: 'content-end', index: 0 },
        cohereEnd,
      ],
      text: joined((event) => at(event, 'delta', 'message', 'content', 'text')),
    },
    {
      method: '__chatStream',
      args: [{ model: 'm', messages: [] }],
      chunks: (pieces) => [
        cohereCall('{"a":"'),
        ...pieces.map(cohereCall),
        cohereCall('"}'),
        { type: 'tool-call-end', index: 0 },
        cohereEnd,
      ],
      text: (events) =>
        (
          JSON.parse(
            joined((event) => at(event, 'delta', 'message', 'toolCalls', 'function', 'arguments'))(events),
          ) as { a: string }
        ).a,
    },
    {
      method: '__chatStream',
      args: [{ message: 'hi' }],
      chunks: (pieces) => [
        ...pieces.map((text) => ({ eventType: 'text-generation', text })),
        {
          eventType: 'stream-end',
          response: { text: pieces.join(''), meta: { tokens: { inputTokens: 10, outputTokens: 5 } } },
        },
      ],
      text: (events) => {
        const text = joined((event) => (at(event, 'eventType') === 'text-generation' ? at(event, 'text') : ''))(events);
        const whole = joined((event) => at(event, 'response', 'text'))(events);
        return text === whole ? text : `${text} and ${whole}`;
      },
    },
  ],
  open: (chunks) => ({ data: { iterMessages: () => chunks }, rawResponse: {} }),
  read: (result) => (result as { data: { iterMessages(): AsyncIterable<unknown> } }).data.iterMessages(),
  readable: json,
};
