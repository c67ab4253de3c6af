import { endpoints as bedrockEndpoints } from '../../../src/models/bedrock/endpoints.js';
import type { MethodEndpoint } from '../../../src/models/promised/method-endpoint.js';
import { json, iterable, at, joined } from './fixture.js';
import type { MethodClient } from './fixture.js';

class ConverseCommand {
  constructor(readonly input: unknown) {}
}
class ConverseStreamCommand extends ConverseCommand {}
class InvokeModelCommand extends ConverseCommand {}
class InvokeModelWithResponseStreamCommand extends ConverseCommand {}

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(json(value));
const inside = (event: unknown): unknown => {
  const encoded = at(event, 'chunk', 'bytes');
  return encoded instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(encoded)) : undefined;
};
const converseDelta = (delta: object): unknown => ({ contentBlockDelta: { contentBlockIndex: 0, delta } });
const converseEnd = [
  { contentBlockStop: { contentBlockIndex: 0 } },
  { messageStop: { stopReason: 'end_turn' } },
  { metadata: { usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 } } },
];
const counted = { 'amazon-bedrock-invocationMetrics': { inputTokenCount: 10, outputTokenCount: 5 } };

/** The methods of Bedrock are one, told apart by their command: here each has a name of its own. */
function bedrock(
  name: string,
  endpoint: MethodEndpoint,
  fixture: Omit<MethodClient, 'name' | 'endpoints' | 'readable'>,
): MethodClient {
  const readable = (value: unknown): string =>
    JSON.stringify(value, (_key, each: unknown) =>
      each instanceof Uint8Array ? new TextDecoder().decode(each) : each,
    );
  return { name: `bedrock ${name}`, endpoints: [endpoint], ...fixture, readable };
}

const events = (result: unknown): AsyncIterable<unknown> =>
  (at(result, 'stream') ?? at(result, 'body')) as AsyncIterable<unknown>;
const [CONVERSE, CONVERSE_STREAM, INVOKE, INVOKE_STREAM] = bedrockEndpoints({}) as [
  MethodEndpoint,
  MethodEndpoint,
  MethodEndpoint,
  MethodEndpoint,
];

const converseAnswer = (text: string): unknown => ({
  output: {
    message: {
      role: 'assistant',
      content: [
        { text },
        { toolUse: { name: 'f', input: { a: [text] } } },
        { reasoningContent: { reasoningText: { text } } },
      ],
    },
  },
  stopReason: 'end_turn',
  usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 },
});
const converseInput = (text: string): unknown => ({
  modelId: 'm',
  system: [{ text }],
  messages: [
    { role: 'user', content: [{ text }, { image: { format: 'png', source: { bytes: new Uint8Array([1]) } } }] },
    { role: 'assistant', content: [{ toolUse: { name: 'f', input: { a: text } } }] },
    { role: 'user', content: [{ toolResult: { content: [{ text }, { json: { a: text } }] } }] },
  ],
});
/** Requests, answers and streams of both APIs of the client, with a text in every place that has one. */
export const BEDROCK_CLIENTS = [
  bedrock('Converse', CONVERSE, {
    requests: (text) => [{ method: 'send', args: [new ConverseCommand(converseInput(text))], texts: 5 }],
    answer: (text) => ({
      method: 'send',
      args: [new ConverseCommand({ modelId: 'm', messages: [] })],
      result: converseAnswer(text),
    }),
    answerTexts: 3,
    streams: [],
    open: (chunks) => chunks,
    read: iterable,
  }),
  bedrock('ConverseStream', CONVERSE_STREAM, {
    requests: (text) => [{ method: 'send', args: [new ConverseStreamCommand(converseInput(text))], texts: 5 }],
    answer: () => ({ method: 'send', args: [new ConverseStreamCommand({ modelId: 'm' })], result: {} }),
    answerTexts: 0,
    streams: [
      {
        method: 'send',
        args: [new ConverseStreamCommand({ modelId: 'm', messages: [] })],
        chunks: (pieces) => [...pieces.map((text) => converseDelta({ text })), ...converseEnd],
        text: joined((event) => at(event, 'contentBlockDelta', 'delta', 'text')),
      },
      {
        method: 'send',
        args: [new ConverseStreamCommand({ modelId: 'm', messages: [] })],
        chunks: (pieces) => [
          ...['{"a":"', ...pieces, '"}'].map((input) => converseDelta({ toolUse: { input } })),
          ...converseEnd,
        ],
        text: (list) =>
          (
            JSON.parse(joined((event) => at(event, 'contentBlockDelta', 'delta', 'toolUse', 'input'))(list)) as {
              a: string;
            }
          ).a,
      },
    ],
    open: (chunks) => ({ stream: chunks }),
    read: events,
  }),
  bedrock('InvokeModel', INVOKE, {
    requests: (text) => [
      { method: 'send', args: [new InvokeModelCommand({ modelId: 'm', body: bytes({ inputText: text }) })], texts: 1 },
      {
        method: 'send',
        args: [
          new InvokeModelCommand({
            modelId: 'm',
            body: json({ system: text, messages: [{ role: 'user', content: [{ type: 'text', text }] }] }),
          }),
        ],
        texts: 2,
      },
    ],
    answer: (text) => ({
      method: 'send',
      args: [new InvokeModelCommand({ modelId: 'm', body: '{}' })],
      result: {
        body: bytes({
          content: [{ type: 'text', text }],
          usage: { input_tokens: 10, output_tokens: 5 },
          stop_reason: 'x',
        }),
      },
    }),
    answerTexts: 1,
    streams: [],
    open: (chunks) => chunks,
    read: iterable,
  }),
  bedrock('InvokeModelWithResponseStream', INVOKE_STREAM, {
    requests: () => [],
    answer: () => ({
      method: 'send',
      args: [new InvokeModelWithResponseStreamCommand({ modelId: 'm', body: '{}' })],
      result: {},
    }),
    answerTexts: 0,
    streams: [
      {
        method: 'send',
        args: [new InvokeModelWithResponseStreamCommand({ modelId: 'm', body: '{}' })],
        chunks: (pieces) =>
          [
            ...pieces.map((generation) => ({ generation, stop_reason: null })),
            { generation: '', stop_reason: 'stop', ...counted },
          ].map((body) => ({ chunk: { bytes: bytes(body) } })),
        text: joined((event) => at(inside(event), 'generation')),
      },
      {
        method: 'send',
        args: [new InvokeModelWithResponseStreamCommand({ modelId: 'm', body: '{}' })],
        chunks: (pieces) =>
          [
            ...pieces.map((text) => ({ outputs: [{ text, stop_reason: null }] })),
            { outputs: [{ text: '', stop_reason: 'stop' }], ...counted },
          ].map((body) => ({ chunk: { bytes: bytes(body) } })),
        text: joined((event) => at(inside(event), 'outputs', 0, 'text')),
      },
      {
        // The last piece comes with the reason to stop.
        method: 'send',
        args: [new InvokeModelWithResponseStreamCommand({ modelId: 'm', body: '{}' })],
        chunks: (pieces) =>
          pieces
            .map((outputText, index) =>
              index < pieces.length - 1
                ? { outputText, index, completionReason: null }
                : { outputText, index, completionReason: 'FINISH', ...counted },
            )
            .map((body) => ({ chunk: { bytes: bytes(body) } })),
        text: joined((event) => at(inside(event), 'outputText')),
      },
    ],
    open: (chunks) => ({ body: chunks }),
    read: events,
  }),
];
