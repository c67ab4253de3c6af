import { readFileSync, statSync } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** How a receiver is reached and what it is shown. Paths are read again when their files change, so that secrets and certificates rotate without a restart. */
export interface PosterOptions {
  url: string;
  /** Name of a basic-auth user; empty for none. */
  user: string;
  passwordFile: string;
  /** File with a bearer token; empty for none. */
  tokenFile: string;
  /** PEM files; empty for none. `caFile` replaces the system's authorities. */
  caFile: string;
  certFile: string;
  keyFile: string;
  headers: { [name: string]: string };
  /** Seconds before a request is given up. */
  timeout: number;
}

/** Most bytes of an answer that are read. */
const MAX_ANSWER = 65_536;

/**
 * Posts JSON over HTTP or HTTPS on connections that are kept.
 *
 * @returns a function that resolves to the status of the answer, and rejects with a plain sentence when none came; and one that closes the connections
 */
export function createPoster(options: PosterOptions): {
  post: (body: string, headers?: { [name: string]: string }) => Promise<number>;
  /** Status and text of the answer to a GET of another path of the same server. */
  get: (path: string) => Promise<{ status: number; text: string }>;
  close: () => void;
} {
  const secure = options.url.startsWith('https:');
  const http = new HttpAgent({ keepAlive: true, maxSockets: 1 });
  const tlsFiles = [options.caFile, options.certFile, options.keyFile].filter((path) => path !== '');
  let https: { agent: HttpsAgent; stamp: string } | undefined;
  const agent = (): HttpAgent | HttpsAgent => {
    if (!secure) return http;
    const stamp = tlsFiles.map((path) => statSync(path).mtimeMs).join(' ');
    if (https?.stamp !== stamp) {
      https?.agent.destroy();
      https = { agent: new HttpsAgent({ keepAlive: true, maxSockets: 1, ...tlsOf(options) }), stamp };
    }
    return https.agent;
  };
  const send = (
    url: string,
    method: 'GET' | 'POST',
    body: string,
    headers: { [name: string]: string },
  ): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        const { code } = error as NodeJS.ErrnoException;
        reject(new Error(code === undefined ? error.message : `it cannot be reached (${code})`));
      };
      try {
        const request = (secure ? httpsRequest : httpRequest)(url, {
          method,
          agent: agent(),
          timeout: options.timeout * 1000,
          headers: {
            ...(method === 'GET'
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
            ...options.headers,
            ...authorization(options),
            ...headers,
          },
        });
        request.on('timeout', () => request.destroy(new Error(`it did not answer within ${options.timeout} s`)));
        request.on('error', fail);
        request.on('response', (response) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            bytes += chunk.length;
            if (bytes > MAX_ANSWER) response.destroy();
          });
          response.on('close', () => {
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
          });
        });
        request.end(body);
      } catch (error) {
        fail(error as Error);
      }
    });
  return {
    post: async (body, headers = {}) => (await send(options.url, 'POST', body, headers)).status,
    get: (path) => send(new URL(path, options.url).href, 'GET', '', {}),
    close: () => {
      http.destroy();
      https?.agent.destroy();
    },
  };
}

function tlsOf({ caFile, certFile, keyFile }: PosterOptions): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  return {
    ...(caFile === '' ? {} : { ca: readFileSync(caFile) }),
    ...(certFile === '' ? {} : { cert: readFileSync(certFile) }),
    ...(keyFile === '' ? {} : { key: readFileSync(keyFile) }),
  };
}

function authorization({ user, passwordFile, tokenFile }: PosterOptions): { authorization?: string } {
  if (tokenFile !== '') return { authorization: `Bearer ${secretIn(tokenFile)}` };
  if (user === '') return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${secretIn(passwordFile)}`).toString('base64')}` };
}

function secretIn(path: string): string {
  return readFileSync(path, 'utf8').trim();
}
