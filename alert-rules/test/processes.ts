import { spawn, type ChildProcess } from 'node:child_process';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ALERTMANAGER, PROMETHEUS } from './support.js';

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What a receiver was sent. */
export interface Received {
  at: number;
  path: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

/** An HTTP server on loopback that keeps the JSON that it is sent. */
export class Receiver {
  readonly received: Received[] = [];
  readonly #server: Server;

  private constructor(
    server: Server,
    readonly url: string,
  ) {
    this.#server = server;
  }

  /** @param answer status of the answer to a request, and its text where a client reads that */
  static async start(
    answer: (request: Received) => { status: number; text?: string } = () => ({ status: 200 }),
  ): Promise<Receiver> {
    const server = createHttpServer((request, response) => {
      let text = '';
      request.on('data', (part) => (text += String(part)));
      request.on('end', () => {
        const { headers, url: path = '' } = request;
        const one = { at: Date.now(), path, headers, body: text === '' ? null : (JSON.parse(text) as unknown) };
        receiver.received.push(one);
        const { status, text: told = '' } = answer(one);
        response.writeHead(status, { 'content-type': 'text/plain' }).end(told);
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const receiver = new Receiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return receiver;
  }

  /** Resolves with the first that `matches`; rejects after `ms`. */
  async first(matches: (one: Received) => boolean, ms = 20_000): Promise<Received> {
    for (const until = Date.now() + ms; Date.now() < until; await sleep(20)) {
      const found = this.received.find(matches);
      if (found !== undefined) return found;
    }
    throw new Error(
      `nothing that matches came in ${ms} ms; these came: ${this.received.map(({ path }) => path).join(', ')}`,
    );
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Starts Alertmanager; `peers` are cluster addresses of others. Resolves when it answers. */
export async function startAlertmanager(options: {
  config: string;
  folder: string;
  port: number;
  clusterPort?: number;
  peers?: readonly number[];
}): Promise<ChildProcess> {
  const { config, folder, port, clusterPort, peers = [] } = options;
  const child = spawn(
    join(ALERTMANAGER!, 'alertmanager'),
    [
      `--config.file=${config}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--cluster.listen-address=${clusterPort === undefined ? '' : `127.0.0.1:${clusterPort}`}`,
      ...peers.map((peer) => `--cluster.peer=127.0.0.1:${peer}`),
    ],
    { stdio: 'ignore' },
  );
  await answers(`http://127.0.0.1:${port}/-/ready`);
  return child;
}

/** Starts Prometheus on a configuration file in its folder. Resolves when it answers. */
export async function startPrometheus(folder: string, port: number): Promise<ChildProcess> {
  const args = ['--config.file=prometheus.yml', '--storage.tsdb.path=tsdb', `--web.listen-address=127.0.0.1:${port}`];
  const child = spawn(join(PROMETHEUS!, 'prometheus'), args, { cwd: folder, stdio: 'ignore' });
  await answers(`http://127.0.0.1:${port}/-/ready`);
  return child;
}

async function answers(url: string): Promise<void> {
  for (const until = Date.now() + 30_000; Date.now() < until; await sleep(50)) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok === true) return;
  }
  throw new Error(`${url} did not answer within 30 s`);
}
