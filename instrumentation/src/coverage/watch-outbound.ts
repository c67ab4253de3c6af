import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { isCounted } from './counted-requests.js';
import { currentMark } from '../guard/inside.js';
import type { ModelHosts } from './model-hosts.js';

interface UndiciMessage {
  request?: { origin?: string | URL; path?: string; method?: string };
}
interface HttpMessage {
  request?: ClientRequest;
}

/**
 * Counts requests to models that are made outside one of our calls, through `fetch` (undici) and through `node:http` and `node:https`. Retries inside a
 * call of ours are part of that call.
 *
 * @param seen Is told the host and the path; only the host may be recorded.
 * @returns A function that stops it.
 */
export function watchOutbound(hosts: ModelHosts, seen: (host: string, path: string) => void): () => void {
  const look = (method: string, host: string, path: string): void => {
    if (hosts.isModelCall(method, host, path) && currentMark() === undefined) seen(host, path);
  };
  const onUndici = (message: unknown): void => {
    try {
      const { request } = message as UndiciMessage;
      if (request?.method !== 'POST' || request.origin === undefined) return;
      look('POST', new URL(request.origin).host, request.path ?? '/');
    } catch {
      // A request that cannot be read is no reason to disturb it.
    }
  };
  const onHttp = (message: unknown): void => {
    try {
      const { request } = message as HttpMessage;
      if (request?.method !== 'POST' || isCounted(request)) return;
      const header = request.getHeader('host');
      look('POST', typeof header === 'string' ? header : request.host, request.path);
    } catch {
      // As above.
    }
  };
  subscribe('undici:request:create', onUndici);
  subscribe('http.client.request.start', onHttp);
  return () => {
    unsubscribe('undici:request:create', onUndici);
    unsubscribe('http.client.request.start', onHttp);
  };
}
