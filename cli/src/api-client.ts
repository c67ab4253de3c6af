import { readFile } from 'node:fs/promises';
import { CliError } from './cli-io.js';
import type { CliIo } from './cli-io.js';
import { EXIT } from './exit-codes.js';

/** Where the evaluator is, and who asks. */
export interface ServerOptions {
  server?: string;
  tokenFile?: string;
}

/** An answer of the API. */
export interface ApiAnswer {
  status: number;
  etag: string;
  body: unknown;
}

/** An RFC 9457 problem as the evaluator sends it. */
interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  hint?: string;
  errors?: { line?: number; column?: number; path?: string; code?: string; message?: string; hint?: string }[];
}

const DEFAULT_SERVER = 'http://127.0.0.1:7420';

/** Speaks to the evaluator's HTTP API. */
export class ApiClient {
  readonly #io: CliIo;
  readonly #base: string;
  readonly #token: string;

  private constructor(io: CliIo, base: string, token: string) {
    this.#io = io;
    this.#base = base;
    this.#token = token;
  }

  /** Server from `--server` or GUARDSPAN_ENDPOINT; token from `--token-file` or GUARDSPAN_TOKEN. @throws CliError USAGE when the address is no URL or the file of the token cannot be used */
  static async create(options: ServerOptions, io: CliIo): Promise<ApiClient> {
    const base = (options.server ?? io.env.GUARDSPAN_ENDPOINT ?? DEFAULT_SERVER).replace(/\/+$/, '');
    if (!isHttpUrl(base)) {
      throw new CliError(
        EXIT.USAGE,
        `the address of the evaluator is no http or https URL: ${base}`,
        `write it as ${DEFAULT_SERVER}, with --server or GUARDSPAN_ENDPOINT`,
      );
    }
    const token = options.tokenFile === undefined ? (io.env.GUARDSPAN_TOKEN ?? '') : await readToken(options.tokenFile);
    return new ApiClient(io, base, token);
  }

  /** Sends a request. @throws CliError when the server cannot be reached or answers with a problem; `expected` lists statuses that the caller handles. */
  async request(
    method: string,
    path: string,
    init: { body?: string; headers?: Record<string, string>; expected?: readonly number[] } = {},
  ): Promise<ApiAnswer> {
    const response = await this.#send(method, path, init);
    const text = await response.text();
    const body = parsed(text);
    if (!response.ok && init.expected?.includes(response.status) !== true) throw problemError(response.status, body);
    return { status: response.status, etag: response.headers.get('etag') ?? '', body };
  }

  /** Gets an answer of any size as its bytes arrive. @throws CliError as {@link request} does, or when the connection breaks on the way. */
  async *stream(path: string): AsyncGenerator<Uint8Array, void, void> {
    const response = await this.#send('GET', path, {});
    if (!response.ok) throw problemError(response.status, parsed(await response.text()));
    try {
      for await (const bytes of (response.body ?? []) as AsyncIterable<Uint8Array>) yield bytes;
    } catch (error) {
      if (error instanceof CliError) throw error;
      throw new CliError(
        EXIT.UNREACHABLE,
        `${this.#base} broke the connection off (${(error as Error).message})`,
        'the answer is incomplete: ask again',
      );
    }
  }

  async #send(
    method: string,
    path: string,
    init: { body?: string; headers?: Record<string, string> },
  ): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json', ...init.headers };
    if (this.#token !== '') headers.authorization = `Bearer ${this.#token}`;
    try {
      return await this.#io.fetch(`${this.#base}${path}`, {
        method,
        headers,
        ...(init.body === undefined ? {} : { body: init.body }),
      });
    } catch (error) {
      const cause = (error as Error).cause as { code?: string } | undefined;
      throw new CliError(
        EXIT.UNREACHABLE,
        `${this.#base} cannot be reached (${cause?.code ?? (error as Error).message})`,
        'start the evaluator with `guardspan serve`, or give its address with --server',
      );
    }
  }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

async function readToken(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const what = error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${error.code})`;
    throw new CliError(EXIT.USAGE, `--token-file ${file}: ${what}`, 'name the file that holds the bearer token');
  });
  const token = text.trim();
  // A header cannot hold these; what the file holds is never printed.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new CliError(
      EXIT.USAGE,
      `--token-file ${file}: ${token === '' ? 'it is empty' : 'it holds more than a token'}`,
      'write the bearer token alone into it, on one line',
    );
  }
  return token;
}

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function problemError(status: number, body: unknown): CliError {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Problem;
  const lines = [`${problem.code ?? `HTTP ${status}`}: ${problem.detail ?? problem.title ?? 'the server refused'}`];
  for (const error of problem.errors ?? []) {
    lines.push(
      `  ${error.line ?? 1}:${error.column ?? 1} ${error.code ?? ''} ${error.message ?? ''}${error.path ? ` (${error.path})` : ''}`,
    );
  }
  const hint =
    problem.hint ??
    (status === 401
      ? 'give a token with --token-file or GUARDSPAN_TOKEN'
      : status === 403
        ? 'the role of this token does not allow it'
        : '');
  return new CliError(EXIT.FAILED, lines.join('\n'), hint);
}
