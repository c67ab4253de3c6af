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

function modelOf({ path }: WireRequest): string {
  return /models\/([^:/]+):/.exec(path)?.[1] ?? '';
}

function chunk(candidates: unknown[], rest: object = {}): Body {
  return { candidates, modelVersion: 'stub-1', responseId: 'resp_1', ...rest };
}

function candidate(parts: unknown[], rest: object = {}, index = 0): Body {
  return { content: { role: 'model', parts }, index, ...rest };
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
  if (path.includes(':batchEmbedContents')) return json({ embeddings: [{ values: [0.25, 0.5] }] });
  if (path.includes(':countTokens')) return json({ totalTokens: 7 });
  const indexes = Array.from({ length: Number(config['candidateCount'] ?? 1) }, (_, index) => index);
  if (path.includes(':generateContent')) {
    const parts: unknown[] = [{ text: ANSWER }];
    if (thoughts) parts.unshift({ text: ANSWER, thought: true });
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
