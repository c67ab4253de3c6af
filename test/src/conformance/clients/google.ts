import type * as Google from '@google/genai';
import { commonUsages } from './common-usages.js';
import { describeClient, type Usage, type WireAnswer, type WireRequest } from './description.js';
import { ANSWER, chunksOf, failureFor, GIVEN, json, MODELS, PIECES, PROMPT, streamFor, PATIENCE } from './shared.js';

type Client = Google.GoogleGenAI;
type Body = Record<string, unknown>;
type Chunk = Google.GenerateContentResponse;

const CALL = { functionCall: { name: 'send', args: { to: GIVEN, n: 1 } } };
/** As a stop sequence: the server says with each chunk where the answer can be taken up. */
const TOKEN = 'continuation';
const TOKENS = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 };

function modelOf({ path, body }: WireRequest): string {
  if (path.endsWith('/interactions')) return String((body as Body)['model'] ?? (body as Body)['agent']);
  return /models\/([^:/]+):/.exec(path)?.[1] ?? '';
}

function chunk(candidates: unknown[], rest: object = {}): Body {
  return { candidates, modelVersion: 'stub-1', responseId: 'resp_1', ...rest };
}

function candidate(parts: unknown[], rest: object = {}, index = 0): Body {
  return { content: { role: 'model', parts }, index, ...rest };
}

/** An interaction: its steps, or the events that they are streamed by. */
function interaction(params: Body, model: string): WireAnswer {
  const whole = { id: 'int_1', model: 'stub-1', object: 'interaction', created: '2026-01-01T00:00:00Z' };
  const usage = { total_input_tokens: 10, total_output_tokens: 5, total_tokens: 15 };
  const steps: Body[] = [{ type: 'model_output', content: [{ type: 'text', text: ANSWER }] }];
  if (params['tools']) steps.push({ type: 'function_call', id: 'c1', name: 'send', arguments: { to: GIVEN, n: 1 } });
  if (params['stream'] !== true) return json({ ...whole, status: 'completed', steps, usage });
  const events: Body[] = [
    { event_type: 'interaction.created', interaction: { ...whole, status: 'in_progress' } },
    { event_type: 'step.start', index: 0, step: { type: 'model_output' } },
    ...PIECES.map((text) => ({ event_type: 'step.delta', index: 0, delta: { type: 'text', text } })),
    { event_type: 'step.stop', index: 0 },
  ];
  if (params['tools']) {
    const step = { type: 'function_call', id: 'c1', name: 'send', arguments: {} };
    const source = JSON.stringify({ to: GIVEN, n: 1 });
    events.push({ event_type: 'step.start', index: 1, step });
    for (let at = 0; at < source.length; at += 7) {
      const delta = { type: 'arguments_delta', arguments: source.slice(at, at + 7) };
      events.push({ event_type: 'step.delta', index: 1, delta });
    }
    events.push({ event_type: 'step.stop', index: 1 });
  }
  events.push({ event_type: 'interaction.completed', interaction: { ...whole, status: 'completed', usage } });
  const pieces = events.map((each) => `event: ${String(each['event_type'])}\ndata: ${JSON.stringify(each)}\n\n`);
  return streamFor(model, pieces, 'text/event-stream', 'data: {"event_type": \n\n');
}

/** A signed text is taken back as it was. */
function takesBack({ contents }: Body): boolean {
  return ((contents ?? []) as { parts: { text?: string; thoughtSignature?: string }[] }[])
    .flatMap(({ parts }) => parts)
    .every(({ text, thoughtSignature }) => thoughtSignature === undefined || text === ANSWER);
}

