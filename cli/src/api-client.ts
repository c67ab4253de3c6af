import { answerFault } from '@guardspan/evaluator';
import { HTTP_API } from '@guardspan/policy';
import { CliError, UNREACHABLE, WRONG_USE } from './cli-error.js';
import type { CliIo } from './cli-io.js';
import { connectionError, reasonOf } from './connection-error.js';
import { ASKER, tokenError, tokenOf } from './token.js';
import type { GivenToken, TokenNames } from './token.js';

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

/** Seconds without a byte from the evaluator after which it counts as hung. */
const PATIENCE = 60;

/** Speaks to the evaluator's HTTP API. */
export class ApiClient {
  readonly #io: CliIo;
  readonly #base: string;
  readonly #token: GivenToken;

  private constructor(io: CliIo, base: string, token: GivenToken) {
    this.#io = io;
    this.#base = base;
    this.#token = token;
  }

  /**
   * Server from `--server` or GUARDSPAN_ENDPOINT; token from the file of `tokenFile`, or from the environment.
   *
   * @param names How the token is named on the command line and in the environment.
   * @throws CliError USAGE when the address is no URL or the token cannot be used
   */
  static async create(options: ServerOptions, io: CliIo, names: TokenNames = ASKER): Promise<ApiClient> {
    const base = (options.server ?? io.env.GUARDSPAN_ENDPOINT ?? DEFAULT_SERVER).replace(/\/+$/, '');
    if (!isHttpUrl(base)) {
      throw new CliError(
        WRONG_USE,
        `the address of the evaluator is no http or https URL: ${base}`,
        `write it as ${DEFAULT_SERVER}, with --server or GUARDSPAN_ENDPOINT`,
      );
    }
    const { username, password } = new URL(base);
    if (username !== '' || password !== '') {
      throw new CliError(
        WRONG_USE,
        'the address of the evaluator holds a name or a password',
        `write it as ${DEFAULT_SERVER}; a token is given with --token-file or GUARDSPAN_TOKEN`,
      );
    }
    return new ApiClient(io, base, await tokenOf(names, options.tokenFile, io.env));
  }

  /** The same server asked with another token; with the same one, under the other's name, when that was not given. */
  withToken(token: GivenToken): ApiClient {
    return new ApiClient(this.#io, this.#base, token.from === '' ? { ...this.#token, names: token.names } : token);
  }

  /** Sends a request. @throws CliError when the server cannot be reached or answers with a problem; `expected` lists statuses that the caller handles. */
  async request(
    method: string,
    path: string,
    init: { body?: string; headers?: Record<string, string>; expected?: readonly number[] } = {},
  ): Promise<ApiAnswer> {
    const { response, watch } = await this.#send(method, path, init);
    const text = await this.#whole(response, watch);
    const body = parsed(text);
    if (!response.ok && init.expected?.includes(response.status) !== true) throw this.#problem(response.status, body);
    if (response.ok) this.#check(answerFault(method, path, response.status, { body }));
    return { status: response.status, etag: response.headers.get('etag') ?? '', body };
  }

  /** Gets an answer of any size as its bytes arrive. @throws CliError as {@link request} does, or when the connection breaks on the way. */
  async *stream(path: string): AsyncGenerator<Uint8Array, void, void> {
    const { response, watch } = await this.#send('GET', path, {});
    if (!response.ok) throw this.#problem(response.status, parsed(await this.#whole(response, watch)));
    try {
      const contentType = response.headers.get('content-type') ?? '';
      this.#check(answerFault('GET', path, response.status, { contentType }));
      yield* this.#bytes(response, watch);
    } finally {
      watch.stop();
      await response.body?.cancel().catch(() => undefined);
    }
  }

  #check(fault: string): void {
    if (fault === '') return;
    throw new CliError(
      'GUARDSPAN_API_ANSWER',
      `the answer of ${this.#base} is none of the API: ${fault}`,
      'look at the release of the evaluator, and at what stands before it',
    );
  }

  #problem(status: number, body: unknown): CliError {
    return status === 401 ? tokenError(this.#base, this.#token) : problemError(status, body, this.#token.names);
  }

