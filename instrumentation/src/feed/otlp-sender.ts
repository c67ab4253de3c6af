import { diag } from '@opentelemetry/api';
import type { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { shownUrl } from '../config/shown-url.js';
import { asOwnTraffic } from '../guard/inside.js';
import { proxyAgentOptions } from '../channel/proxy-agent.js';
import type { ExportOutcome, SendBatch } from './feed.js';
import type { FeedRecord } from './feed-record.js';

/**
 * Milliseconds for one export. Shorter than the exporter's first pause before it repeats (800 ms at least): the feed itself repeats, and the exporter's timer
 * would keep an application alive whose receiver is dead.
 */
const EXPORT_TIMEOUT = 750;
/** `ExportResultCode.SUCCESS` of the OpenTelemetry core. */
const SUCCESS = 0;

interface ExportResult {
  code: number;
  error?: Error & { code?: number | string };
}

function outcomeOf({ code, error }: ExportResult): ExportOutcome {
  if (code === SUCCESS) return 'ok';
  const status = error?.code;
  // A token that is wrong now may be right after its rotation; a request that is malformed stays malformed.
  if (typeof status === 'number' && status >= 400 && status < 500)
    return [401, 403, 408, 429].includes(status) ? 'retry' : 'refused';
  return 'retry';
}

/**
 * Sends batches with OpenTelemetry's own OTLP/HTTP exporter, unseen by tracing and by coverage.
 *
 * @param endpoint Base URL; `/v1/traces` is added unless it is there.
 * @param token Read for each export.
 */
export function otlpSender(endpoint: string, token: () => string): { send: SendBatch; close: () => Promise<void> } {
  const base = endpoint.replace(/\/+$/, '');
  // Loaded with the first batch: a process that makes no call pays nothing for it. By `import()`, so that bundlers see it.
  let loaded: Promise<OTLPTraceExporter> | null = null;
  const load = async (): Promise<OTLPTraceExporter> =>
    new (await import('@opentelemetry/exporter-trace-otlp-http')).OTLPTraceExporter({
      url: base.endsWith('/v1/traces') ? base : `${base}/v1/traces`,
      timeoutMillis: EXPORT_TIMEOUT,
      headers: (): Promise<Record<string, string>> => {
        const bearer = token();
        return Promise.resolve(bearer === '' ? {} : { authorization: `Bearer ${bearer}` });
      },
      httpAgentOptions: { keepAlive: true, ...proxyAgentOptions(process.env) },
    });
  let warned = false;
  const send = async (batch: FeedRecord[]): Promise<ExportOutcome> => {
    const exporter = await (loaded ??= asOwnTraffic(load));
    return new Promise((resolve) => {
      asOwnTraffic(() => {
        exporter.export(batch as unknown as Parameters<OTLPTraceExporter['export']>[0], (result) => {
          const outcome = outcomeOf(result);
          if (outcome !== 'ok' && !warned) {
            warned = true;
            diag.warn(
              `Guardspan: the guard feed does not reach ${shownUrl(base)}: ${result.error?.message ?? 'unknown error'}`,
            );
          } else if (outcome === 'ok') warned = false;
          resolve(outcome);
        });
      });
    });
  };
  return { send, close: async () => (await loaded)?.shutdown() };
}
