import { commonUsages } from './common-usages.js';
import { describeClient, type Usage, type WireAnswer, type WireRequest } from './description.js';
import { openai } from './openai.js';
import { failureFor, json, MODELS, PROMPT } from './shared.js';

type Body = Record<string, unknown>;
interface Chunk {
  choices: { delta: { content?: string } }[];
}
/** An application that asks servers of models with `fetch` alone. */
type Client = (path: string, body: unknown, init?: RequestInit) => Promise<Response>;

/** Classical models say nothing of personal data, so only guard-rails about their calls act on them. */
function classical({ path, body, attempt }: WireRequest): WireAnswer {
  const model = /models\/([^/:]+)|predictions\/([^/]+)/.exec(path)?.slice(1).find(Boolean) ?? '';
  const failure = failureFor(model, attempt, { error: 'boom' });
  if (failure) return failure;
  if (path.endsWith('/infer')) {
    const outputs = [{ name: 'label', datatype: 'BYTES', shape: [1], data: ['approve'] }];
    return json({ model_name: model, outputs });
  }
  if (path.endsWith(':predict')) return json({ predictions: [{ label: 'approve', score: 0.75 }] });
  if (path.includes('/predictions/')) return json({ label: 'approve', asked: body });
  if (path.endsWith('/invocations')) return json({ predictions: [0.75] });
  return json({ error: 'no such path' }, 404);
}

function answer(request: WireRequest): WireAnswer {
  return /\/(?:chat\/completions|completions|responses|embeddings)$/.test(request.path)
    ? openai.answer({ ...request, path: request.path.replace('/v1/', '/') })
    : classical(request);
}

function chat(model: string, rest: object = {}): Body {
  return { model, messages: [{ role: 'user', content: PROMPT }], ...rest };
}

/** The chunks of a streamed answer, as an application reads them that splits the events itself. */
async function* chunksIn(response: Response): AsyncGenerator<Chunk> {
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of response.body!) {
    rest += decoder.decode(piece as Uint8Array, { stream: true });
    const events = rest.split('\n\n');
    rest = events.pop()!;
    for (const event of events) {
      const data = event.replace(/^data: /, '');
      if (data !== '[DONE]') yield JSON.parse(data) as Chunk;
    }
  }
}

async function answerOf(response: Response): Promise<unknown> {
  const { status, ok, url, redirected, type } = response;
  const [body, used] = [await response.json(), response.bodyUsed];
  return { status, ok, path: new URL(url).pathname, redirected, type, body, used, class: response.constructor.name };
}

const kserve = { inputs: [{ name: 'age', datatype: 'INT32', shape: [1], data: [41] }] };

const usages: Usage<Client>[] = [
  ...commonUsages<Client, Chunk>({
    ask: async (client, model, { variant, signal } = {}) =>
      answerOf(
        await client(
          '/v1/chat/completions',
          chat(model, variant === undefined ? {} : { seed: variant }),
          signal === undefined ? {} : { signal },
        ),
      ),
    stream: async (client, model, { signal } = {}) =>
      chunksIn(
        await client('/v1/chat/completions', chat(model, { stream: true }), signal === undefined ? {} : { signal }),
      ),
    textOf: (chunks) => chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''),
    abortable: true,
  }),
  {
    name: 'the text of an answer, read from a clone',
    run: async (client) => {
      const response = await client('/v1/chat/completions', chat(MODELS.good));
      return JSON.parse(await response.clone().text()) as unknown;
    },
  },
  {
    name: 'the bytes of a stream',
    run: async (client) => {
      const text = await (await client('/v1/completions', { model: MODELS.good, prompt: PROMPT, stream: true })).text();
      const lines = text.split('\n').filter((line) => line.startsWith('data: {'));
      return {
        text: lines
          .map((line) => (JSON.parse(line.slice(6)) as { choices: [{ text: string }] }).choices[0].text)
          .join(''),
      };
    },
  },
  {
    name: 'embeddings',
    run: async (client) => answerOf(await client('/v1/embeddings', { model: MODELS.good, input: PROMPT })),
  },
  {
    name: 'KServe v2',
    run: async (client) => answerOf(await client(`/v2/models/${MODELS.good}/versions/3/infer`, kserve)),
    wordless: true,
  },
  {
    name: 'TensorFlow Serving',
    wordless: true,
    run: async (client) => answerOf(await client(`/v1/models/${MODELS.good}:predict`, { instances: [{ age: 41 }] })),
  },
  {
    name: 'TorchServe',
    wordless: true,
    run: async (client) => answerOf(await client(`/predictions/${MODELS.good}/3`, { age: 41 })),
  },
  {
    name: 'MLflow',
    wordless: true,
    run: async (client) =>
      answerOf(await client('/invocations', { dataframe_split: { columns: ['age'], data: [[41]] } })),
  },
  {
    name: 'a request that asks no model',
    calls: 0,
    run: async (client) => answerOf(await client('/v2/models/stub/ready', {})),
  },
];

/** Servers of models that are asked with `fetch`: OpenAI-compatible ones (vLLM and others), KServe and Triton, TensorFlow Serving, TorchServe, MLflow. */
export const http = describeClient<Client>({
  name: 'http',
  module: 'node:url',
  patched: null,
  env: (url) => ({ GUARDSPAN_HTTP_MODELS: `${url}/*` }),
  connect: (_module, baseUrl) => (path, body, init) =>
    fetch(`${baseUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...init,
    }),
  answer,
  modelOf: ({ body }) => String((body as Body)['model'] ?? ''),
  reroute: { model: MODELS.other },
  usages,
});
