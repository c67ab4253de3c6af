import type * as Library from '@aws-sdk/client-bedrock-runtime';
import { commonUsages } from './common-usages.js';
import { describeClient, type Usage, type WireAnswer, type WireRequest } from './description.js';
import { eventMessage } from './event-stream.js';
import { ANSWER, chunksOf, failureFor, GIVEN, json, MODELS, PIECES, PROMPT, streamFor } from './shared.js';

type Body = Record<string, unknown>;
type Event = Library.ConverseStreamOutput;
/** Commands are classes of the module, so usages need it beside the client. */
interface Client {
  library: typeof Library;
  client: Library.BedrockRuntimeClient;
}

const USAGE = { inputTokens: 10, outputTokens: 5, totalTokens: 15 };
const INPUT = { to: GIVEN, n: 1 };

function modelOf({ path }: WireRequest): string {
  return decodeURIComponent(/\/model\/([^/]+)\//.exec(path)?.[1] ?? '');
}

function event(type: string, payload: unknown): Uint8Array {
  return eventMessage({ ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }, payload);
}

function converseEvents(tools: boolean): Uint8Array[] {
  const events = [event('messageStart', { role: 'assistant' })];
  for (const text of PIECES) events.push(event('contentBlockDelta', { contentBlockIndex: 0, delta: { text } }));
  events.push(event('contentBlockStop', { contentBlockIndex: 0 }));
  if (tools) {
    const start = { toolUse: { toolUseId: 't1', name: 'send' } };
    events.push(event('contentBlockStart', { contentBlockIndex: 1, start }));
    const source = JSON.stringify(INPUT);
    for (let at = 0; at < source.length; at += 7) {
      const delta = { toolUse: { input: source.slice(at, at + 7) } };
      events.push(event('contentBlockDelta', { contentBlockIndex: 1, delta }));
    }
    events.push(event('contentBlockStop', { contentBlockIndex: 1 }));
  }
  events.push(event('messageStop', { stopReason: tools ? 'tool_use' : 'end_turn' }));
  events.push(event('metadata', { usage: USAGE, metrics: { latencyMs: 1 } }));
  return events;
}

/** Bodies in the formats of Anthropic, Nova and Titan. */
function invokeEvents(model: string): Uint8Array[] {
  const metrics = { 'amazon-bedrock-invocationMetrics': { inputTokenCount: 10, outputTokenCount: 5 } };
  const bodies: Body[] = [];
  if (model.startsWith('anthropic')) {
    const message = { id: 'm', type: 'message', role: 'assistant', content: [], model, usage: { input_tokens: 10 } };
    bodies.push({ type: 'message_start', message });
    bodies.push({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
    for (const text of PIECES) {
      bodies.push({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
    }
    bodies.push({ type: 'content_block_stop', index: 0 });
    bodies.push({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } });
    bodies.push({ type: 'message_stop', ...metrics });
  } else if (model.startsWith('nova')) {
    bodies.push({ messageStart: { role: 'assistant' } });
    for (const text of PIECES) bodies.push({ contentBlockDelta: { contentBlockIndex: 0, delta: { text } } });
    bodies.push(
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: 'end_turn' }, ...metrics },
    );
  } else {
    for (const outputText of PIECES) bodies.push({ outputText, index: 0, completionReason: null });
    bodies.push({ outputText: '', index: 0, completionReason: 'FINISH', ...metrics });
  }
  return bodies.map((body) => event('chunk', { bytes: Buffer.from(JSON.stringify(body)).toString('base64') }));
}

/** Signed thoughts are taken back as they were, or without their text. */
function takesBack({ messages }: Body): boolean {
  return (messages as Library.Message[])
    .flatMap(({ content }) => content ?? [])
    .map(({ reasoningContent }) => reasoningContent?.reasoningText)
    .every((thought) => !thought || (thought.signature === 's' && ['', ANSWER].includes(thought.text ?? '')));
}

function answer(request: WireRequest): WireAnswer {
  const { path, body, attempt } = request;
  const model = modelOf(request);
  const failure = failureFor(model, attempt, { message: 'boom' });
  if (failure) return failure;
  const tools = (body as Body)['toolConfig'] !== undefined;
  const malformed = event('contentBlockDelta', '{"delta": ');
  const events = (pieces: Uint8Array[]): WireAnswer =>
    streamFor(model, pieces, 'application/vnd.amazon.eventstream', malformed);
  if (path.endsWith('/converse-stream')) return events(converseEvents(tools));
  if (path.endsWith('/invoke-with-response-stream')) return events(invokeEvents(model));
  if (path.endsWith('/invoke')) {
    const results = [{ outputText: ANSWER, tokenCount: 5, completionReason: 'FINISH' }];
    return json({ inputTextTokenCount: 10, results });
  }
  if (path.endsWith('/count-tokens')) return json({ inputTokens: 7 });
  if (!path.endsWith('/converse')) return json({ message: 'no such path' }, 404);
  if (!takesBack(body as Body)) return json({ message: 'thoughts were changed' }, 400);
  const content: unknown[] = [{ text: ANSWER }];
  const thinks = (body as Body)['additionalModelRequestFields'] !== undefined;
  if (thinks) content.unshift({ reasoningContent: { reasoningText: { text: ANSWER, signature: 's' } } });
  if (tools) content.push({ toolUse: { toolUseId: 't1', name: 'send', input: INPUT } });
  const stopReason = tools ? 'tool_use' : 'end_turn';
  return json({
    output: { message: { role: 'assistant', content } },
    stopReason,
    usage: USAGE,
    metrics: { latencyMs: 1 },
  });
}

const messages: Library.Message[] = [{ role: 'user', content: [{ text: PROMPT }] }];
const toolConfig: Library.ToolConfiguration = {
  tools: [{ toolSpec: { name: 'send', inputSchema: { json: { type: 'object' } } } }],
};

/** What an application reads of a result; the request's own id and the tries are not part of the answer. */
function shown<R extends object>(result: R): object {
  const { $metadata: _, ...rest } = result as R & { $metadata?: unknown };
  return rest;
}

async function converse(
  { library, client }: Client,
  input: Library.ConverseCommandInput,
  signal?: AbortSignal,
): Promise<object> {
  const command = new library.ConverseCommand(input);
  return shown(await client.send(command, ...(signal === undefined ? [] : [{ abortSignal: signal }])));
}

async function stream(
  { library, client }: Client,
  input: Library.ConverseStreamCommandInput,
  signal?: AbortSignal,
): Promise<AsyncIterable<Event>> {
  const command = new library.ConverseStreamCommand(input);
  const result = await client.send(command, ...(signal === undefined ? [] : [{ abortSignal: signal }]));
  return result.stream!;
}

function textOf(events: readonly Event[]): string[] {
  const texts: string[] = [];
  for (const { contentBlockDelta } of events) {
    const at = contentBlockDelta?.contentBlockIndex ?? 0;
    const delta = contentBlockDelta?.delta;
    texts[at] = (texts[at] ?? '') + (delta?.text ?? delta?.toolUse?.input ?? '');
  }
  return texts;
}

function invokeBody(): string {
  return JSON.stringify({ inputText: PROMPT, textGenerationConfig: { maxTokenCount: 10 } });
}

/** The text of a stream of InvokeModel, in the format of the model. */
async function readInvoke({ library, client }: Client, modelId: string): Promise<unknown> {
  const command = new library.InvokeModelWithResponseStreamCommand({ modelId, body: invokeBody() });
  const { body } = await client.send(command);
  let text = '';
  for (const { chunk } of await chunksOf(body!)) {
    const part = JSON.parse(Buffer.from(chunk!.bytes!).toString()) as {
      outputText?: string;
      delta?: { text?: string };
      contentBlockDelta?: { delta: { text: string } };
    };
    text += part.outputText ?? part.delta?.text ?? part.contentBlockDelta?.delta.text ?? '';
  }
  return { text };
}

const good = { modelId: MODELS.good, messages };

const usages: Usage<Client>[] = [
  ...commonUsages<Client, Event>({
    ask: (client, modelId, { variant, signal } = {}) =>
      converse(
        client,
        { modelId, messages, ...(variant === undefined ? {} : { inferenceConfig: { maxTokens: variant } }) },
        signal,
      ),
    stream: (client, modelId, { signal } = {}) => stream(client, { modelId, messages }, signal),
    textOf,
    abortable: true,
  }),
  {
    name: 'messages of every shape',
    run: (client) =>
      converse(client, {
        modelId: MODELS.good,
        system: [{ text: PROMPT }],
        messages: [
          { role: 'user', content: [{ text: PROMPT }] },
          { role: 'assistant', content: [{ toolUse: { toolUseId: 't', name: 'find', input: { of: PROMPT } } }] },
          {
            role: 'user',
            content: [{ toolResult: { toolUseId: 't', content: [{ text: PROMPT }, { json: { found: [PROMPT] } }] } }],
          },
        ],
      }),
  },
  {
    name: 'a turn that sends signed thoughts back',
    calls: 2,
    run: async (client) => {
      const additionalModelRequestFields = { thinking: { type: 'adaptive' } };
      const { output } = (await converse(client, { ...good, additionalModelRequestFields })) as {
        output: Library.ConverseOutput;
      };
      return converse(client, { ...good, messages: [output.message!, ...messages] });
    },
  },
  { name: 'Converse with tools', run: (client) => converse(client, { ...good, toolConfig }) },
  {
    name: 'ConverseStream with tools',
    run: async (client) => ({ text: textOf(await chunksOf(await stream(client, { ...good, toolConfig }))) }),
  },
  {
    name: 'the aggregated client',
    run: async ({ library, client }) => {
      const { region, endpoint, credentials } = client.config;
      const whole = new library.BedrockRuntime({ region, endpoint: endpoint!, credentials, maxAttempts: 1 });
      return shown(await whole.converse(good));
    },
  },
  {
    name: 'send() with a callback',
    run: ({ library, client }) =>
      new Promise((resolve, reject) => {
        client.send(new library.ConverseCommand(good), (error: unknown, result) =>
          error ? reject(error as Error) : resolve(shown(result!)),
        );
      }),
  },
  {
    name: 'InvokeModel',
    run: async ({ library, client }) => {
      const { body } = await client.send(new library.InvokeModelCommand({ modelId: MODELS.good, body: invokeBody() }));
      return { body: JSON.parse(body.transformToString()) as unknown, class: body.constructor.name };
    },
  },
  { name: 'InvokeModelWithResponseStream, Titan', run: (client) => readInvoke(client, MODELS.good) },
  { name: 'InvokeModelWithResponseStream, Anthropic', run: (client) => readInvoke(client, 'anthropic.claude') },
  { name: 'InvokeModelWithResponseStream, Nova', run: (client) => readInvoke(client, 'nova-pro') },
  {
    name: 'a call that is not guarded (count tokens)',
    calls: 0,
    run: async ({ library, client }) =>
      shown(
        await client.send(new library.CountTokensCommand({ modelId: MODELS.good, input: { converse: { messages } } })),
      ),
  },
  {
    name: 'a failure and a retry',
    waits: true,
    run: async ({ library, client }) => {
      const { region, endpoint, credentials, requestHandler } = client.config;
      const patient = new library.BedrockRuntimeClient({
        region,
        endpoint: endpoint!,
        credentials,
        requestHandler,
        maxAttempts: 3,
      });
      return shown(await patient.send(new library.ConverseCommand({ ...good, modelId: MODELS.flaky })));
    },
  },
];

/** The client of Amazon Bedrock. */
export const bedrock = describeClient<Client>({
  name: 'bedrock',
  module: '@aws-sdk/client-bedrock-runtime',
  http2: true,
  connect: (module, endpoint) => {
    const library = module as typeof Library;
    const client = new library.BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    return { library, client };
  },
  answer,
  modelOf,
  reroute: { modelId: MODELS.other },
  usages,
});
