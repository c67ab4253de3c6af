import type Anthropic from '@anthropic-ai/sdk';
import type * as Library from '@anthropic-ai/sdk';
import { describeClient, type Usage, type WireAnswer, type WireRequest } from './description.js';
import { ANSWER, chunksOf, failureFor, GIVEN, json, MODELS, PIECES, PROMPT, streamFor, PATIENCE } from './shared.js';

type Module = typeof Library;
type Event = Anthropic.RawMessageStreamEvent;
type Body = Record<string, unknown>;

const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', model: 'stub-1' };
const TOKENS = { input_tokens: 10, output_tokens: 5 };
const INPUT = { to: GIVEN, n: 1 };

function events(body: Body): Body[] {
  const list: Body[] = [];
  let index = 0;
  const block = (content_block: object, deltas: readonly object[]): void => {
    list.push({ type: 'content_block_start', index, content_block });
    for (const delta of deltas) list.push({ type: 'content_block_delta', index, delta });
    list.push({ type: 'content_block_stop', index });
    index += 1;
  };
  const begun = { ...MESSAGE, content: [], stop_reason: null, usage: { ...TOKENS, output_tokens: 1 } };
  list.push({ type: 'message_start', message: begun });
  if (body['thinking']) {
    const thinking = PIECES.map((piece) => ({ type: 'thinking_delta', thinking: piece }));
    block({ type: 'thinking', thinking: '', signature: '' }, [
      ...thinking,
      { type: 'signature_delta', signature: 's' },
    ]);
  }
  block(
    { type: 'text', text: '' },
    PIECES.map((text) => ({ type: 'text_delta', text })),
  );
  if (body['tools']) {
    const source = JSON.stringify(INPUT);
    const pieces = [source.slice(0, 10), source.slice(10, 17), source.slice(17)];
    const deltas = pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json }));
    block({ type: 'tool_use', id: 'toolu_1', name: 'send', input: {} }, deltas);
  }
  const stop_reason = body['tools'] ? 'tool_use' : 'end_turn';
  list.push({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 5 } });
  list.push({ type: 'message_stop' });
  return list;
}

function message(body: Body): unknown {
  const content: unknown[] = [{ type: 'text', text: ANSWER, citations: null }];
  if (body['thinking']) content.unshift({ type: 'thinking', thinking: ANSWER, signature: 's' });
  if (body['tools']) content.push({ type: 'tool_use', id: 'toolu_1', name: 'send', input: INPUT });
  const stop_reason = body['tools'] ? 'tool_use' : 'end_turn';
  return { ...MESSAGE, content, stop_reason, stop_sequence: null, usage: TOKENS };
}

/** Signed thoughts are taken back as they were, or without their text. */
function takesBack({ messages }: Body): boolean {
  return (messages as Anthropic.MessageParam[])
    .flatMap(({ content }) => (typeof content === 'string' ? [] : content))
    .every((block) => block.type !== 'thinking' || (block.signature === 's' && ['', ANSWER].includes(block.thinking)));
}

