import { createRequire } from 'node:module';
import { diag, ProxyTracerProvider, trace } from '@opentelemetry/api';

/** A running SDK of ours. */
export interface StartedSdk {
  /** Exports the spans that wait. Does not wait for exports that are under way already. */
  flush(): Promise<void>;
  /** Waits for all exports, and makes no more. */
  shutdown(): Promise<void>;
}

interface NodeSdkModule {
  NodeSDK: new (options: object) => Pick<StartedSdk, 'shutdown'> & { start(): void };
}

/** What providers of the SDK have; the API's do not know it. */
interface Flushable {
  forceFlush(): Promise<void>;
}

/**
 * True when the application has set a tracer provider, through our copy of the OpenTelemetry API or any other copy in the process
 * (all of one major version share one registry).
 */
export function hasTracerProvider(): boolean {
  const registry = (globalThis as { [key: symbol]: { trace?: unknown } | undefined })[
    Symbol.for('opentelemetry.js.api.1')
  ];
  const provider = trace.getTracerProvider();
  if (provider instanceof ProxyTracerProvider) return provider.getDelegateTracer('guardspan') !== undefined;
  return registry?.trace !== undefined;
}

/**
 * Starts a `NodeSDK` that sends traces where the `OTEL_*` environment variables say, unless a provider is set. Metrics and logs stay off: nobody asked for
 * them. Returns null when there was nothing to start or it failed; the reason goes to `diag`. Never throws.
 */
export function startTracing(): StartedSdk | null {
  if (hasTracerProvider()) return null;
  try {
    const require = createRequire(import.meta.url);
    const { NodeSDK } = require('@opentelemetry/sdk-node') as NodeSdkModule;
    const sdk = new NodeSDK({ metricReaders: [], logRecordProcessors: [], instrumentations: [] });
    sdk.start();
    const provider = (trace.getTracerProvider() as ProxyTracerProvider).getDelegate() as Partial<Flushable>;
    return { flush: async () => provider.forceFlush?.(), shutdown: () => sdk.shutdown() };
  } catch (error) {
    diag.error('Guardspan: the OpenTelemetry SDK could not be started; calls are guarded without spans', error);
    return null;
  }
}