  async #whole(response: Response, watch: Watch): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const bytes of this.#bytes(response, watch)) text += decoder.decode(bytes, { stream: true });
    return text + decoder.decode();
  }

  /** The body as it arrives, while no pause of it is longer than the evaluator is waited for. */
  async *#bytes(response: Response, watch: Watch): AsyncGenerator<Uint8Array, void, void> {
    try {
      for await (const bytes of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        watch.stop();
        yield bytes;
        watch.start();
      }
    } catch (error) {
      const [why] = reasonOf(watch.reason ?? error);
      throw new CliError(
        UNREACHABLE,
        `the answer of ${this.#base} is incomplete: ${why}`,
        'ask again; the log of the evaluator may say more',
      );
    } finally {
      watch.stop();
    }
  }

  async #send(
    method: string,
    path: string,
    init: { body?: string; headers?: Record<string, string> },
  ): Promise<{ response: Response; watch: Watch }> {
    const headers: Record<string, string> = { accept: 'application/json', ...init.headers };
    if (this.#token.text !== '') headers.authorization = `Bearer ${this.#token.text}`;
    const watch = new Watch(this.#io.patience ?? PATIENCE);
    let response: Response;
    try {
      response = await this.#io.fetch(`${this.#base}${path}`, {
        method,
        headers,
        signal: watch.signal,
        // What is sent is for this evaluator alone.
        redirect: 'manual',
        ...(init.body === undefined ? {} : { body: init.body }),
      });
    } catch (error) {
      watch.stop();
      const hint = 'start the evaluator with `guardspan serve`, or give its address with --server';
      throw connectionError(this.#base, watch.reason ?? error, hint);
    }
    try {
      checkSpeaker(this.#base, response);
    } catch (error) {
      watch.stop();
      void response.body?.cancel().catch(() => undefined);
      throw error;
    }
    return { response, watch };
  }
}

/** Ends a request when nothing comes for too long. */
class Watch {
  readonly #controller = new AbortController();
  readonly #seconds: number;
  #timer: NodeJS.Timeout | undefined;
  /** Set once it has ended the request. */
  reason: Error | undefined;

  constructor(seconds: number) {
    this.#seconds = seconds;
    this.start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  start(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.reason = new DOMException(`nothing came from it for ${this.#seconds} s`, 'TimeoutError');
      this.#controller.abort(this.reason);
    }, this.#seconds * 1000);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** An evaluator says in each answer which API it speaks: what does not is something else, for example a proxy's page. */
function checkSpeaker(base: string, response: Response): void {
  const spoken = response.headers.get(HTTP_API.HEADER);
  if (spoken === HTTP_API.VERSION) return;
  if (spoken === null && response.status >= 300 && response.status < 400)
    throw new CliError(
      UNREACHABLE,
      `${base} sends requests on to another address, and they are not sent there (HTTP ${response.status})`,
      'give the address of the evaluator itself with --server',
    );
  if (spoken === null) {
    const type = response.headers.get('content-type')?.split(';')[0] ?? 'no content type';
    throw new CliError(
      UNREACHABLE,
      `${base} is no evaluator: what answers there (HTTP ${response.status}, ${type}) does not say that it is one`,
      'give the address of the evaluator with --server; a proxy before it must let its headers pass',
    );
  }
  throw new CliError(
    'GUARDSPAN_API_VERSION',
    `${base} is an evaluator of another version: it speaks API ${spoken.slice(0, 20)}, this command ${HTTP_API.VERSION}`,
    "use the command of the evaluator's release",
  );
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function problemError(status: number, body: unknown, names: TokenNames): CliError {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Problem;
  const said = problem.detail ?? problem.title ?? 'the server refused';
  const lines = [problem.code === undefined ? `${said} (HTTP ${status})` : said];
  for (const { line = 0, column = 0, code = '', message = '', path = '' } of problem.errors ?? []) {
    // What is wrong in a query has no line; the detail names the first of those errors already.
    if (line < 1 && problem.detail?.includes(message)) continue;
    lines.push(`  ${line < 1 ? '' : `${line}:${column} `}${code} ${message}${path === '' ? '' : ` (${path})`}`);
  }
  return new CliError(problem.code ?? 'GUARDSPAN_API_ANSWER', lines.join('\n'), hintOf(status, problem, names));
}

function hintOf(status: number, { code, hint = '' }: Problem, { option, variable }: TokenNames): string {
  const give = `${option} FILE or ${variable}`;
  if (status === 403 && (code === 'GUARDSPAN_FORBIDDEN' || hint === '')) return `give a token with that role: ${give}`;
  return hint;
}
