import http from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { diag } from '@opentelemetry/api';
import { postJson, targetOf } from '../channel/post-json.js';
import type { PostAnswer } from '../channel/post-json.js';
import { proxyAgentOptions } from '../channel/proxy-agent.js';
import { shownUrl } from '../config/shown-url.js';
import { asOwnTraffic } from '../guard/inside.js';
import type { ExportOutcome, SendBatch } from './feed.js';
import { otlpSettings } from './otlp-settings.js';

/** Milliseconds for one export; the feed itself repeats. */
const EXPORT_TIMEOUT = 750;
/** Bytes of an answer at most; it says how many records were refused, and why. */
const MAX_ANSWER = 64 << 10;

const compressed = promisify(gzip);

function outcomeOf(status: number): ExportOutcome {
  if (status >= 200 && status < 300) return 'ok';
  // A token that is wrong now may be right after its rotation; a request that is malformed stays malformed.
  return status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status) ? 'refused' : 'retry';
}

/** What a receiver that took a request says of records that it did not take; empty when it took all. */
function refusedPart(text: string): string {
  if (!text.includes('rejectedSpans')) return '';
  try {
    const { partialSuccess } = JSON.parse(text) as {
      partialSuccess?: { rejectedSpans?: unknown; errorMessage?: unknown };
    };
    const count = Number(partialSuccess?.rejectedSpans ?? 0);
    return count > 0 ? `${count} records were refused: ${String(partialSuccess?.errorMessage ?? '')}` : '';
  } catch {
    return '';
  }
}

/**
 * Sends batches over OTLP/HTTP, as the standard variables of OpenTelemetry say, unseen by tracing and by coverage.
 *
 * @param endpoint Base URL; `/v1/traces` is added unless it is there.
 * @param token Read for each export.
 */
export function otlpSender(endpoint: string, token: () => string): { send: SendBatch; close: () => void } {
  const base = endpoint.replace(/\/+$/, '');
  const url = base.endsWith('/v1/traces') ? base : `${base}/v1/traces`;
  let warned = false;
  const warn = (problem: string): void => {
    if (warned) return;
    warned = true;
    diag.warn(`Guardspan: the guard feed does not reach ${shownUrl(base)}: ${problem}`);
  };
  // With the first batch: a process that makes no call pays nothing for it.
  const open = () => {
    const settings = otlpSettings(process.env, process.cwd());
    for (const problem of settings.problems) diag.warn(`Guardspan: the guard feed goes on without a file: ${problem}`);
    const { Agent } = url.startsWith('https') ? https : http;
    return {
      target: targetOf(url),
      settings,
      agent: new Agent({ keepAlive: true, ...proxyAgentOptions(process.env), ...settings.tls }),
    };
  };
  let opened: ReturnType<typeof open> | null = null;
  const post = async (body: Buffer): Promise<PostAnswer> => {
    const { target, settings, agent } = (opened ??= open());
    const bearer = token();
    return postJson(target, settings.compress ? await compressed(body) : body, {
      headers: {
        ...settings.headers,
        'content-type': 'application/json',
        ...(settings.compress ? { 'content-encoding': 'gzip' } : {}),
        ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }),
      },
      agent,
      timeout: EXPORT_TIMEOUT,
      maxBytes: MAX_ANSWER,
    });
  };
  return {
    async send(body) {
      try {
        const { status, text } = await asOwnTraffic(() => post(body));
        const outcome = outcomeOf(status);
        const problem = outcome === 'ok' ? refusedPart(text) : `the receiver answered ${status}`;
        if (problem !== '') warn(problem);
        else warned = false;
        return outcome;
      } catch (error) {
        warn((error as Error).message);
        return 'retry';
      }
    },
    close() {
      opened?.agent.destroy();
    },
  };
}
