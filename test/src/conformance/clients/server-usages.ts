import { commonUsages } from './common-usages.js';
import type { Usage, WireAnswer, WireRequest } from './description.js';
import { google } from './google.js';
import { mistral } from './mistral.js';
import { openai } from './openai.js';
import { ANSWER, failureFor, json, MODELS, PIECES, PROMPT, streamFor } from './shared.js';

type Body = Record<string, unknown>;
interface Chunk {
  choices: { delta: { content?: string } }[];
}

/** What an application sees of the answer of a server of models, however it asked. */
export interface ServerAnswer {
  status: number;
  /** Whatever else is to be compared: headers, flags, the class. */
  facts: object;
  /** The body, as it is read. */
  body: AsyncIterable<Uint8Array | string>;
}

/** How an application asks servers of models without a client: by POST of JSON. */
export type Ask = (path: string, body: unknown, signal?: AbortSignal) => Promise<ServerAnswer>;

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

/** Triton's generate extension: the model is in the address, and its outputs have the names that it chose. */
function generate({ path, attempt }: WireRequest): WireAnswer {
  const model = /models\/([^/]+)/.exec(path)![1]!;
  const failure = failureFor(model, attempt, { error: 'boom' });
  if (failure) return failure;
  const answer = { model_name: model, model_version: '3' };
  if (path.endsWith('/generate')) return json({ ...answer, text_output: ANSWER });
  const events = PIECES.map((text_output) => `data: ${JSON.stringify({ ...answer, text_output })}\n\n`);
  return streamFor(model, events, 'text/event-stream', 'data: {"text_output": [\n\n');
}

/** Speaks for vLLM and its like, KServe, Triton, TensorFlow Serving, TorchServe and MLflow. */
export function serverAnswer(request: WireRequest): WireAnswer {
  if (/\/generate(?:_stream)?$/.test(request.path)) return generate(request);
  if (request.path.endsWith('/interactions')) return google.answer(request);
  if (request.path.includes('/conversations')) return mistral.answer(request);
  if (request.path.endsWith('/agents/completions')) return openai.answer({ ...request, path: '/chat/completions' });
  return /\/(?:chat\/completions|completions|responses|embeddings|images\/generations|audio\/speech|audio\/transcriptions)$/.test(
    request.path,
  )
    ? openai.answer({ ...request, path: request.path.replace('/v1/', '/') })
    : classical(request);
}

function chat(model: string, rest: object = {}): Body {
  return { model, messages: [{ role: 'user', content: PROMPT }], ...rest };
}

/** The chunks of a streamed answer, as an application reads them that splits the events itself. */
async function* chunksIn({ status, body }: ServerAnswer): AsyncGenerator<Chunk> {
  if (status >= 400) throw new Error(`the server answers ${status}`);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of body) {
    rest += typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
    const events = rest.split('\n\n');
    rest = events.pop()!;
    for (const event of events) {
      const data = event.replace(/^data: /, '');
      if (data !== '[DONE]') yield JSON.parse(data) as Chunk;
    }
  }
}

async function textOf({ body }: ServerAnswer): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  return Buffer.concat(pieces).toString();
}

/** The data of events whose names are those of their data; throws for one that has another. */
function namedEvents(source: string): Body[] {
  return source
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      const [name, line] = event.split('\n').map((each) => each.replace(/^\w+: /, ''));
      const data = JSON.parse(line!) as Body;
      if (name !== (data['event_type'] ?? data['type'])) throw new Error(`an event ${name} says ${line}`);
      return data;
    });
}

async function whole(answer: ServerAnswer): Promise<unknown> {
  return { status: answer.status, body: JSON.parse(await textOf(answer)) as unknown, ...answer.facts };
}

const kserve = { inputs: [{ name: 'age', datatype: 'INT32', shape: [1], data: [41] }] };

