import { trace } from '@opentelemetry/api';
import type { TracerProvider } from '@opentelemetry/api';
import { sharedState } from '../guard/shared-state.js';

const shared = sharedState<{ provider: TracerProvider | null }>('tracer-provider.v1', () => ({ provider: null }));

/** Makes the spans of model calls on this provider from now on, whatever the global one is. */
export function useTracerProvider(provider: TracerProvider): void {
  shared.provider = provider;
}

/** The provider of the spans of model calls: what {@link useTracerProvider} set, else the global one. */
export function tracerProvider(): TracerProvider {
  return shared.provider ?? trace.getTracerProvider();
}
