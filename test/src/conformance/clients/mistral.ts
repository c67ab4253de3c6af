import type { Mistral } from '@mistralai/mistralai';
import type * as Library from '@mistralai/mistralai';
import { commonUsages } from './common-usages.js';
import { describeClient, type Usage, type WireAnswer, type WireRequest } from './description.js';
import { fieldsOf } from './openai-media.js';
import { ANSWER, chunksOf, failureFor, GIVEN, json, MODELS, PATIENCE, PIECES, PROMPT, streamFor } from './shared.js';

type Body = Record<string, unknown>;
type Event = Awaited<ReturnType<Mistral['chat']['stream']>> extends AsyncIterable<infer E> ? E : never;

const TOKENS = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const ARGUMENTS = JSON.stringify({ to: GIVEN, n: 1 });

function completion(object: string, choices: unknown[], rest: object = {}): Body {
  return { id: 'cmpl-1', object, created: 1, model: 'stub-1', choices, ...rest };
}

function answer(request: WireRequest): WireAnswer {
  const { path, attempt } = request;
  const params = fieldsOf(request);
  const model = String(params['model'] ?? params['agent_id']);
  const failure = failureFor(model, attempt, { message: 'boom' });
  if (failure) return failure;
  if (path === '/v1/embeddings') {
    const data = [{ object: 'embedding', index: 0, embedding: [0.25, 0.5] }];
    return json({ id: 'e1', object: 'list', model: 'stub-1', data, usage: TOKENS });
  }
  if (path.startsWith('/v1/conversations')) return conversation(params);
  const media = mediaAnswer(path, params);
  if (media) return media;
  if (path === '/v1/models') return json({ object: 'list', data: [] });
  const tools = params['tools'] ? [{ id: 'call_1', index: 0, function: { name: 'send', arguments: ARGUMENTS } }] : null;
  const indexes = Array.from({ length: Number(params['n'] ?? 1) }, (_, index) => index);
  if (params['stream'] !== true) {
    const content = params['response_format'] ? JSON.stringify({ note: ANSWER }) : ANSWER;
    const message = { role: 'assistant', content, ...(tools ? { tool_calls: tools } : {}) };
    const finish_reason = tools ? 'tool_calls' : 'stop';
    const choices = indexes.map((index) => ({ index, message, finish_reason }));
    return json(completion('chat.completion', choices, { usage: TOKENS }));
  }
  const chunks: Body[] = [];
  const add = (delta: object, index = 0, finish_reason: string | null = null, rest: object = {}): void => {
    chunks.push(completion('chat.completion.chunk', [{ index, delta, finish_reason }], rest));
  };
  for (const index of indexes) add({ role: 'assistant', content: '' }, index);
  for (const content of PIECES) for (const index of indexes) add({ content }, index);
  if (tools) {
    for (let at = 0; at < ARGUMENTS.length; at += 7) {
      const fn = { name: at === 0 ? 'send' : '', arguments: ARGUMENTS.slice(at, at + 7) };
      add({ tool_calls: [{ id: 'call_1', index: 0, function: fn }] });
    }
  }
  for (const index of indexes) add({ content: '' }, index, tools ? 'tool_calls' : 'stop', { usage: TOKENS });
  const events = [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n'];
  return streamFor(model, events, 'text/event-stream', 'data: {"id": \n\n');
}

/** Answers about documents and sounds; undefined for other paths. */
function mediaAnswer(path: string, params: Body): WireAnswer | undefined {
  if (path === '/v1/ocr') {
    const page = { index: 0, markdown: ANSWER, images: [], dimensions: null, tables: [], hyperlinks: [] };
    return json({ pages: [page], model: 'stub-1', usage_info: { pages_processed: 1 } });
  }
  if (path.endsWith('/classifications')) {
    return json({ id: 'c1', model: 'stub-1', results: [{ tone: { scores: { calm: 1 } } }] });
  }
  if (path === '/v1/audio/speech') return json({ audio_data: 'AA==' });
  if (path !== '/v1/audio/transcriptions') return undefined;
  const done = { model: 'stub-1', text: ANSWER, segments: [], usage: TOKENS, language: 'en' };
  if (params['stream'] !== true) return json(done);
  const events: Body[] = [
    ...PIECES.map((text) => ({ type: 'transcription.text.delta', text })),
    { type: 'transcription.done', ...done },
  ];
  const pieces = events.map((data) => `event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`);
  return streamFor(String(params['model']), pieces, 'text/event-stream', 'data: {"type": \n\n');
}

/** Answers of a conversation: entries, or the events that they are streamed by. */
function conversation(params: Body): WireAnswer {
  const entry = { object: 'entry', created_at: '2026-01-01T00:00:00Z', completed_at: null };
  const message = { ...entry, type: 'message.output', id: 'msg_1', model: 'stub-1', role: 'assistant' };
  const call = { ...entry, type: 'function.call', id: 'fc_1', tool_call_id: 'call_1', name: 'send' };
  if (params['stream'] !== true) {
    const outputs: unknown[] = [{ ...message, content: ANSWER }];
    if (params['tools']) outputs.push({ ...call, arguments: ARGUMENTS });
    return json({ object: 'conversation.response', conversation_id: 'conv_1', outputs, usage: TOKENS });
  }
  const events: Body[] = [{ type: 'conversation.response.started', conversation_id: 'conv_1' }];
  for (const content of PIECES) {
    const place = { output_index: 0, content_index: 0, id: 'msg_1', model: 'stub-1', role: 'assistant' };
    events.push({ type: 'message.output.delta', ...place, content });
  }
  for (let at = 0; params['tools'] && at < ARGUMENTS.length; at += 7) {
    const place = { output_index: 1, id: 'fc_1', tool_call_id: 'call_1', name: 'send' };
    events.push({ type: 'function.call.delta', ...place, arguments: ARGUMENTS.slice(at, at + 7) });
  }
  events.push({ type: 'conversation.response.done', usage: TOKENS });
  const pieces = events.map((data) => `event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`);
  return streamFor(String(params['model']), pieces, 'text/event-stream', 'data: {"type": \n\n');
}

function textOf(events: readonly Event[]): string[] {
  const texts: string[] = [];
  for (const { data } of events) {
    for (const { index, delta } of data.choices) {
      if (typeof delta.content === 'string') texts[index] = (texts[index] ?? '') + delta.content;
      for (const call of delta.toolCalls ?? []) {
        const at = 10 + (call.index ?? 0);
        texts[at] = (texts[at] ?? '') + String(call.function.arguments);
      }
    }
  }
  return texts;
}

type ConversationEvent =
  Awaited<ReturnType<Mistral['beta']['conversations']['startStream']>> extends AsyncIterable<infer E> ? E : never;

async function readConversation(stream: Promise<AsyncIterable<ConversationEvent>>): Promise<unknown> {
  const text: [string, string] = ['', ''];
  for (const { data } of await chunksOf(await stream)) {
    if (data.type === 'message.output.delta') text[0] += String(data.content);
    if (data.type === 'function.call.delta') text[1] += data.arguments;
  }
  return { text };
}

const messages = [{ role: 'user' as const, content: PROMPT }];
const good = { model: MODELS.good, messages };
const tools = [{ type: 'function' as const, function: { name: 'send', parameters: {} } }];
const read = async (stream: Promise<AsyncIterable<Event>>): Promise<unknown> => ({
  text: textOf(await chunksOf(await stream)),
});

const usages: Usage<Mistral>[] = [
  ...commonUsages<Mistral, Event>({
    ask: (client, model, { variant, signal } = {}) =>
      client.chat.complete(
        { model, messages, ...(variant === undefined ? {} : { randomSeed: variant }) },
        signal === undefined ? {} : { fetchOptions: { signal } },
      ),
    stream: (client, model, { signal } = {}) =>
      client.chat.stream({ model, messages }, signal === undefined ? {} : { fetchOptions: { signal } }),
    textOf,
    abortable: true,
  }),
  {
    name: 'messages of every shape',
    run: (client) =>
      client.chat.complete({
        model: MODELS.good,
        messages: [
          { role: 'system', content: PROMPT },
          { role: 'user', content: [{ type: 'text', text: PROMPT }] },
          {
            role: 'assistant',
            toolCalls: [{ id: 'c', function: { name: 'find', arguments: { of: PROMPT } } }],
          },
          { role: 'tool', toolCallId: 'c', content: PROMPT },
        ],
      }),
  },
  { name: 'complete() with n > 1', run: (client) => client.chat.complete({ ...good, n: 3 }) },
  { name: 'complete() with tools', run: (client) => client.chat.complete({ ...good, tools }) },
  { name: 'stream with n > 1', run: (client) => read(client.chat.stream({ ...good, n: 3 })) },
  { name: 'stream with tools', run: (client) => read(client.chat.stream({ ...good, tools })) },
  {
    name: 'stream read by a reader',
    run: async (client) => {
      const reader = (await client.chat.stream(good)).getReader();
      const events: Event[] = [];
      for (let step = await reader.read(); !step.done; step = await reader.read()) events.push(step.value);
      return { text: textOf(events) };
    },
  },
  {
    name: 'stream.tee()',
    run: async (client) => {
      const [left, right] = (await client.chat.stream(good)).tee();
      const [events, others] = [await chunksOf(left), await chunksOf(right)];
      return { text: [textOf(events), textOf(others)] };
    },
  },
  {
    name: 'the class of a stream',
    partial: true,
    run: async (client) => {
      const stream = await client.chat.stream(good);
      await stream.cancel();
      return [stream.constructor.name, stream instanceof ReadableStream, stream.locked];
    },
  },
  { name: 'agents.complete', run: (client) => client.agents.complete({ agentId: MODELS.good, messages }) },
  { name: 'agents.stream', run: (client) => read(client.agents.stream({ agentId: MODELS.good, messages })) },
  { name: 'fim.complete', run: (client) => client.fim.complete({ model: MODELS.good, prompt: PROMPT }) },
  { name: 'fim.stream', run: (client) => read(client.fim.stream({ model: MODELS.good, prompt: PROMPT })) },
  {
    name: 'beta.conversations.start',
    run: (client) => client.beta.conversations.start({ model: MODELS.good, inputs: PROMPT, tools }),
  },
  {
    name: 'stream of beta.conversations.startStream',
    run: (client) =>
      readConversation(client.beta.conversations.startStream({ model: MODELS.good, inputs: PROMPT, tools })),
  },
  {
    name: 'beta.conversations.append',
    addressed: true,
    run: (client) =>
      client.beta.conversations.append({
        conversationId: 'conv_1',
        conversationAppendRequest: { inputs: [{ role: 'user', content: PROMPT }] },
      }),
  },
  {
    name: 'stream of beta.conversations.appendStream',
    addressed: true,
    run: (client) =>
      readConversation(
        client.beta.conversations.appendStream({
          conversationId: 'conv_1',
          conversationAppendStreamRequest: { inputs: PROMPT },
        }),
      ),
  },
  {
    name: 'beta.conversations.restart',
    addressed: true,
    run: (client) =>
      client.beta.conversations.restart({
        conversationId: 'conv_1',
        conversationRestartRequest: { fromEntryId: 'msg_1', inputs: PROMPT },
      }),
  },
  { name: 'embeddings.create', run: (client) => client.embeddings.create({ model: MODELS.good, inputs: [PROMPT] }) },
  {
    name: 'ocr.process',
    run: (client) =>
      client.ocr.process({
        model: MODELS.good,
        document: { type: 'document_url', documentUrl: 'https://example.com/a.pdf' },
        documentAnnotationPrompt: PROMPT,
      }),
  },
  {
    name: 'classifiers.classify',
    run: (client) => client.classifiers.classify({ model: MODELS.good, inputs: [PROMPT] }),
  },
  {
    name: 'classifiers.classifyChat',
    run: (client) =>
      client.classifiers.classifyChat({
        model: MODELS.good,
        input: { messages: [{ role: 'user', content: PROMPT }] },
      }),
  },
  {
    name: 'audio.speech.complete',
    run: (client) => client.audio.speech.complete({ model: MODELS.good, input: PROMPT, voiceId: 'v' }),
  },
  {
    name: 'audio.transcriptions.complete',
    run: (client) => client.audio.transcriptions.complete({ model: MODELS.good, fileUrl: 'https://example.com/a.mp3' }),
  },
  {
    name: 'audio.transcriptions.stream',
    run: async (client) => {
      const asked = { model: MODELS.good, fileUrl: 'https://example.com/a.mp3' };
      const text: [string, string] = ['', ''];
      for (const { data } of await chunksOf(await client.audio.transcriptions.stream(asked))) {
        if (data.type === 'transcription.text.delta') text[0] += data.text;
        if (data.type === 'transcription.done') text[1] = data.text;
      }
      return { text };
    },
  },
  { name: 'a call that is not guarded (models.list)', calls: 0, run: (client) => client.models.list() },
  {
    name: 'a failure and a retry',
    waits: true,
    run: (client) =>
      client.chat.complete(
        { ...good, model: MODELS.flaky },
        {
          retries: {
            strategy: 'backoff',
            backoff: { initialInterval: 10, maxInterval: 20, exponent: 1, maxElapsedTime: 2000 },
          },
        },
      ),
  },
  {
    name: 'a timeout',
    partial: true,
    waits: true,
    run: (client) => client.chat.complete({ ...good, model: MODELS.never }, { timeoutMs: PATIENCE }),
  },
];

/** The client of Mistral AI. */
export const mistral = describeClient<Mistral>({
  name: 'mistralai',
  module: '@mistralai/mistralai',
  connect: (module, serverURL) => new (module as typeof Library).Mistral({ apiKey: 'test', serverURL }),
  answer,
  modelOf: (request) => String(fieldsOf(request)['model'] ?? fieldsOf(request)['agent_id']),
  reroute: { model: MODELS.other, agentId: MODELS.other },
  usages,
});
