import type OpenAI from 'openai';
import type * as Library from 'openai';
import { fieldsOf, MEDIA_USAGES, mediaAnswer } from './openai-media.js';
import { describeClient, type Usage, type WireAnswer, type WireRequest } from './description.js';
import { ANSWER, chunksOf, failureFor, GIVEN, json, MODELS, PIECES, PROMPT, streamFor, PATIENCE } from './shared.js';

type Module = typeof Library;
type Chunk = OpenAI.ChatCompletionChunk;
type Body = Record<string, unknown>;

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const ARGUMENTS = JSON.stringify({ to: GIVEN, n: 1 });

function sse(events: readonly unknown[]): string[] {
  return [...events.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'];
}

function chatChunks(body: Body): unknown[] {
  const chunk = (choices: unknown[], rest: object = {}): unknown => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'stub-1',
    choices,
    ...rest,
  });
  const delta = (index: number, value: object, reason: string | null = null): unknown => ({
    index,
    delta: value,
    finish_reason: reason,
    logprobs: null,
  });
  const choices = Array.from({ length: typeof body['n'] === 'number' ? body['n'] : 1 }, (_, index) => index);
  const chunks = [chunk(choices.map((index) => delta(index, { role: 'assistant', content: '' })))];
  for (const content of PIECES) for (const index of choices) chunks.push(chunk([delta(index, { content })]));
  if (body['tools']) {
    const call = { index: 0, id: 'call_1', type: 'function', function: { name: 'send', arguments: '' } };
    chunks.push(chunk([delta(0, { tool_calls: [call] })]));
    for (let at = 0; at < ARGUMENTS.length; at += 7) {
      const piece = { index: 0, function: { arguments: ARGUMENTS.slice(at, at + 7) } };
      chunks.push(chunk([delta(0, { tool_calls: [piece] })]));
    }
  }
  chunks.push(chunk(choices.map((index) => delta(index, {}, body['tools'] ? 'tool_calls' : 'stop'))));
  chunks.push(chunk([], { usage: USAGE }));
  return chunks;
}

function chatAnswer(body: Body): unknown {
  const call = { id: 'call_1', type: 'function', function: { name: 'send', arguments: ARGUMENTS } };
  const structured = body['response_format'] ? JSON.stringify({ note: ANSWER }) : ANSWER;
  const message = { role: 'assistant', content: structured, refusal: null };
  const choices = Array.from({ length: typeof body['n'] === 'number' ? body['n'] : 1 }, (_, index) => ({
    index,
    message: body['tools'] ? { ...message, tool_calls: [call] } : message,
    finish_reason: body['tools'] ? 'tool_calls' : 'stop',
    logprobs: null,
  }));
  return { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'stub-1', choices, usage: USAGE };
}

/** A command that the application is to run. */
function shellCall(commands: readonly string[], status = 'completed'): Body {
  const action = { commands, timeout_ms: null, max_output_length: null };
  return { type: 'shell_call', id: 's1', call_id: 'c1', status, environment: null, action };
}

function response(shell: boolean): Body {
  const content = [{ type: 'output_text', text: ANSWER, annotations: [], logprobs: [] }];
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    model: 'stub-1',
    status: 'completed',
    output: [
      { type: 'message', id: 'm1', role: 'assistant', status: 'completed', content },
      ...(shell ? [shellCall([ANSWER])] : []),
    ],
    usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
  };
}

