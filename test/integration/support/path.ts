import { startGrpcBackend } from '../../../collector/test/support/backends.js';
import { startCollector } from '../../../collector/test/support/collector.js';
import type { Evaluator } from './evaluator.js';
import { startBackend, startTee } from './receivers.js';

/** What a test reads of a span of the application. */
export interface UserSpan {
  traceId: string;
  spanId: string;
  name: string;
  attributes: Readonly<Record<string, unknown>>;
}

/** The way of telemetry from an app to the evaluator and to a tracing backend. */
export interface TelemetryPath {
  /** For the app's guard feed. */
  readonly feed: string;
  /** For the app's own spans. */
  readonly backend: string;
  /** Records of the feed as they left the app. */
  readonly feedSpans: readonly UserSpan[];
  /** Spans that reached the tracing backend. */
  readonly userSpans: readonly UserSpan[];
  close(): Promise<void>;
}

/** The feed goes to the evaluator itself. */
export async function directPath(evaluator: () => Evaluator): Promise<TelemetryPath> {
  const backend = await startBackend();
  const tee = await startTee(() => evaluator().url);
  return {
    feed: tee.url,
    backend: backend.url,
    feedSpans: tee.spans,
    userSpans: backend.spans,
    close: async () => void (await Promise.all([backend.close(), tee.close()])),
  };
}

/** Feed and spans go through the real Collector with shipped configurations. */
export async function collectorPath(
  evaluator: Evaluator,
  configs: readonly string[],
  env: Record<string, string> = {},
): Promise<TelemetryPath> {
  const backend = await startGrpcBackend();
  const collector = await startCollector(configs, {
    GUARDSPAN_EVALUATOR_OTLP_HTTP: evaluator.url,
    GUARDSPAN_TRACING_ENDPOINT: `127.0.0.1:${backend.port}`,
    GUARDSPAN_TRACING_INSECURE: 'true',
    GUARDSPAN_AGENT_TOKEN: 'none',
    ...env,
  });
  const tee = await startTee(() => collector.url);
  return {
    feed: tee.url,
    backend: collector.url,
    feedSpans: tee.spans,
    userSpans: backend.spans,
    close: async () => {
      await tee.close();
      await collector.stop();
      await backend.close();
    },
  };
}
