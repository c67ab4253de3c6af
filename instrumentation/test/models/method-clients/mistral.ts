import { ENDPOINTS as MISTRAL } from '../../../src/models/mistral/completions.js';
import { json, iterable, at, listAt, joined } from './fixture.js';
import type { MethodClient } from './fixture.js';

const mistralEvent = (delta: object, rest: object = {}, usage: object = {}): unknown => ({
  data: { id: 'c', model: 'm-1', choices: [{ index: 0, delta, finishReason: null, ...rest }], ...usage },
});
const mistralEnd = mistralEvent(
  { content: '' },
  { finishReason: 'stop' },
  { usage: { promptTokens: 10, completionTokens: 5, totalTokens: 15 } },
);
const mistralCall = (value: string): object => ({
  toolCalls: [{ index: 0, function: { name: 'f', arguments: value } }],
});

/** Requests, answers and streams of the client, with a text in every place that has one. */
export const mistral: MethodClient = {
  name: '@mistralai/mistralai',
  endpoints: MISTRAL,
  requests: (text) => [
    {
      method: 'complete',
      args: [
        {
          model: 'm',
          messages: [
            { role: 'system', content: text },
            { role: 'user', content: [{ type: 'text', text }] },
            { role: 'assistant', toolCalls: [{ id: 'c', function: { name: 'f', arguments: { a: text } } }] },
            { role: 'tool', content: text },
          ],
        },
      ],
      texts: 4,
    },
    { method: 'create', args: [{ model: 'm', inputs: [text, text] }], texts: 2 },
  ],
  answer: (text) => ({
    method: 'complete',
    args: [{ model: 'm', messages: [] }],
    result: {
      id: 'c',
      model: 'm-1',
      usage: { promptTokens: 10, completionTokens: 5, totalTokens: 15 },
      choices: [
        {
          index: 0,
          finishReason: 'stop',
          message: {
            role: 'assistant',
            content: text,
            toolCalls: [{ id: 'c', function: { name: 'f', arguments: json({ a: text }) } }],
          },
        },
      ],
    },
  }),
  answerTexts: 2,
  streams: [
    {
      method: 'stream',
      args: [{ model: 'm', messages: [] }],
      chunks: (pieces) => [...pieces.map((content) => mistralEvent({ content })), mistralEnd],
      text: joined((event) => at(event, 'data', 'choices', 0, 'delta', 'content')),
    },
    {
      method: 'stream',
      args: [{ model: 'm', messages: [] }],
      chunks: (pieces) => [
        mistralEvent(mistralCall('{"a":"')),
        ...pieces.map((piece) => mistralEvent(mistralCall(piece))),
        mistralEvent(mistralCall('"}')),
        mistralEnd,
      ],
      text: (events) =>
        (
          JSON.parse(
            joined((event) => at(event, 'data', 'choices', 0, 'delta', 'toolCalls', 0, 'function', 'arguments'))(
              events,
            ),
          ) as { a: string }
        ).a,
    },
    {
      method: 'stream',
      args: [{ model: 'm', messages: [] }],
      chunks: (pieces) => [
        ...pieces.map((text) => mistralEvent({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] })),
        mistralEnd,
      ],
      text: joined((event) =>
        listAt(event, 'data', 'choices', 0, 'delta', 'content')
          .flatMap((chunk) => listAt(chunk, 'thinking').map((each) => at(each, 'text')))
          .join(''),
      ),
    },
  ],
  open: (chunks) =>
    new ReadableStream({
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    }),
  read: iterable,
  readable: json,
};