function responseEvents(shell: boolean): Body[] {
  const at = { item_id: 'm1', output_index: 0, content_index: 0 };
  const begun = { ...response(shell), status: 'in_progress', output: [] };
  const item = { type: 'message', id: 'm1', role: 'assistant', status: 'in_progress', content: [] };
  const part = { type: 'output_text', text: '', annotations: [], logprobs: [] };
  const done = { ...part, text: ANSWER };
  const events: Body[] = [
    { type: 'response.created', response: begun },
    { type: 'response.output_item.added', output_index: 0, item },
    { type: 'response.content_part.added', ...at, part },
    ...PIECES.map((delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...at, text: ANSWER, logprobs: [] },
    { type: 'response.content_part.done', ...at, part: done },
    { type: 'response.output_item.done', output_index: 0, item: { ...item, status: 'completed', content: [done] } },
    ...(shell ? shellEvents() : []),
    { type: 'response.completed', response: response(shell) },
  ];
  return events.map((event, sequence_number) => ({ ...event, sequence_number }));
}

function shellEvents(): Body[] {
  const at = { output_index: 1, command_index: 0 };
  return [
    { type: 'response.output_item.added', output_index: 1, item: shellCall([], 'in_progress') },
    { type: 'response.shell_call_command.added', ...at, command: '' },
    ...PIECES.map((delta) => ({ type: 'response.shell_call_command.delta', ...at, delta })),
    { type: 'response.shell_call_command.done', ...at, command: ANSWER },
    { type: 'response.output_item.done', output_index: 1, item: shellCall([ANSWER]) },
  ];
}

function completion(text: string, finish_reason: string | null): unknown {
  const choices = [{ index: 0, text, finish_reason, logprobs: null }];
  return { id: 'cmpl-1', object: 'text_completion', created: 1, model: 'stub-1', choices };
}

function answer({ method, path, body, attempt }: WireRequest): WireAnswer {
  const params = body as Body;
  const model = String(fieldsOf({ body })['model']);
  const failure = failureFor(model, attempt, { error: { message: 'boom', type: 'server_error' } });
  if (failure) return failure;
  const media = mediaAnswer({ method, path, body, attempt });
  if (media) return media;
  const streamed = (events: readonly unknown[]): WireAnswer =>
    streamFor(model, sse(events), 'text/event-stream', 'data: {"choices": [\n\n');
  const whole = (value: unknown): WireAnswer => json(value, 200, { 'x-request-id': 'req_1' });
  const stream = params['stream'] === true;
  if (path === '/chat/completions') return stream ? streamed(chatChunks(params)) : whole(chatAnswer(params));
  if (path === '/responses/compact') return whole({ ...response(false), object: 'response.compaction' });
  if (path.startsWith('/responses')) {
    const shell = params['tools'] !== undefined;
    return stream ? streamed(responseEvents(shell)) : whole(response(shell));
  }
  if (path === '/completions') {
    if (!stream) return whole(completion(ANSWER, 'stop'));
    return streamed([...PIECES.map((piece) => completion(piece, null)), completion('', 'stop')]);
  }
  if (path === '/embeddings') {
    const data = [{ object: 'embedding', index: 0, embedding: [0.25, 0.5] }];
    return whole({ object: 'list', model, data, usage: { prompt_tokens: 1, total_tokens: 1 } });
  }
  return json({ error: { message: 'no such path' } }, 404);
}

const chat = { model: MODELS.good as string, messages: [{ role: 'user' as const, content: PROMPT }] };
const tools = [
  { type: 'function' as const, function: { name: 'send', parameters: { type: 'object', properties: {} } } },
];
const schema = {
  type: 'json_schema' as const,
  json_schema: { name: 'note', strict: true, schema: { type: 'object', properties: { note: { type: 'string' } } } },
};

function textOf(chunks: readonly Chunk[]): string[] {
  const texts: string[] = [];
  for (const { choices } of chunks) {
    for (const { index, delta } of choices) {
      texts[index] = (texts[index] ?? '') + (delta.content ?? '');
      for (const call of delta.tool_calls ?? []) {
        const at = 10 + call.index;
        texts[at] = (texts[at] ?? '') + (call.function?.arguments ?? '');
      }
    }
  }
  return texts;
}

async function read(stream: AsyncIterable<Chunk>): Promise<unknown> {
  const chunks = await chunksOf(stream);
  return { text: textOf(chunks) };
}

type Run = Usage<OpenAI>['run'];
const usage = (name: string, run: Run, rest: Partial<Usage<OpenAI>> = {}): Usage<OpenAI> => ({ name, run, ...rest });
const streamed = { ...chat, stream: true as const };

const usages: Usage<OpenAI>[] = [
  usage('create', (client) => client.chat.completions.create(chat)),
  usage('create().withResponse()', async (client) => {
    const { data, response: raw, request_id } = await client.chat.completions.create(chat).withResponse();
    return { data, status: raw.status, request_id };
  }),
  usage(
    'create().asResponse() and json()',
    async (client) => (await client.chat.completions.create(chat).asResponse()).json(),
    { raw: true },
  ),
  usage('create() with n > 1', (client) => client.chat.completions.create({ ...chat, n: 3 })),
  usage('create() with tools', (client) => client.chat.completions.create({ ...chat, tools })),
  usage('stream read to its end', async (client) => read(await client.chat.completions.create(streamed))),
  usage('stream with n > 1', async (client) => read(await client.chat.completions.create({ ...streamed, n: 3 }))),
  usage('stream with tools', async (client) => read(await client.chat.completions.create({ ...streamed, tools }))),
  usage(
    'stream left by break',
    async (client) => {
      for await (const chunk of await client.chat.completions.create(streamed)) return { chunk };
      return null;
    },
    { partial: true },
  ),
  usage(
    'stream aborted before it is read',
    async (client) => {
      const stream = await client.chat.completions.create(streamed);
      stream.controller.abort();
      return stream.controller.signal.aborted;
    },
    { partial: true },
  ),
  usage('stream with withResponse()', async (client) => {
    const { data, response: raw } = await client.chat.completions.create(streamed).withResponse();
    return { ...((await read(data)) as object), status: raw.status };
  }),
  usage('stream.tee()', async (client) => {
    const [left, right] = (await client.chat.completions.create(streamed)).tee();
    const [chunks, others] = [await chunksOf(left), await chunksOf(right)];
    return { text: [textOf(chunks), textOf(others)] };
  }),
  usage('stream.toReadableStream()', async (client) => {
    const stream = (await client.chat.completions.create(streamed)).toReadableStream();
    const lines = (await new Response(stream as unknown as ReadableStream).text()).trim().split('\n');
    return { lines, text: textOf(lines.map((line) => JSON.parse(line) as Chunk)) };
  }),
  usage('chat.completions.stream() helper', async (client) => {
    const final = await client.chat.completions.stream(chat).finalChatCompletion();
    return { final, text: final.choices.map(({ message }) => message.content) };
  }),
  usage('chat.completions.parse()', (client) => client.chat.completions.parse({ ...chat, response_format: schema })),
  usage('chat.completions.runTools()', async (client) => {
    const called: unknown[] = [];
    const send = { name: 'send', description: 'sends', parameters: { type: 'object' as const, properties: {} } };
    const run = (args: unknown): string => (called.push(args), 'sent');
    const runner = client.chat.completions.runTools(
      { ...chat, tools: [{ type: 'function', function: { ...send, function: run, parse: JSON.parse } }] },
      { maxChatCompletions: 1 },
    );
    await runner.done();
    return { called, messages: runner.messages };
  }),
  usage('responses.create', (client) => client.responses.create({ model: MODELS.good, input: PROMPT })),
  usage('responses stream', async (client) => {
    const events = await chunksOf(await client.responses.create({ model: MODELS.good, input: PROMPT, stream: true }));
    return { text: events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('') };
  }),
  usage('responses.stream() helper', async (client) => {
    const final = await client.responses.stream({ model: MODELS.good, input: PROMPT }).finalResponse();
    return { final, text: final.output_text };
  }),
  usage('completions.create', (client) => client.completions.create({ model: MODELS.good, prompt: PROMPT })),
  usage('completions stream', async (client) => {
    const chunks = await chunksOf(
      await client.completions.create({ model: MODELS.good, prompt: PROMPT, stream: true }),
    );
    return { text: chunks.map(({ choices }) => choices[0]?.text ?? '').join('') };
  }),
  usage('embeddings.create', (client) =>
    client.embeddings.create({ model: MODELS.good, input: PROMPT, encoding_format: 'float' }),
  ),
  usage(
    'responses.create with a shell',
    (client) => client.responses.create({ model: MODELS.good, input: PROMPT, tools: [{ type: 'shell' }] }),
    { commands: true },
  ),
  usage(
    'stream of responses.create with a shell',
    async (client) => {
      const params = { model: MODELS.good, input: PROMPT, tools: [{ type: 'shell' as const }], stream: true as const };
      const text: [string, string] = ['', ''];
      for (const event of await chunksOf(await client.responses.create(params))) {
        if (event.type === 'response.output_text.delta') text[0] += event.delta;
        if (event.type === 'response.shell_call_command.delta') text[1] += event.delta;
      }
      return { text };
    },
    { commands: true },
  ),
  usage('responses.compact', (client) => client.responses.compact({ model: MODELS.good, input: PROMPT })),
  usage('stream of beta.responses.create', async (client) => {
    const params = { model: MODELS.good, input: PROMPT, stream: true as const };
    // Version 6 of the client has none.
    const stream = await ('responses' in client.beta
      ? client.beta.responses.create(params)
      : (client as OpenAI).responses.create(params));
    const texts: string[] = [];
    for (const event of await chunksOf<OpenAI.Beta.BetaResponseStreamEvent | OpenAI.Responses.ResponseStreamEvent>(
      stream,
    ))
      if (event.type === 'response.output_text.delta') texts.push(event.delta);
    return { text: texts.join('') };
  }),
  ...MEDIA_USAGES,
  usage('a call that is not guarded (404)', (client) => client.moderations.create({ input: PROMPT }), { calls: 0 }),
  usage(
    'three calls at once',
    (client) => Promise.all([1, 2, 3].map((seed) => client.chat.completions.create({ ...chat, seed }))),
    { calls: 3 },
  ),
  usage(
    'a call while a stream is read',
    async (client) => {
      const chunks: Chunk[] = [];
      let inner: unknown = null;
      for await (const chunk of await client.chat.completions.create(streamed)) {
        chunks.push(chunk);
        inner ??= await client.chat.completions.create(chat);
      }
      return { chunks, inner, text: textOf(chunks) };
    },
    { calls: 2 },
  ),
  usage(
    'a call in the then of another',
    (client) => client.chat.completions.create(chat).then(() => client.chat.completions.create(chat)),
    { calls: 2 },
  ),
  usage(
    'a failure and a retry',
    (client) => client.chat.completions.create({ ...chat, model: MODELS.flaky }, { maxRetries: 2 }),
    { waits: true },
  ),
  usage(
    'a timeout',
    (client) => client.chat.completions.create({ ...chat, model: MODELS.never }, { timeout: PATIENCE }),
    { partial: true, waits: true },
  ),
  usage(
    'a call aborted by signal',
    async (client) => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), PATIENCE);
      return client.chat.completions.create({ ...chat, model: MODELS.never }, { signal: abort.signal });
    },
    { partial: true, waits: true },
  ),
  usage('HTTP 500', (client) => client.chat.completions.create({ ...chat, model: MODELS.error }), { partial: true }),
  usage('HTTP 500 for a stream', (client) => client.chat.completions.create({ ...streamed, model: MODELS.error }), {
    partial: true,
  }),
  usage(
    'stream cut by the server',
    async (client) => read(await client.chat.completions.create({ ...streamed, model: MODELS.cut })),
    { partial: true },
  ),
  usage(
    'stream aborted while it is read',
    async (client) => {
      const abort = new AbortController();
      const stream = await client.chat.completions.create(
        { ...streamed, model: MODELS.open },
        { signal: abort.signal },
      );
      let chunks = 0;
      for await (const _ of stream) if (++chunks === 3) abort.abort();
      return chunks;
    },
    { partial: true },
  ),
  usage(
    'stream with a malformed chunk',
    async (client) => read(await client.chat.completions.create({ ...streamed, model: MODELS.malformed })),
    { partial: true },
  ),
];

/** The official client of OpenAI, also used with every server that speaks its API. */
export const openai = describeClient<OpenAI>({
  name: 'openai',
  module: 'openai',
  connect: (module, baseUrl) => new (module as Module).OpenAI({ apiKey: 'test', baseURL: baseUrl, maxRetries: 0 }),
  answer,
  modelOf: (request) => String(fieldsOf(request)['model']),
  reroute: { model: MODELS.other },
  usages,
});
