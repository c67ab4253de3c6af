import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import { diag } from '@opentelemetry/api';
import { SCOPE_NAME } from '@guardspan/policy/runtime';
import { startGuard } from '../guard/runtime.js';
import { watchModules } from '../loader/watch-modules.js';
import { processHost } from './host.js';
import { useTracerProvider } from './tracer-provider.js';

/** Configuration of {@link GuardspanInstrumentation}: that of the guard (docs/agent.md), and whether to patch clients at once. */
export type GuardspanInstrumentationConfig = NonNullable<Parameters<typeof startGuard>[0]> & {
  /** Default true. */
  enabled?: boolean;
};

/**
 * Guardspan as an ordinary OpenTelemetry instrumentation: `new NodeSDK({instrumentations: [new GuardspanInstrumentation()]})`. Clients that are
 * loaded later by `require` are patched; for `import` add `--import @guardspan/instrumentation/register`, or call `instrument()`. May be used together
 * with the preload. No method throws.
 */
export class GuardspanInstrumentation {
  readonly instrumentationName = SCOPE_NAME;
  readonly instrumentationVersion = '0.1.0';
  #config: GuardspanInstrumentationConfig;
  #unwatch: (() => void) | null = null;

  constructor(config: GuardspanInstrumentationConfig = {}) {
    this.#config = config;
    if (config.enabled !== false) this.enable();
  }

  /** Patches clients and starts the guard, if it does not run yet. */
  enable(): void {
    if (this.#unwatch) return;
    try {
      this.#unwatch = watchModules(processHost);
      void Promise.resolve(startGuard(this.#config)).catch((error: unknown) => {
        diag.error('Guardspan: the guard could not be started', error);
      });
    } catch (error) {
      diag.error('Guardspan: the guard could not be started', error);
    }
  }

  /** Puts the clients' own methods back. */
  disable(): void {
    this.#unwatch?.();
    this.#unwatch = null;
  }

  /** Spans of model calls are made on this provider. */
  setTracerProvider(provider: TracerProvider): void {
    useTracerProvider(provider);
  }

  /** Part of the interface; the guard's two instruments belong to the global meter provider. */
  setMeterProvider(_provider: MeterProvider): void {
    diag.debug('Guardspan: metrics go to the global meter provider');
  }

  setConfig(config: GuardspanInstrumentationConfig): void {
    this.#config = config;
  }

  getConfig(): GuardspanInstrumentationConfig {
    return this.#config;
  }
}
