import { trace } from '@opentelemetry/api';
import type { TracerProvider } from '@opentelemetry/api';

const KEY = Symbol.for('guardspan.tracer-provider.v1');

type Holder = { [KEY]?: TracerProvider };

/** Makes the spans of model calls on this provider from now on, whatever the global one is. */
export function useTracerProvider(provider: TracerProvider): void {
  (globalThis as Holder)[KEY] = provider;
}

/** The provider of the spans of model calls: what {@link useTracerProvider} set, else the global one. */
export function tracerProvider(): TracerProvider {
  return (globalThis as Holder)[KEY] ?? trace.getTracerProvider();
}
