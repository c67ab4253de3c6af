import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { watchChild, type Child } from './child.js';
import { cleanEnv } from './clean-env.js';
import { inRepository } from './scratch.js';

/** An answer of the evaluator. */
export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
}

/** A running `guardspan serve`. */
export interface Evaluator extends Child {
  readonly url: string;
  readonly port: number;
  /** Asks the HTTP API; the body of the answer is parsed when it is JSON. */
  ask<T = unknown>(path: string, init?: RequestInit): Promise<Answer<T>>;
  /** GET of something that must be there. Throws on any other status than 200. */
  get<T>(path: string): Promise<T>;
  putGuardrail(name: string, text: string, headers?: Record<string, string>, query?: string): Promise<Answer>;
  /** Value of a metric by its name and labels as `/metrics` prints them; undefined when it is not there. */
  metric(name: string): Promise<number | undefined>;
}

export interface EvaluatorOptions {
  dataDir: string;
  /** Directory of documents. */
  guardrails?: string;
  /** 0: a free one. */
  port?: number;
  /** Token file; without it, single-user. */
  tokensFile?: string;
  /** Sent by `ask`, `get` and `putGuardrail`. */
  token?: string;
  args?: readonly string[];
  env?: Record<string, string>;
}

/** Starts `guardspan serve` from the build. Throws with what it wrote when it ends before it listens. */
export async function startEvaluator(options: EvaluatorOptions): Promise<Evaluator> {
  const args = [inRepository('cli/dist/main.js'), 'serve', '--listen', `127.0.0.1:${options.port ?? 0}`];
  args.push('--grpc-listen', 'off', '--data-dir', options.dataDir, '--log-level', 'warn');
  if (options.guardrails !== undefined) args.push('--guardrails', options.guardrails);
  args.push(...(options.tokensFile === undefined ? ['--single-user'] : ['--tokens-file', options.tokensFile]));
  args.push(...(options.args ?? []));
  const process_ = spawn(process.execPath, args, {
    env: cleanEnv(options.env ?? {}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const child = watchChild(process_);
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: process_.stdout }).once('line', resolve);
    void child.exited.then((code) => reject(new Error(`the evaluator ended with ${code}: ${child.errors()}`)));
  });
  const { url } = JSON.parse(line) as { url: string };
  const authorization: Record<string, string> =
    options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };

  async function ask<T>(path: string, init: RequestInit = {}): Promise<Answer<T>> {
    const headers = { ...authorization, ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch(`${url}${path}`, { ...init, headers });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson && text !== '' ? JSON.parse(text) : text) as T,
    };
  }
  return {
    ...child,
    url,
    port: Number(new URL(url).port),
    ask,
    async get<T>(path: string): Promise<T> {
      const answer = await ask<T>(path);
      if (answer.status !== 200) throw new Error(`GET ${path} answers ${answer.status}`);
      return answer.body;
    },
    putGuardrail: (name, text, headers = { 'if-none-match': '*' }, query = '') =>
      ask(`/api/v1/guardrails/${name}${query}`, {
        method: 'PUT',
        body: text,
        headers: { 'content-type': 'application/yaml', ...headers },
      }),
    async metric(name) {
      const { body } = await ask<string>('/metrics');
      const found = body.split('\n').find((row) => row.startsWith(`${name} `));
      return found === undefined ? undefined : Number(found.slice(name.length + 1).split(' ')[0]);
    },
  };
}
