import { diag } from '@opentelemetry/api';
import { ENV } from '@guardspan/policy/runtime';
import { isOn } from '../config/setting-problems.js';
import { flushGuard, startGuard, status } from '../guard/runtime.js';
import { inLoaderThread, registerImportHooks } from '../loader/register-import-hooks.js';
import { sharedState } from '../guard/shared-state.js';
import { watchModules } from '../loader/watch-modules.js';
import { beforeFirstModelCall } from './first-call.js';
import { flushAtExit } from './flush-at-exit.js';
import { processHost } from './host.js';
import { unpackPm2Settings } from './pm2-settings.js';
import { startTracing } from './tracing.js';
import type { StartedSdk } from './tracing.js';

const shared = sharedState('preload.v1', () => ({ done: false }));

function step(what: string, fn: () => unknown): void {
  const report = (error: unknown): void => diag.error(`Guardspan: ${what} failed; the application runs on`, error);
  try {
    const result = fn();
    if (result instanceof Promise) result.catch(report);
  } catch (error) {
    report(error);
  }
}

/**
 * Everything that `--import @guardspan/instrumentation/register` does, once per thread: loader hooks, patches, the guard, and tracing. The global tracer
 * provider stays free for the application until it makes its first model call (`GUARDSPAN_START_SDK=true` takes it at once). Never throws:
 * an application starts and runs whatever happens here.
 */
export function preload(env: NodeJS.ProcessEnv): void {
  if (shared.done || inLoaderThread(env)) return;
  shared.done = true;
  unpackPm2Settings(env);
  let sdk: StartedSdk | null = null;
  const start = (): void => {
    sdk = startTracing();
  };
  step('watching modules', () => watchModules(processHost));
  step('registering loader hooks', registerImportHooks);
  step('starting the guard', () => startGuard({}));
  if (isOn(env[ENV.START_SDK])) step('starting the SDK', start);
  else beforeFirstModelCall(() => step('starting the SDK', start));
  step('preparing the end of the process', () => {
    flushAtExit({
      flush: () => Promise.allSettled([flushGuard(), sdk?.flush()]),
      end: () => Promise.allSettled([sdk?.shutdown()]),
      calls: () => status().coverage.calls,
    });
  });
}
