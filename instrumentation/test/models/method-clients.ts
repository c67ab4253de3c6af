import { endpoints as bedrockEndpoints } from '../../src/models/bedrock/endpoints.js';
import { APIS } from '../../src/models/cohere/endpoints.js';
import { embedContent, generateContent, generateContentStream } from '../../src/models/google/generate-content.js';
import { ENDPOINTS as MISTRAL } from '../../src/models/mistral/completions.js';
import { ENDPOINTS as OLLAMA } from '../../src/models/ollama/endpoints.js';
import type { MethodEndpoint } from '../../src/models/promised/method-endpoint.js';

/** One kind of streamed answer. */
export interface StreamFixture {
  method: string;
  args: unknown[];
  /** The provider's chunks for a text in these pieces; the last one carries 5 output tokens. */
  chunks(pieces: readonly string[]): unknown[];
  /** The text that an application reads of chunks. */
  text(chunks: readonly unknown[]): string;
}

/** Requests and answers of one client, as its public API reference shows them. */
export interface MethodClient {
  name: string;
  endpoints: readonly MethodEndpoint[];
  /** Requests with a text in every place that has one, and how many these are. */
  requests(text: string): { method: string; args: unknown[]; texts: number }[];
  /** An answer of model `m` with 10 and 5 tokens, whose texts and tool arguments are `text`. */
  answer(text: string): { method: string; args: unknown[]; result: unknown };
  answerTexts: number;
  streams: readonly StreamFixture[];
  /** The result of a streaming method, for chunks. */
  open(chunks: AsyncGenerator<unknown>): unknown;
  /** How an application reads the result. */
  read(result: unknown): AsyncIterable<unknown>;
  /** What of a value may hold text. */
  readable(value: unknown): string;
}

const json = (value: unknown): string => JSON.stringify(value);
const iterable = (result: unknown): AsyncIterable<unknown> => result as AsyncIterable<unknown>;
/** What is at a path of keys; undefined when the path ends before. */
function at(value: unknown, ...keys: (string | number)[]): unknown {
  return keys.reduce<unknown>((node, key) => (node as { [key: string | number]: unknown } | undefined)?.[key], value);
}
/** The list at a path of keys; empty when there is none. */
function listAt(value: unknown, ...keys: (string | number)[]): unknown[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
}
/** Joins the texts that `read` finds in chunks. */
function joined(read: (chunk: unknown) => unknown): StreamFixture['text'] {
  return (chunks) =>
    chunks
      .map((chunk) => read(chunk))
      .filter((text) => typeof text === 'string')
      .join('');
}

const googleChunk = (parts: unknown[], rest: object = {}): unknown => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, ...rest }],
});
const googleEnd = {
  candidates: [{ index: 0, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 3, thoughtsTokenCount: 2 },
};
const googleText = (thought: boolean): StreamFixture['text'] =>
  joined((chunk) =>
    listAt(chunk, 'candidates')
      .flatMap((candidate) => listAt(candidate, 'content', 'parts'))
      .filter((part) => (at(part, 'thought') === true) === thought)
      .map((part) => at(part, 'text'))
      .join(''),
  );

const google: MethodClient = {
  name: '@google/genai',
  endpoints: [generateContent, generateContentStream, embedContent],
  requests: (text) => [
    { method: 'generateContentInternal', args: [{ model: 'm', contents: text }], texts: 1 },
    { method: 'generateContentInternal', args: [{ model: 'm', contents: [text, { text }] }], texts: 2 },
    {
      method: 'generateContentInternal',
      args: [
        {
          model: 'models/m',
          contents: [
            { role: 'user', parts: [{ text }, { inlineData: { mimeType: 'image/png', data: 'AA==' } }] },
            { role: 'model', parts: [{ functionCall: { name: 'f', args: { a: { 'b.c': [text] } } } }] },
            { role: 'user', parts: [{ functionResponse: { name: 'f', response: { text } } }] },
          ],
          config: { systemInstruction: { parts: [{ text }] } },
        },
      ],
      texts: 4,
    },
    { method: 'embedContentInternal', args: [{ model: 'm', contents: [text] }], texts: 1 },
  ],
  answer: (text) => ({
    method: 'generateContentInternal',
    args: [{ model: 'models/m', contents: 'hi' }],
    result: {
      candidates: [
        {
          content: { role: 'model', parts: [{ text }, { functionCall: { name: 'f', args: { to: text } } }] },
          finishReason: 'STOP',
        },
        { content: { role: 'model', parts: [{ text, thought: true }] } },
      ],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 3, thoughtsTokenCount: 2, totalTokenCount: 15 },
      modelVersion: 'm-1',
    },
  }),
  answerTexts: 3,
  streams: [
    {
      method: 'generateContentStreamInternal',
      args: [{ model: 'm', contents: 'hi' }],
      chunks: (pieces) => [...pieces.map((text) => googleChunk([{ text }])), googleEnd],
      text: googleText(false),
    },
    {
      method: 'generateContentStreamInternal',
      args: [{ model: 'm', contents: 'hi' }],
      chunks: (pieces) => [
        ...pieces.map((text) => googleChunk([{ text, thought: true }])),
        googleChunk([{ text: 'so' }]),
        googleEnd,
      ],
      text: googleText(true),
    },
  ],
  open: (chunks) => chunks,
  read: iterable,
  readable: json,
};

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

const mistral: MethodClient = {
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

const ollamaEnd = { model: 'm', done: true, done_reason: 'stop', prompt_eval_count: 10, eval_count: 5 };

const ollama: MethodClient = {
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

const cohereDelta = (type: string, message: object, index = 0): unknown => ({ type, index, delta: { message } });
const cohereEnd = {
  type: 'message-end',
  delta: { finishReason: 'COMPLETE', usage: { tokens: { inputTokens: 10, outputTokens: 5 } } },
};
const cohereCall = (text: string): unknown =>
  cohereDelta('tool-call-delta', { toolCalls: { function: { arguments: text } } });

const cohere: MethodClient = {
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
const BEDROCK_CLIENTS = [
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
    ],
    open: (chunks) => ({ body: chunks }),
    read: events,
  }),
];

/** Every client whose methods return ordinary promises. */
export const METHOD_CLIENTS: readonly MethodClient[] = [google, mistral, ollama, cohere, ...BEDROCK_CLIENTS];
