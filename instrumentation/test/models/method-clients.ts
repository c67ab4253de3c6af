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

/** Every client whose methods return ordinary promises. */
export const METHOD_CLIENTS: readonly MethodClient[] = [google, mistral, ollama];
