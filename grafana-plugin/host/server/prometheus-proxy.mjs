/** What dashboards read; a Prometheus can also be told to stop. */
const READ = /^api\/v1\/(query|query_range|query_exemplars|series)$/;

/**
 * Asks a Prometheus what a dashboard asks, as the proxy of Grafana's data source does.
 *
 * @param {import('node:http').ServerResponse} response
 * @param {{ prometheus: string, path: string, search: string }} options `path` is below the data source.
 */
export async function askPrometheus(response, { prometheus, path, search }) {
  if (!READ.test(path)) {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: `The host passes queries on to Prometheus, and not ${path}.` }));
    return;
  }
  const base = prometheus.replace(/\/$/, '');
  try {
    const answer = await fetch(`${base}/${path}${search}`, { signal: AbortSignal.timeout(30_000) });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  } catch (error) {
    response.writeHead(502, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: `Prometheus at ${base} does not answer: ${error.message}` }));
  }
}
