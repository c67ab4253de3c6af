import type { HttpHandler } from './http-server.js';

/** What the routes beside the API show. */
export interface SystemRoutesOptions {
  scrape: () => Promise<{ contentType: string; text: string }>;
  /** Why the evaluator cannot make things durable now; empty when it can. */
  notReady: () => string;
  /** What is told beside a ready state. */
  details: () => { [name: string]: unknown };
}

/** `/metrics` (OpenMetrics), `/healthz` (the process lives), `/readyz` (503 with the reason while commits fail). */
export function systemRoutes(options: SystemRoutesOptions): HttpHandler {
  return async (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== '/metrics' && path !== '/healthz' && path !== '/readyz') return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return true;
    }
    if (path === '/metrics') {
      const { contentType, text } = await options.scrape();
      response.writeHead(200, { 'content-type': contentType }).end(text);
      return true;
    }
    const details = path === '/readyz' ? options.details() : {};
    const reason = path === '/readyz' ? options.notReady() : '';
    response
      .writeHead(reason === '' ? 200 : 503, { 'content-type': 'application/json' })
      .end(
        JSON.stringify(reason === '' ? { status: 'ok', ...details } : { status: 'unavailable', reason, ...details }),
      );
    return true;
  };
}
