import http from 'node:http';
import https from 'node:https';
import { urlToHttpOptions } from 'node:url';

/** An answer that was read to its end. */
export interface PostAnswer {
  status: number;
  text: string;
}

/** What a request stands on. */
export interface PostOptions {
  headers: http.OutgoingHttpHeaders;
  agent: http.Agent;
  /** Milliseconds for the whole exchange. */
  timeout: number;
  /** Bytes of an answer at most. */
  maxBytes: number;
  /** Ends it; whoever owns the agent may destroy that instead. */
  signal?: AbortSignal;
}

/** Where a URL leads, taken apart once for all requests. @throws TypeError for what is no URL */
export function targetOf(url: string): http.RequestOptions {
  return urlToHttpOptions(new URL(url));
}

/**
 * Posts JSON over `node:http`, which, other than `fetch`, lets a request keep no process alive. Follows no redirect, so that a token goes where it was sent.
 * Rejects when no whole answer came in time.
 */
export function postJson(
  target: http.RequestOptions,
  body: string | Buffer,
  { headers, timeout, maxBytes, ...how }: PostOptions,
): Promise<PostAnswer> {
  return new Promise((resolve, reject) => {
    const request = (target.protocol === 'https:' ? https : http).request(
      { ...target, ...how, method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        const pieces: Buffer[] = [];
        let bytes = 0;
        response.on('data', (piece: Buffer) => {
          bytes += piece.length;
          if (bytes > maxBytes) request.destroy(new Error(`the answer is larger than ${maxBytes} bytes`));
          else pieces.push(piece);
        });
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString() }),
        );
        response.once('error', reject);
      },
    );
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeout} ms`)), timeout);
    timer.unref();
    request.once('socket', (socket) => socket.unref());
    request.once('close', () => clearTimeout(timer));
    request.once('error', reject);
    request.end(body);
  });
}