function answer(request: WireRequest): WireAnswer {
  const { path, body, attempt } = request;
  const params = body as Body;
  const model = modelOf(request);
  const failure = failureFor(model, attempt, { error: { code: 500, message: 'boom', status: 'INTERNAL' } });
  if (failure) return failure;
  const tools = params['tools'] !== undefined;
  const config = (params['generationConfig'] ?? {}) as Body;
  const thoughts = config['thinkingConfig'] !== undefined;
  if (path.endsWith('/interactions')) return interaction(params, model);
  if (path.includes(':batchEmbedContents')) return json({ embeddings: [{ values: [0.25, 0.5] }] });
  if (path.includes(':predictLongRunning')) return json({ name: 'operations/1' });
  if (path.includes(':predict')) {
    const predictions = [{ mimeType: 'image/png', bytesBase64Encoded: 'AA==', prompt: ANSWER }];
    return json({ predictions });
  }
  if (path.includes(':countTokens')) return json({ totalTokens: 7 });
  const indexes = Array.from({ length: Number(config['candidateCount'] ?? 1) }, (_, index) => index);
  if (!takesBack(params)) return json({ error: { code: 400, status: 'INVALID_ARGUMENT' } }, 400);
  if (path.includes(':generateContent')) {
    const parts: unknown[] = [{ text: ANSWER }];
    if (thoughts) parts.unshift({ text: ANSWER, thought: true, thoughtSignature: 's' });
    if (tools) parts.push(CALL);
    const list = indexes.map((index) => candidate(parts, { finishReason: 'STOP' }, index));
    return json(chunk(list, { usageMetadata: TOKENS }));
  }
  if (!path.includes(':streamGenerateContent')) return json({ error: { code: 404 } }, 404);
  const chunks: Body[] = [];
  if (thoughts) for (const text of PIECES) chunks.push(chunk([candidate([{ text, thought: true }])]));
  for (const text of PIECES) for (const index of indexes) chunks.push(chunk([candidate([{ text }], {}, index)]));
  if (tools) chunks.push(chunk([candidate([CALL])]));
  const last = indexes.map((index) => candidate([{ text: '' }], { finishReason: 'STOP' }, index));
  chunks.push(chunk(last, { usageMetadata: TOKENS }));
  if (JSON.stringify(config['stopSequences'] ?? []).includes(TOKEN)) {
    chunks.forEach(({ candidates }, index) => ((candidates as Body[])[0]!['continuationToken'] = `token ${index}`));
  }
  const events = chunks.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`);
  return streamFor(model, events, 'text/event-stream', 'data: {"candidates": [\r\n\r\n');
}

function textOf(chunks: readonly Chunk[]): string[] {
  const texts: string[] = [];
  for (const { candidates } of chunks) {
    for (const { content, index = 0 } of candidates ?? []) {
      for (const part of content?.parts ?? []) {
        const at = part.thought ? index + 10 : part.functionCall ? index + 20 : index;
        texts[at] =
          (texts[at] ?? '') + (part.functionCall ? JSON.stringify(part.functionCall.args) : (part.text ?? ''));
      }
    }
  }
  return texts;
}

type InteractionEvent =
  Awaited<ReturnType<Client['interactions']['create']>> extends infer R
    ? R extends AsyncIterable<infer E>
      ? E
      : never
    : never;

async function readInteraction(stream: AsyncIterable<InteractionEvent>): Promise<unknown> {
  const text: [string, string] = ['', ''];
  for (const event of await chunksOf(stream)) {
    if (event.event_type !== 'step.delta') continue;
    if (event.delta.type === 'text') text[0] += event.delta.text;
    if (event.delta.type === 'arguments_delta') text[1] += event.delta.arguments ?? '';
  }
  return { text };
}

/** The same client, asking Vertex AI at the same address. */
function vertex(client: Client): Client {
  const baseUrl = (client as unknown as { apiClient: { getBaseUrl(): string } }).apiClient.getBaseUrl();
  const Own = client.constructor as typeof Google.GoogleGenAI;
  return new Own({ vertexai: true, apiKey: 'test', httpOptions: { baseUrl } });
}

const tools = [{ functionDeclarations: [{ name: 'send', description: 'sends' }] }];
const thinkingConfig = { includeThoughts: true };
const good = { model: MODELS.good, contents: PROMPT };
const partial = { partial: true };

async function read(stream: Promise<AsyncGenerator<Chunk>>): Promise<unknown> {
  return { text: textOf(await chunksOf(await stream)) };
}

const usages: Usage<Client>[] = [
  ...commonUsages<Client, Chunk>({
    ask: (client, model, { variant, signal } = {}) =>
      client.models.generateContent({
        model,
        contents: PROMPT,
        config: {
          ...(variant === undefined ? {} : { seed: variant }),
          ...(signal === undefined ? {} : { abortSignal: signal }),
        },
      }),
    stream: (client, model, { signal } = {}) =>
      client.models.generateContentStream({
        model,
        contents: PROMPT,
        config: { automaticContinuation: false, ...(signal === undefined ? {} : { abortSignal: signal }) },
      }),
    textOf,
    abortable: true,
  }),
  {
    name: 'contents of every shape',
    run: (client) =>
      client.models.generateContent({
        model: MODELS.good,
        contents: [
          { role: 'user', parts: [{ text: PROMPT }] },
          { role: 'model', parts: [{ functionCall: { name: 'find', args: { of: [PROMPT] } } }] },
          { role: 'user', parts: [{ functionResponse: { name: 'find', response: { found: PROMPT } } }] },
        ],
        config: { systemInstruction: PROMPT },
      }),
  },
  { name: 'the text getter', run: async (client) => (await client.models.generateContent(good)).text },
  {
    name: 'candidateCount > 1',
    run: (client) => client.models.generateContent({ ...good, config: { candidateCount: 3 } }),
  },
  {
    name: 'tools and thoughts',
    run: async (client) => {
      const response = await client.models.generateContent({ ...good, config: { tools, thinkingConfig } });
      return { response, calls: response.functionCalls };
    },
  },
  {
    name: 'a turn that sends signed thoughts back',
    calls: 2,
    run: async (client) => {
      const { candidates } = await client.models.generateContent({ ...good, config: { thinkingConfig } });
      return client.models.generateContent({ ...good, contents: [candidates![0]!.content!] });
    },
  },
  {
    name: 'stream with tools and thoughts',
    run: (client) => read(client.models.generateContentStream({ ...good, config: { tools, thinkingConfig } })),
  },
  {
    name: 'stream with candidateCount > 1',
    run: (client) => read(client.models.generateContentStream({ ...good, config: { candidateCount: 3 } })),
  },
  { name: 'stream that may continue by itself', run: (client) => read(client.models.generateContentStream(good)) },
  {
    name: 'stream that can be taken up where it ends',
    run: (client) => read(client.models.generateContentStream({ ...good, config: { stopSequences: [TOKEN] } })),
  },
  {
    name: 'a chat with history',
    calls: 2,
    run: async (client) => {
      const chat = client.chats.create({ model: MODELS.good });
      const first = await chat.sendMessage({ message: PROMPT });
      const second = await chat.sendMessage({ message: 'and then' });
      return { first, second, history: chat.getHistory() };
    },
  },
  {
    name: 'interactions.create',
    run: (client) =>
      client.interactions.create({
        model: MODELS.good,
        system_instruction: PROMPT,
        input: [{ type: 'user_input', content: [{ type: 'text', text: PROMPT }] }],
        tools: [{ type: 'function', name: 'send', parameters: {} }],
      }),
  },
  {
    name: 'stream of interactions.create',
    run: async (client) =>
      readInteraction(
        await client.interactions.create({
          model: MODELS.good,
          input: PROMPT,
          stream: true,
          tools: [{ type: 'function', name: 'send', parameters: {} }],
        }),
      ),
  },
  {
    name: 'stream of interactions.create that is read once',
    run: async (client) => {
      const params = { model: MODELS.good, input: PROMPT, stream: true, automatic_continuation: false } as const;
      return readInteraction(await client.interactions.create(params));
    },
  },
  {
    name: 'generateImages',
    run: (client) => vertex(client).models.generateImages({ model: MODELS.good, prompt: PROMPT }),
  },
  {
    name: 'generateVideos',
    run: (client) => vertex(client).models.generateVideos({ model: MODELS.good, prompt: PROMPT }),
  },
  { name: 'embedContent', run: (client) => client.models.embedContent({ ...good }) },
  { name: 'a call that is not guarded (countTokens)', calls: 0, run: (client) => client.models.countTokens(good) },
  {
    name: 'a failure and a retry',
    waits: true,
    run: (client) =>
      client.models.generateContent({
        ...good,
        model: MODELS.flaky,
        config: { httpOptions: { retryOptions: { attempts: 2 } } },
      }),
  },
  {
    name: 'a timeout',
    ...partial,
    waits: true,
    run: (client) =>
      client.models.generateContent({ ...good, model: MODELS.never, config: { httpOptions: { timeout: PATIENCE } } }),
  },
];

/** The client of Google for Gemini. */
export const google = describeClient<Client>({
  name: 'google-genai',
  module: '@google/genai',
  connect: (module, baseUrl) => {
    const { GoogleGenAI } = module as typeof Google;
    return new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl } });
  },
  answer,
  modelOf,
  reroute: { model: MODELS.other },
  usages,
});
