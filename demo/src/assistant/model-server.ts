import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the server behaves for one model; changed while it runs. */
export interface ModelBehaviour {
  /** Seconds until the answer. */
  latency: number;
  /** Share of calls that are answered with HTTP 500. */
  errorRate: number;
  /** Reported `completion_tokens`. */
  outputTokens: number;
}

/** A local server that speaks the wire format of OpenAI's chat completions, streaming included. */
export interface ModelServer {
  url: string;
  behaviour(model: string): ModelBehaviour;
  /** Prompts as they arrived, to judge what left the process. */
  readonly received: { model: string; text: string }[];
  close(): Promise<void>;
}

const MAX_BODY = 1_000_000;
const ANSWER = 'Thank you for asking. Here is what I found in the handbook.';

interface ChatRequest {
  model: string;
  stream?: boolean;
  messages: { role: string; content: unknown }[];
}

async function readJson(request: IncomingMessage): Promise<ChatRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY) throw new Error('too large');
    chunks.push(chunk as Buffer);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as ChatRequest;
}

/** Starts the server on a free port of the loopback interface. */
export async function startModelServer(random: () => number): Promise<ModelServer> {
  const behaviours = new Map<string, ModelBehaviour>();
  const received: { model: string; text: string }[] = [];
  let count = 0;
  const behaviour = (model: string): ModelBehaviour => {
    let known = behaviours.get(model);
    if (known === undefined) {
      known = { latency: 0.02, errorRate: 0, outputTokens: 40 };
      behaviours.set(model, known);
    }
    return known;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readJson(request);
    const { latency, errorRate, outputTokens } = behaviour(body.model);
    const text = body.messages
      .map((message) => (typeof message.content === 'string' ? message.content : JSON.stringify(message.content)))
      .join('\n');
    received.push({ model: body.model, text });
    await new Promise((resolve) => setTimeout(resolve, latency * 1000 * (0.8 + 0.4 * random())));
    if (random() < errorRate) {
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: 'overloaded', type: 'server_error' } }));
      return;
    }
    count += 1;
    const promptTokens = Math.ceil(text.length / 4);
    const base = { id: `chatcmpl-${count}`, created: Math.floor(Date.now() / 1000), model: body.model };
    const usage = {
      prompt_tokens: promptTokens,
      completion_tokens: outputTokens,
      total_tokens: promptTokens + outputTokens,
    };
    if (body.stream !== true) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          ...base,
          object: 'chat.completion',
          choices: [{ index: 0, message: { role: 'assistant', content: ANSWER }, finish_reason: 'stop' }],
          usage,
        }),
      );
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (choices: unknown[], extra: object = {}): boolean =>
      response.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...extra })}\n\n`);
    for (const word of ANSWER.split(/(?<= )/)) send([{ index: 0, delta: { content: word }, finish_reason: null }]);
    send([{ index: 0, delta: {}, finish_reason: 'stop' }]);
    send([], { usage });
    response.end('data: [DONE]\n\n');
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(400, { 'content-type': 'application/json' });
      response.end('{"error":{"message":"bad request"}}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    behaviour,
    received,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