/** Usages of every way in which an application may ask. `askOf` gives it for the client of a description. */
export function serverUsages<Client>(askOf: (client: Client) => Ask): Usage<Client>[] {
  const ask = async (client: Client, path: string, body: unknown): Promise<unknown> =>
    whole(await askOf(client)(path, body));
  return [
    ...commonUsages<Client, Chunk>({
      ask: async (client, model, { variant, signal } = {}) =>
        whole(
          await askOf(client)(
            '/v1/chat/completions',
            chat(model, variant === undefined ? {} : { seed: variant }),
            signal,
          ),
        ),
      stream: async (client, model, { signal } = {}) =>
        chunksIn(await askOf(client)('/v1/chat/completions', chat(model, { stream: true }), signal)),
      textOf: (chunks) => chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''),
      abortable: true,
    }),
    {
      name: 'the bytes of a stream',
      run: async (client) => {
        const asked = { model: MODELS.good, prompt: PROMPT, stream: true };
        const lines = (await textOf(await askOf(client)('/v1/completions', asked))).split('\n');
        const events = lines.filter((line) => line.startsWith('data: {')).map((line) => line.slice(6));
        return {
          text: events.map((event) => (JSON.parse(event) as { choices: [{ text: string }] }).choices[0].text).join(''),
        };
      },
    },
    {
      name: 'embeddings',
      run: (client) => ask(client, '/v1/embeddings', { model: MODELS.good, input: PROMPT }),
    },
    {
      name: 'images',
      run: (client) => ask(client, '/v1/images/generations', { model: MODELS.good, prompt: PROMPT }),
    },
    {
      name: 'speech',
      run: async (client) => {
        const { status, body } = await askOf(client)('/v1/audio/speech', { model: MODELS.good, input: PROMPT });
        return { status, bytes: (await textOf({ status, body, facts: {} })).length };
      },
    },
    {
      name: "Google's interactions",
      run: (client) => ask(client, '/v1beta/interactions', { model: MODELS.good, input: PROMPT }),
    },
    {
      name: "stream of Google's interactions",
      run: async (client) => {
        const asked = { model: MODELS.good, input: PROMPT, stream: true };
        const events = namedEvents(await textOf(await askOf(client)('/v1beta/interactions', asked)));
        return { text: events.map(({ delta }) => (delta as { text?: string } | undefined)?.text ?? '').join('') };
      },
    },
    {
      name: "an agent of Mistral's",
      run: (client) => ask(client, '/v1/agents/completions', chat(MODELS.good)),
    },
    {
      name: "Mistral's conversations",
      run: (client) => ask(client, '/v1/conversations', { model: MODELS.good, inputs: PROMPT }),
    },
    {
      name: 'a conversation that goes on',
      addressed: true,
      run: (client) => ask(client, '/v1/conversations/conv_1', { inputs: [{ role: 'user', content: PROMPT }] }),
    },
    {
      name: "stream of Mistral's conversations",
      run: async (client) => {
        const asked = { model: MODELS.good, inputs: PROMPT, stream: true };
        const events = namedEvents(await textOf(await askOf(client)('/v1/conversations', asked)));
        return { text: events.map(({ content }) => (typeof content === 'string' ? content : '')).join('') };
      },
    },
    {
      name: 'a conversation that is only kept',
      calls: 0,
      run: (client) => ask(client, '/v1/conversations', { items: [] }),
    },
    {
      name: 'KServe v2',
      run: (client) => ask(client, `/v2/models/${MODELS.good}/versions/3/infer`, kserve),
      wordless: true,
    },
    {
      name: 'Triton infer',
      run: (client) => ask(client, `/v2/models/${MODELS.good}/infer`, kserve),
      wordless: true,
    },
    {
      name: 'Triton generate',
      run: (client) => ask(client, `/v2/models/${MODELS.good}/versions/3/generate`, { text_input: PROMPT }),
      addressed: true,
    },
    {
      name: 'Triton generate_stream',
      addressed: true,
      run: async (client) => {
        const asked = { text_input: PROMPT, stream: true };
        const lines = await textOf(await askOf(client)(`/v2/models/${MODELS.good}/generate_stream`, asked));
        const events = lines.split('\n').filter((line) => line.startsWith('data: '));
        return {
          text: events.map((line) => (JSON.parse(line.slice(6)) as { text_output: string }).text_output).join(''),
        };
      },
    },
    {
      name: 'Triton generate, HTTP 500',
      run: (client) => ask(client, `/v2/models/${MODELS.error}/generate`, { text_input: PROMPT }),
      addressed: true,
    },
    {
      name: 'TensorFlow Serving',
      wordless: true,
      run: (client) => ask(client, `/v1/models/${MODELS.good}:predict`, { instances: [{ age: 41 }] }),
    },
    {
      name: 'TorchServe',
      wordless: true,
      run: (client) => ask(client, `/predictions/${MODELS.good}/3`, { age: 41 }),
    },
    {
      name: 'MLflow',
      wordless: true,
      run: (client) => ask(client, '/invocations', { dataframe_split: { columns: ['age'], data: [[41]] } }),
    },
    {
      name: 'a request that asks no model',
      calls: 0,
      run: (client) => ask(client, '/v2/models/stub/ready', {}),
    },
  ];
}
