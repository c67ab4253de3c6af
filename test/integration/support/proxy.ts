import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { inRepository } from './scratch.js';

/** Name that only the proxy can resolve; the certificate in test/fixtures/tls is for it. */
export const EVALUATOR_HOST = 'evaluator.test';

/** A proxy as a company has one, with an evaluator behind TLS on the other side. */
export interface Proxy {
  readonly url: string;
  /** Names and ports that were asked for by CONNECT. */
  readonly asked: string[];
  close(): void;
}

function listen(server: NetServer): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Starts an HTTP proxy (CONNECT, RFC 9110 section 9.3.6) that leads each tunnel to TLS in front of `port`. */
export async function startProxy(port: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const pair = (one: Socket, other: Socket): void => {
    for (const socket of [one, other]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        one.destroy();
        other.destroy();
      });
    }
    one.pipe(other);
    other.pipe(one);
  };
  const pem = (file: string): string => readFileSync(inRepository(`test/fixtures/tls/${file}`), 'utf8');
  const tls = createTlsServer({ key: pem('evaluator-key.pem'), cert: pem('evaluator.pem') }, (socket) => {
    pair(socket, connect(port, '127.0.0.1'));
  });
  tls.on('tlsClientError', () => undefined);
  const tlsPort = await listen(tls);
  const asked: string[] = [];
  const http = createServer();
  http.on('connect', (request, socket, head: Buffer) => {
    asked.push(request.url ?? '');
    const tunnel = connect(tlsPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      if (head.length > 0) tunnel.write(head);
      pair(socket as Socket, tunnel);
    });
  });
  const httpPort = await listen(http);
  return {
    url: `http://127.0.0.1:${httpPort}`,
    asked,
    close() {
      for (const socket of sockets) socket.destroy();
      http.close();
      tls.close();
    },
  };
}
