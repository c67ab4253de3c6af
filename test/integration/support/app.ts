import { fork } from 'node:child_process';
import { watchChild, type Child } from './child.js';
import { cleanEnv } from './clean-env.js';
import { inRepository } from './scratch.js';
import { until } from './until.js';

/** How calls of a model are made. */
export interface CallOptions {
  model?: string;
  /** Default 1. */
  count?: number;
  /** Calls at a time. Default 1. */
  concurrency?: number;
  /** The model fails. */
  fail?: boolean;
  /** Milliseconds that the model takes. */
  delay?: number;
  /** The call's only feature. */
  amount?: number;
}

/** What the tests read of `status()`. */
export interface AppStatus {
  connection: string;
  connectionError: string;
  freshness: string;
  guardrails: number;
  epoch: number;
  errors: { guardrail: string; code: string }[];
  directives: { id: string; guardrail: string; verdict: string; stale: boolean }[];
  coverage: { calls: number; guarded: number; coverage: number };
  gaps: { reason: string; name: string; count: number }[];
  kill: { disabled: boolean; file: boolean; switches: unknown[] };
  failures: number;
}

/** A running application. */
export interface App extends Child {
  /** Calls a guarded function. One word for each call: `by <target or model>`, an error's code, or `failed`. */
  call(options?: CallOptions): Promise<string[]>;
  /** Runs any other operation of the app. */
  run<T = unknown>(operation: string, argument?: unknown): Promise<T>;
  status(): Promise<AppStatus>;
  /** Waits until the app is connected and has so many guard-rails in force. */
  inForce(guardrails: number): Promise<void>;
}

export interface AppOptions {
  /** Its `service.name`. */
  service: string;
  /** Where it finds the evaluator; none: no evaluator. */
  evaluator?: string;
  /** Where the guard feed goes; default the evaluator. */
  feed?: string;
  /** Where its own spans go; none: nowhere. */
  backend?: string;
  /** Names of its guarded functions. */
  models?: readonly string[];
  env?: Record<string, string>;
  /** File in test/fixtures/apps. */
  file?: string;
}

/** Starts an app of test/fixtures/apps under the preload, as a user would. */
export async function startApp(options: AppOptions): Promise<App> {
  const { service, evaluator, backend, feed = evaluator ?? 'http://127.0.0.1:9' } = options;
  const env: Record<string, string> = {
    OTEL_SERVICE_NAME: service,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '20',
    GUARDSPAN_OTLP_ENDPOINT: feed,
    GUARDSPAN_SNAPSHOT_DIR: 'off',
    MODELS: (options.models ?? ['scorer']).join(','),
    ...(evaluator === undefined ? {} : { GUARDSPAN_ENDPOINT: evaluator }),
    ...(backend === undefined ? { OTEL_TRACES_EXPORTER: 'none' } : { OTEL_EXPORTER_OTLP_ENDPOINT: backend }),
    ...options.env,
  };
  const process_ = fork(inRepository(`test/fixtures/apps/${options.file ?? 'models.mjs'}`), [], {
    execArgv: ['--import', '@guardspan/instrumentation/register'],
    cwd: inRepository('test'),
    env: cleanEnv(env),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const child = watchChild(process_);
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let next = 0;
  const ready = new Promise<void>((resolve, reject) => {
    process_.on('message', (message: { ready?: true; id: number; result?: unknown; error?: string }) => {
      if (message.ready) return resolve();
      const one = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error === undefined) one?.resolve(message.result);
      else one?.reject(new Error(message.error));
    });
    void child.exited.then((code) => {
      const error = new Error(`the app ended with ${code}: ${child.errors()}`);
      reject(error);
      for (const one of waiting.values()) one.reject(error);
    });
  });
  await ready;
  const run = <T>(operation: string, argument: unknown = {}): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      process_.send({ id, operation, argument }, (error) => error && reject(error));
    });
  const status = (): Promise<AppStatus> => run('status');
  return {
    ...child,
    run,
    call: (call = {}) => run('call', call),
    status,
    async inForce(guardrails) {
      let last: AppStatus | undefined;
      await until(`${guardrails} guard-rails in ${service}`, async () => {
        last = await status();
        return last.connection === 'open' && last.freshness === 'live' && last.guardrails === guardrails;
      }).catch((error: unknown) => {
        throw new Error(`${String(error)}; it says ${JSON.stringify(last)}`);
      });
    },
  };
}