function answer({ path, body, attempt }: WireRequest): WireAnswer {
  const params = body as Body;
  const model = String(params['model']);
  const failure = failureFor(model, attempt, { type: 'error', error: { type: 'api_error', message: 'boom' } });
  if (failure) return failure;
  if (path.startsWith('/v1/messages/count_tokens')) return json({ input_tokens: 7 });
  if (!path.startsWith('/v1/messages')) return json({ type: 'error', error: { type: 'not_found_error' } }, 404);
  if (!takesBack(params)) return json({ type: 'error', error: { type: 'invalid_request_error' } }, 400);
  if (params['stream'] !== true) return json(message(params), 200, { 'request-id': 'req_1' });
  const pieces = events(params).map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`);
  return streamFor(model, pieces, 'text/event-stream', 'event: message_delta\ndata: {"type": \n\n');
}

const params = {
  model: MODELS.good as string,
  max_tokens: 4096,
  messages: [{ role: 'user' as const, content: PROMPT }],
};
const streamed = { ...params, stream: true as const };
const tools = [{ name: 'send', input_schema: { type: 'object' as const, properties: {} } }];
const thinking = { type: 'enabled' as const, budget_tokens: 1024 };

function textOf(list: readonly Event[]): string[] {
  const texts: string[] = [];
  for (const event of list) {
    if (event.type !== 'content_block_delta') continue;
    const { delta } = event;
    // A signed thought that is changed has no text any more.
    const piece =
      delta.type === 'text_delta' ? delta.text : delta.type === 'input_json_delta' ? delta.partial_json : '';
    texts[event.index] = (texts[event.index] ?? '') + piece;
  }
  return texts;
}

async function read(stream: AsyncIterable<Event>): Promise<{ text: string[] }> {
  return { text: textOf(await chunksOf(stream)) };
}

type Run = Usage<Anthropic>['run'];
const usage = (name: string, run: Run, rest: Partial<Usage<Anthropic>> = {}): Usage<Anthropic> => ({
  name,
  run,
  ...rest,
});
const partial = { partial: true };

const usages: Usage<Anthropic>[] = [
  usage('create', (client) => client.messages.create(params)),
  usage('create().withResponse()', async (client) => {
    const { data, response, request_id } = await client.messages.create(params).withResponse();
    return { data, status: response.status, request_id };
  }),
  usage(
    'create().asResponse() and json()',
    async (client) => (await client.messages.create(params).asResponse()).json(),
    { raw: true },
  ),
  usage('create() with tools and thinking', (client) => client.messages.create({ ...params, tools, thinking })),
  usage(
    'a turn that sends signed thoughts back',
    async (client) => {
      const { content } = await client.messages.create({ ...params, thinking });
      const streamed = await client.messages.stream({ ...params, thinking }).finalMessage();
      const back = [content, streamed.content].map((said) => ({ role: 'assistant' as const, content: said }));
      return client.messages.create({ ...params, messages: [...back, ...params.messages] });
    },
    { calls: 3 },
  ),
  usage('stream read to its end', async (client) => read(await client.messages.create(streamed))),
  usage('stream with tools and thinking', async (client) =>
    read(await client.messages.create({ ...streamed, tools, thinking })),
  ),
  usage(
    'stream left by break',
    async (client) => {
      for await (const event of await client.messages.create(streamed)) return { event };
      return null;
    },
    partial,
  ),
  usage(
    'stream aborted before it is read',
    async (client) => {
      const stream = await client.messages.create(streamed);
      stream.controller.abort();
      return stream.controller.signal.aborted;
    },
    partial,
  ),
  usage('stream with withResponse()', async (client) => {
    const { data, response } = await client.messages.create(streamed).withResponse();
    return { ...(await read(data)), status: response.status };
  }),
  usage('stream.tee()', async (client) => {
    const [left, right] = (await client.messages.create(streamed)).tee();
    return { text: [(await read(left)).text, (await read(right)).text] };
  }),
  usage('stream.toReadableStream()', async (client) => {
    const stream = (await client.messages.create(streamed)).toReadableStream();
    const lines = (await new Response(stream as unknown as ReadableStream).text()).trim().split('\n');
    return { lines, text: textOf(lines.map((line) => JSON.parse(line) as Event)) };
  }),
  usage('messages.stream().finalMessage()', async (client) => {
    const final = await client.messages.stream({ ...params, tools }).finalMessage();
    return { final, text: final.content };
  }),
  usage('messages.stream() read as events', async (client) => read(client.messages.stream(params))),
  usage('messages.parse()', (client) => client.messages.parse(params)),
  usage('beta.messages.create', (client) => client.beta.messages.create(params)),
  usage('beta stream', async (client) => read((await client.beta.messages.create(streamed)) as AsyncIterable<Event>)),
  usage('a call that is not guarded (count_tokens)', (client) => client.messages.countTokens(params), { calls: 0 }),
  usage(
    'three calls at once',
    (client) =>
      Promise.all(['a', 'b', 'c'].map((stop) => client.messages.create({ ...params, stop_sequences: [stop] }))),
    { calls: 3 },
  ),
  usage(
    'a call while a stream is read',
    async (client) => {
      const list: Event[] = [];
      let inner: unknown = null;
      for await (const event of await client.messages.create(streamed)) {
        list.push(event);
        inner ??= await client.messages.create(params);
      }
      return { inner, text: textOf(list) };
    },
    { calls: 2 },
  ),
  usage(
    'a call in the then of another',
    (client) => client.messages.create(params).then(() => client.messages.create(params)),
    { calls: 2 },
  ),
  usage(
    'a failure and a retry',
    (client) => client.messages.create({ ...params, model: MODELS.flaky }, { maxRetries: 2 }),
    { waits: true },
  ),
  usage('a timeout', (client) => client.messages.create({ ...params, model: MODELS.never }, { timeout: PATIENCE }), {
    ...partial,
    waits: true,
  }),
  usage(
    'a call aborted by signal',
    async (client) => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), PATIENCE);
      return client.messages.create({ ...params, model: MODELS.never }, { signal: abort.signal });
    },
    { ...partial, waits: true },
  ),
  usage('HTTP 500', (client) => client.messages.create({ ...params, model: MODELS.error }), partial),
  usage('HTTP 500 for a stream', (client) => client.messages.create({ ...streamed, model: MODELS.error }), partial),
  usage(
    'stream cut by the server',
    async (client) => read(await client.messages.create({ ...streamed, model: MODELS.cut })),
    partial,
  ),
  usage(
    'stream aborted while it is read',
    async (client) => {
      const stream = await client.messages.create({ ...streamed, model: MODELS.open });
      let count = 0;
      for await (const _ of stream) if (++count === 3) stream.controller.abort();
      return count;
    },
    partial,
  ),
  usage(
    'stream with a malformed chunk',
    async (client) => read(await client.messages.create({ ...streamed, model: MODELS.malformed })),
    partial,
  ),
];

/** The official client of Anthropic. */
export const anthropic = describeClient<Anthropic>({
  name: 'anthropic',
  module: '@anthropic-ai/sdk',
  connect: (module, baseURL) => new (module as Module).Anthropic({ apiKey: 'test', baseURL, maxRetries: 0 }),
  answer,
  modelOf: ({ body }) => String((body as Body)['model']),
  reroute: { model: MODELS.other },
  usages,
});
