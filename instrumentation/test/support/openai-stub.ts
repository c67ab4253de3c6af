import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Body = Record<string, unknown>;

/** A local server that speaks enough of the API: `ERR` answers 500, `CUT` breaks off mid-stream, `SLOW` keeps a stream open. */
export interface OpenAIStub {
  baseURL: string;
  /** Bodies that arrived. */
  received: { path: string; body: Body }[];
  close(): Promise<void>;
}

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

function chunk(delta: object, rest: object = {}): string {
  const choice = { index: 0, delta, finish_reason: null };
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'stub-1', choices: [choice], ...rest })}\n\n`;
}

function streamChat(response: ServerResponse, body: Body): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk({ role: 'assistant', content: 'hello' }));
  if (body['model'] === 'CUT') {
    setImmediate(() => response.destroy());
    return;
  }
  if (body['model'] === 'SLOW') return;
  response.write(chunk({ content: ' world' }));
  response.write(chunk({ tool_calls: [{ index: 1, id: 'b', function: { name: 'second', arguments: '{"x"' } }] }));
  response.write(chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'first', arguments: '{}' } }] }));
  response.write(chunk({ tool_calls: [{ index: 1, function: { arguments: ':2}' } }] }));
  response.write(chunk({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }));
  response.write(chunk({}, { choices: [], usage }));
  response.end('data: [DONE]\n\n');
}

function answerTo(path: string, body: Body): object | null {
  if (path.endsWith('/chat/completions')) {
    const message = { role: 'assistant', content: 'mail bob@example.com', refusal: null };
    return {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'stub-1',
      choices: [{ index: 0, message, finish_reason: 'stop', logprobs: null }],
      usage,
    };
  }
  if (path.endsWith('/completions')) {
    const choices = [{ index: 0, text: 'hi', finish_reason: 'stop' }];
    return { id: 'cmpl-1', object: 'text_completion', created: 1, model: 'stub-1', choices, usage };
  }
  if (path.endsWith('/responses')) {
    const content = [{ type: 'output_text', text: 'mail bob@example.com', annotations: [] }];
    const output = [{ type: 'message', id: 'm1', role: 'assistant', status: 'completed', content }];
    const tokens = { input_tokens: 3, output_tokens: 2, total_tokens: 5 };
    return {
      id: 'resp_1',
      object: 'response',
      created_at: 1,
      model: 'stub-1',
      status: 'completed',
      output,
      usage: tokens,
    };
  }
  if (path.endsWith('/embeddings')) {
    const data = [{ object: 'embedding', index: 0, embedding: [0.1, 0.2] }];
    return { object: 'list', model: body['model'], data, usage: { prompt_tokens: 1, total_tokens: 1 } };
  }
  return null;
}

function respond(request: IncomingMessage, response: ServerResponse, body: Body): void {
  const path = request.url ?? '';
  const json = (status: number, value: object): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_1' });
    response.end(JSON.stringify(value));
  };
  if (body['model'] === 'ERR') return json(500, { error: { message: 'boom' } });
  if (path.endsWith('/chat/completions') && body['stream'] === true) return streamChat(response, body);
  const answer = answerTo(path, body);
  return answer === null ? json(404, {}) : json(200, answer);
}

/** Starts the stub on a free port. */
export async function startOpenAIStub(): Promise<OpenAIStub> {
  const received: OpenAIStub['received'] = [];
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString();
      const body = (text === '' ? {} : JSON.parse(text)) as Body;
      received.push({ path: request.url ?? '', body });
      respond(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
