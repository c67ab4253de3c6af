import type { AbortableAsyncIterator, ChatResponse, GenerateResponse, Ollama } from 'ollama';
import type * as Library from 'ollama';
import { commonUsages } from './common-usages.js';
import { describeClient, type Usage, type WireAnswer, type WireRequest } from './description.js';
import { ANSWER, chunksOf, failureFor, GIVEN, json, MODELS, PIECES, PROMPT, streamFor } from './shared.js';

type Body = Record<string, unknown>;

const COUNTS = { done: true, done_reason: 'stop', prompt_eval_count: 10, eval_count: 5, total_duration: 1 };
const CALL = { function: { name: 'send', arguments: { to: GIVEN, n: 1 } } };

function answer({ path, body, attempt }: WireRequest): WireAnswer {
  const params = body as Body;
  const model = String(params['model']);
  const failure = failureFor(model, attempt, { error: 'boom' });
  if (failure) return failure;
  const base = { model: 'stub-1', created_at: '2026-01-01T00:00:00Z' };
  if (path === '/api/embed') return json({ ...base, embeddings: [[0.25, 0.5]], prompt_eval_count: 3 });
  if (path === '/api/show') return json({ details: {} });
  const chat = path === '/api/chat';
  if (!chat && path !== '/api/generate') return json({ error: 'not found' }, 404);
  const [tools, think] = [params['tools'] !== undefined, params['think'] === true];
  const say = (text: object): Body =>
    chat ? { ...base, message: { role: 'assistant', content: '', ...text } } : { ...base, response: '', ...text };
  const piece = (text: string): object => (chat ? { content: text } : { response: text });
  if (params['stream'] !== true) {
    const whole = {
      ...piece(ANSWER),
      ...(think ? { thinking: ANSWER } : {}),
      ...(tools ? { tool_calls: [CALL] } : {}),
    };
    return json({ ...say(whole), ...COUNTS });
  }
  const chunks: Body[] = [];
  if (think) for (const thinking of PIECES) chunks.push({ ...say({ thinking }), done: false });
  for (const text of PIECES) chunks.push({ ...say(piece(text)), done: false });
  if (tools) chunks.push({ ...say({ tool_calls: [CALL] }), done: false });
  chunks.push({ ...say({}), ...COUNTS });
  return streamFor(
    model,
    chunks.map((chunk) => `${JSON.stringify(chunk)}\n`),
    'application/x-ndjson',
    '{"model": \n',
  );
}

function textOf(chunks: readonly ChatResponse[]): string[] {
  const join = (read: (message: ChatResponse['message']) => string | undefined): string =>
    chunks.map(({ message }) => read(message) ?? '').join('');
  return [
    join(({ content }) => content),
    join(({ thinking }) => thinking),
    join(({ tool_calls }) => (tool_calls ? JSON.stringify(tool_calls) : '')),
  ];
}

const messages = [{ role: 'user', content: PROMPT }];
const tools = [{ type: 'function', function: { name: 'send' } }];

const usages: Usage<Ollama>[] = [
  ...commonUsages<Ollama, ChatResponse>({
    ask: (client, model, { variant } = {}) =>
      client.chat({ model, messages, ...(variant === undefined ? {} : { options: { seed: variant } }) }),
    stream: (client, model) => client.chat({ model, messages, stream: true }),
    textOf,
    abortable: false,
    abort: (stream) => (stream as AbortableAsyncIterator<ChatResponse>).abort(),
  }),
  {
    name: 'messages of every shape',
    run: (client) =>
      client.chat({
        model: MODELS.good,
        messages: [
          { role: 'system', content: PROMPT },
          { role: 'assistant', content: '', tool_calls: [{ function: { name: 'find', arguments: { of: [PROMPT] } } }] },
          { role: 'tool', content: PROMPT },
        ],
      }),
  },
  {
    name: 'chat() with tools and thoughts',
    run: (client) => client.chat({ model: MODELS.good, messages, tools, think: true }),
  },
  {
    name: 'stream with tools and thoughts',
    run: async (client) => {
      const stream = await client.chat({ model: MODELS.good, messages, tools, think: true, stream: true });
      return { text: textOf(await chunksOf(stream)) };
    },
  },
  { name: 'generate', run: (client) => client.generate({ model: MODELS.good, prompt: PROMPT, system: PROMPT }) },
  {
    name: 'generate stream',
    run: async (client) => {
      const stream = await client.generate({ model: MODELS.good, prompt: PROMPT, think: true, stream: true });
      const chunks: GenerateResponse[] = await chunksOf(stream);
      return { text: chunks.map(({ response, thinking }) => `${thinking ?? ''}${response}`).join('') };
    },
  },
  {
    name: 'all streams aborted by the client',
    partial: true,
    run: async (client) => {
      const stream = await client.chat({ model: MODELS.open, messages, stream: true });
      let chunks = 0;
      for await (const _ of stream) if (++chunks === 2) client.abort();
      return chunks;
    },
  },
  { name: 'embed', run: (client) => client.embed({ model: MODELS.good, input: [PROMPT] }) },
  { name: 'a call that is not guarded (show)', calls: 0, run: (client) => client.show({ model: MODELS.good }) },
];

/** The client of Ollama. */
export const ollama = describeClient<Ollama>({
  name: 'ollama',
  module: 'ollama',
  connect: (module, host) => new (module as typeof Library).Ollama({ host }),
  answer,
  modelOf: ({ body }) => String((body as Body)['model']),
  reroute: { model: MODELS.other },
  usages,
});
