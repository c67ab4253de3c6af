import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { GuardspanError } from '@guardspan/policy/runtime';
import type { RegoServerConfig } from './types.js';

/** Bytes of an answer. */
const MAX_ANSWER = 1 << 20;
const MAX_SOCKETS = 64;

/** The Data API of an OPA server. */
export interface OpaClient {
  /** The value of a package, undefined when it is undefined. Rejects when the server does not answer with one. */
  query(path: string, input: unknown, signal: AbortSignal): Promise<unknown>;
  close(): void;
}

/**
 * A client of `POST /v1/data/<path>` over TCP or a unix socket, on connections that are kept.
 * @throws GuardspanError GUARDSPAN_REGO_CONFIG when the URL is none of `http:`, `https:` and `unix:`
 */
export function createOpaClient({ url, token }: RegoServerConfig): OpaClient {
  const { secure, options } = target(url);
  const limits = { keepAlive: true, maxSockets: MAX_SOCKETS, maxFreeSockets: MAX_SOCKETS };
  const agent = secure ? new HttpsAgent(limits) : new HttpAgent(limits);
  const send = secure ? httpsRequest : httpRequest;
  const base = options.path ?? '';
  return {
    query: (path, input, signal) =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify({ input });
        const request: ClientRequest = send({
          ...options,
          agent,
          signal,
          method: 'POST',
          path: `${base}/v1/data/${path}`,
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
        });
        request.on('error', reject);
        request.on('response', (response) => read(response).then(resolve, reject));
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}

async function read(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
  const answer = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { result?: unknown };
  return answer.result;
}

function target(url: string): { secure: boolean; options: RequestOptions } {
  let parsed: URL | undefined;
  try {
    parsed = new URL(url);
  } catch {
    // Said below.
  }
  if (parsed?.protocol === 'unix:' && parsed.pathname.length > 1)
    return { secure: false, options: { socketPath: decodeURIComponent(parsed.pathname) } };
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') {
    const { hostname, port, pathname } = parsed;
    if (parsed.username !== '' || parsed.password !== '')
      throw new GuardspanError(
        'GUARDSPAN_REGO_CONFIG',
        'the URL of an OPA server holds a name or a password',
        'give a bearer token as `token`',
      );
    return {
      secure: parsed.protocol === 'https:',
      options: {
        hostname: hostname.replace(/^\[|\]$/g, ''),
        ...(port === '' ? {} : { port: Number(port) }),
        path: pathname.replace(/\/$/, ''),
      },
    };
  }
  throw new GuardspanError(
    'GUARDSPAN_REGO_CONFIG',
    'the URL of an OPA server is none of http:, https: and unix:',
    'write http://127.0.0.1:8181 or unix:///run/opa.sock',
  );
}
