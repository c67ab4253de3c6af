import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A local server that speaks the OpenAI API as far as the apps of the tests do. */
export interface ModelServer {
  readonly url: string;
  /** Milliseconds before the answer of a model, by its name. */
  readonly delays: Map<string, number>;
  /** Names of the models that were asked, in order. */
  readonly asked: string[];
  /** What was last said to them, in the same order. */
  readonly said: string[];
  close(): Promise<void>;
}

export async function startModelServer(): Promise<ModelServer> {
  const delays = new Map<string, number>();
  const asked: string[] = [];
  const said: string[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString();
      const { model = '', messages } = (text === '' ? {} : JSON.parse(text)) as {
        model?: string;
        messages?: { content: string }[];
      };
      asked.push(model);
      said.push(messages?.at(-1)?.content ?? '');
      void sleep(delays.get(model) ?? 0).then(() => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({
            id: 'chatcmpl-1',
            object: 'chat.completion',
            created: 1,
            model,
            choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
            usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
          }),
        );
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delays,
    asked,
    said,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
