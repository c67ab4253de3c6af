import { setBackendSrv, type BackendSrv, type BackendSrvRequest } from '@grafana/runtime';
import { from, NEVER, Subject, type Observable } from 'rxjs';
import { readFileSync } from 'fs';
import { join } from 'path';
import { PLUGIN_ID } from '../constants';

/** A request as it reached the proxy. */
export interface SeenRequest {
  access: string;
  method: string;
  /** Below `/api/v1/`. */
  path: string;
  query: { [name: string]: unknown };
  body: unknown;
  headers: { [name: string]: string };
}
export interface FakeAnswer {
  status: number;
  body: unknown;
}

const RECORDED: { [path: string]: string } = {
  session: 'getSession',
  guardrails: 'listGuardrails',
  verdicts: 'listVerdicts',
  series: 'listSeries',
  directives: 'listDirectives',
  fleet: 'listFleet',
  models: 'listModels',
  'models/guardrails': 'listModelGuardrails',
  coverage: 'getCoverage',
  dispositions: 'listDispositions',
  kill: 'listKillSwitches',
  audit: 'queryAudit',
};
/** Paths without anything, until a test says otherwise. */
const NONE = ['proposals', 'evidence'];

/** An answer that an evaluator gave, by operation. */
export function recorded<T = unknown>(operation: string): T {
  return JSON.parse(readFileSync(join(__dirname, 'answers', `${operation}.json`), 'utf8')) as T;
}

/**
 * The HTTP boundary of the app with recorded answers behind it. Unknown paths answer 404 as the evaluator does. The event stream stays silent
 * until a test writes to it.
 */
export class EvaluatorServer {
  readonly requests: SeenRequest[] = [];
  readonly #answers = new Map<string, (request: SeenRequest) => FakeAnswer | Promise<FakeAnswer>>();
  #stream: Subject<unknown> | undefined;

  constructor() {
    for (const [path, operation] of Object.entries(RECORDED)) {
      this.on('GET', path, { status: 200, body: recorded(operation) });
    }
    for (const path of NONE) {
      this.on('GET', path, { status: 200, body: { items: [] } });
    }
    this.on('GET', 'audit', ({ query }) => ({
      status: 200,
      body: query['kind'] === 'document' ? recorded('queryAudit') : { items: [] },
    }));
    setBackendSrv({
      fetch: (options: BackendSrvRequest) => from(this.#answer(options)),
      chunked: () => this.#stream ?? (NEVER as Observable<unknown>),
    } as unknown as BackendSrv);
  }

  /** Answers a method and path (below `/api/v1/`, or a whole one of Grafana) from now on. */
  on(
    method: string,
    path: string,
    answer: FakeAnswer | ((request: SeenRequest) => FakeAnswer | Promise<FakeAnswer>),
  ): this {
    this.#answers.set(`${method} ${path}`, typeof answer === 'function' ? answer : () => answer);
    return this;
  }

  /** Answers everything alike: an evaluator that is down, or a token that is wrong. */
  onEverything(answer: FakeAnswer): this {
    for (const key of this.#answers.keys()) {
      this.#answers.set(key, () => answer);
    }
    return this;
  }

  /** Opens the event stream; returns what writes to it. */
  openStream(): (text: string) => void {
    const stream = (this.#stream = new Subject<unknown>());
    return (text) => stream.next({ ok: true, data: new TextEncoder().encode(text) });
  }

  async #answer({ url, method = 'GET', params = {}, data, headers = {} }: BackendSrvRequest): Promise<unknown> {
    const match = new RegExp(`^/api/plugin-proxy/${PLUGIN_ID}/(\\w+)/api/v1/(.*)$`).exec(url);
    const request: SeenRequest = {
      ...{ access: match?.[1] ?? '', method, path: match?.[2] ?? url },
      ...{ query: params, body: data, headers: headers as SeenRequest['headers'] },
    };
    this.requests.push(request);
    const answer = this.#answers.get(`${method} ${request.path}`);
    const { status, body } = (await answer?.(request)) ?? problem(404, 'GUARDSPAN_NOT_FOUND', 'There is none.');
    if (status >= 400 || status === 0) {
      throw { status, statusText: '', data: body, config: { url } };
    }
    return { status, ok: true, data: body };
  }
}

/** A refusal as the evaluator words it. */
export function problem(status: number, code: string, detail: string, hint = '', errors: unknown[] = []): FakeAnswer {
  return { status, body: { type: 'about:blank', title: '', status, detail, code, hint, errors } };
}
