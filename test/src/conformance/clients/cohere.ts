import type { Cohere, CohereClient } from 'cohere-ai';
import type * as Library from 'cohere-ai';
import { commonUsages } from './common-usages.js';
import { describeClient, type Usage, type WireAnswer, type WireRequest } from './description.js';
import { ANSWER, chunksOf, failureFor, GIVEN, json, MODELS, PATIENCE, PIECES, PROMPT, streamFor } from './shared.js';

type Body = Record<string, unknown>;
type Event = Cohere.V2ChatStreamResponse;

const USAGE = { tokens: { input_tokens: 10, output_tokens: 5 } };
const ARGUMENTS = JSON.stringify({ to: GIVEN, n: 1 });

function sse(events: readonly Body[]): string[] {
  return [...events.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'];
}

function newEvents(tools: boolean): Body[] {
  const events: Body[] = [{ type: 'message-start', id: 'c1', delta: { message: { role: 'assistant', content: [] } } }];
  if (tools) {
    for (const piece of PIECES) events.push({ type: 'tool-plan-delta', delta: { message: { tool_plan: piece } } });
    const call = (fn: object, rest: object = {}): object => ({ message: { tool_calls: { function: fn, ...rest } } });
    const begun = call({ name: 'send', arguments: '' }, { id: 't1', type: 'function' });
    events.push({ type: 'tool-call-start', index: 0, delta: begun });
    for (let at = 0; at < ARGUMENTS.length; at += 7) {
      events.push({ type: 'tool-call-delta', index: 0, delta: call({ arguments: ARGUMENTS.slice(at, at + 7) }) });
    }
    events.push({ type: 'tool-call-end', index: 0 });
  } else {
    const content = (value: object): object => ({ message: { content: value } });
    events.push({ type: 'content-start', index: 0, delta: content({ type: 'text', text: '' }) });
    for (const text of PIECES) events.push({ type: 'content-delta', index: 0, delta: content({ text }) });
    events.push({ type: 'content-end', index: 0 });
  }
  const finish_reason = tools ? 'TOOL_CALL' : 'COMPLETE';
  events.push({ type: 'message-end', delta: { finish_reason, usage: USAGE } });
  return events;
}

function newAnswer(tools: boolean): Body {
  const call = { id: 't1', type: 'function', function: { name: 'send', arguments: ARGUMENTS } };
  const content = [{ type: 'text', text: ANSWER }];
  const message = { role: 'assistant', ...(tools ? { tool_plan: ANSWER, tool_calls: [call] } : { content }) };
  return { id: 'c1', finish_reason: tools ? 'TOOL_CALL' : 'COMPLETE', message, usage: USAGE };
}

const OLD = { text: ANSWER, generation_id: 'g1', response_id: 'r1', finish_reason: 'COMPLETE', meta: USAGE };

function answer({ path, body, attempt }: WireRequest): WireAnswer {
  const params = body as Body;
  const model = String(params['model']);
  const failure = failureFor(model, attempt, { message: 'boom' });
  if (failure) return failure;
  const streamed = params['stream'] === true;
  const tools = params['tools'] !== undefined;
  if (path === '/v2/chat') {
    if (!streamed) return json(newAnswer(tools));
    return streamFor(model, sse(newEvents(tools)), 'text/event-stream', 'data: {"type": \n\n');
  }
  if (path === '/v1/chat') {
    if (!streamed) return json(OLD);
    const events = [
      { event_type: 'stream-start', is_finished: false, generation_id: 'g1' },
      ...PIECES.map((text) => ({ event_type: 'text-generation', is_finished: false, text })),
      { event_type: 'stream-end', is_finished: true, finish_reason: 'COMPLETE', response: OLD },
    ];
    // The first API streams lines of JSON.
    const lines = events.map((event) => `${JSON.stringify(event)}\n`);
    return streamFor(model, lines, 'application/stream+json', '{"event_type": \n');
  }
  const meta = { api_version: { version: '2' } };
  if (path.endsWith('/embed')) {
    return json({ id: 'e1', response_type: 'embeddings_by_type', embeddings: { float: [[0.25]] }, texts: [], meta });
  }
  if (path.endsWith('/rerank')) return json({ id: 'k1', results: [{ index: 0, relevance_score: 0.5 }], meta });
  if (path.endsWith('/tokenize')) return json({ tokens: [1], token_strings: ['a'], meta });
  return json({ message: 'no such path' }, 404);
}

function textOf(events: readonly Event[]): string[] {
  const texts = ['', '', ''];
  for (const event of events) {
    if (event.type === 'content-delta') texts[0] += event.delta?.message?.content?.text ?? '';
    if (event.type === 'tool-plan-delta') texts[1] += event.delta?.message?.toolPlan ?? '';
    if (event.type === 'tool-call-delta') texts[2] += event.delta?.message?.toolCalls?.function?.arguments ?? '';
  }
  return texts;
}

const messages: Cohere.ChatMessages = [{ role: 'user', content: PROMPT }];
const good = { model: MODELS.good, messages };
const tools: Cohere.ToolV2[] = [{ type: 'function', function: { name: 'send', parameters: {} } }];

const usages: Usage<CohereClient>[] = [
  ...commonUsages<CohereClient, Event>({
    ask: async (client, model, { variant, signal } = {}) =>
      client.v2.chat(
        { model, messages, ...(variant === undefined ? {} : { seed: variant }) },
        signal === undefined ? {} : { abortSignal: signal },
      ),
    stream: async (client, model, { signal } = {}) =>
      client.v2.chatStream({ model, messages }, signal === undefined ? {} : { abortSignal: signal }),
    textOf,
    abortable: true,
  }),
  {
    name: 'messages of every shape',
    run: async (client) =>
      client.v2.chat({
        model: MODELS.good,
        documents: [PROMPT, { data: { text: PROMPT } }],
        messages: [
          { role: 'system', content: PROMPT },
          { role: 'user', content: [{ type: 'text', text: PROMPT }] },
          {
            role: 'assistant',
            toolPlan: PROMPT,
            toolCalls: [
              { id: 't', type: 'function', function: { name: 'find', arguments: JSON.stringify({ of: PROMPT }) } },
            ],
          },
          { role: 'tool', toolCallId: 't', content: [{ type: 'document', document: { data: { found: PROMPT } } }] },
        ],
      }),
  },
  {
    name: 'chat().withRawResponse()',
    run: async (client) => {
      const { data, rawResponse } = await client.v2.chat(good).withRawResponse();
      return { data, status: rawResponse.status };
    },
  },
  { name: 'chat() with tools', run: async (client) => client.v2.chat({ ...good, tools }) },
  {
    name: 'stream with tools',
    run: async (client) => ({ text: textOf(await chunksOf(await client.v2.chatStream({ ...good, tools }))) }),
  },
  {
    name: 'stream with withRawResponse()',
    run: async (client) => {
      const { data, rawResponse } = await client.v2.chatStream(good).withRawResponse();
      return { text: textOf(await chunksOf(data)), status: rawResponse.status };
    },
  },
  {
    name: 'the first API',
    run: async (client) =>
      client.chat({
        model: MODELS.good,
        message: PROMPT,
        preamble: PROMPT,
        chatHistory: [{ role: 'USER', message: PROMPT }],
      }),
  },
  {
    name: 'stream of the first API',
    run: async (client) => {
      const events = await chunksOf(await client.chatStream({ model: MODELS.good, message: PROMPT }));
      const text = events.map((event) => (event.eventType === 'text-generation' ? event.text : '')).join('');
      const last = events.at(-1);
      return { text: [text, last?.eventType === 'stream-end' ? last.response.text : ''] };
    },
  },
  {
    name: 'v2.embed',
    run: async (client) =>
      client.v2.embed({ model: MODELS.good, inputType: 'search_query', texts: [PROMPT], embeddingTypes: ['float'] }),
  },
  {
    name: 'v2.rerank',
    run: async (client) => client.v2.rerank({ model: MODELS.good, query: PROMPT, documents: [PROMPT] }),
  },
  {
    name: 'a call that is not guarded (tokenize)',
    calls: 0,
    run: async (client) => client.tokenize({ model: MODELS.good, text: 'hello' }),
  },
  {
    name: 'a failure and a retry',
    waits: true,
    run: async (client) => client.v2.chat({ ...good, model: MODELS.flaky }, { maxRetries: 2 }),
  },
  {
    name: 'a timeout',
    partial: true,
    waits: true,
    run: async (client) => client.v2.chat({ ...good, model: MODELS.never }, { timeoutInSeconds: PATIENCE / 1000 }),
  },
];

/** The client of Cohere. */
export const cohere = describeClient<CohereClient>({
  name: 'cohere',
  module: 'cohere-ai',
  connect: (module, environment) =>
    new (module as typeof Library).CohereClient({ token: 'test', environment, maxRetries: 0 }),
  answer,
  modelOf: ({ body }) => String((body as Body)['model']),
  reroute: { model: MODELS.other },
  usages,
});
