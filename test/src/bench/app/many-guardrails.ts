import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

const OWNERS = ['platform', 'privacy', 'credit-risk', 'support', 'search'];

/** One guard-rail, as a document. */
export const ONE_GUARDRAIL = JSON.stringify({
  apiVersion: 'guardspan/v1alpha1',
  kind: 'Guardrail',
  metadata: { name: 'slow-model', labels: { owner: 'platform', severity: 'medium' } },
  spec: {
    description: 'Answers of the model are not slower than two seconds.',
    match: { models: ['large-model'] },
    over: { window: '5m', groupBy: ['model'], minSamples: 50, signals: { p95: { quantile: 0.95, of: 'duration' } } },
    when: 'p95 > 2.0',
    action: { throttle: { rate: 1, retryAfter: '1s' } },
    mode: 'warn',
  },
});

/**
 * Stands before an evaluator and answers its list of guard-rails with many of them, made of the one that it has: what is measured is the app, and loading
 * thousands of documents into an evaluator takes minutes. Everything else is passed on.
 */
export async function startMany(evaluatorUrl: string, count: number): Promise<{ url: string; close(): void }> {
  const { items } = (await (await fetch(`${evaluatorUrl}/api/v1/guardrails`)).json()) as { items: [{ name: string }] };
  const one = JSON.stringify(items[0]);
  const many = Array.from({ length: count }, (_, index) => {
    const name = `slow-${OWNERS[index % OWNERS.length]}-${String(index).padStart(4, '0')}`;
    return one
      .replaceAll('slow-model', name)
      .replaceAll('large-model', `model-${index}`)
      .replaceAll('platform', OWNERS[index % OWNERS.length]!);
  });
  const list = `{"items":[${many.join(',')}],"total":${count},"next":""}`;
  const server = createServer((incoming, response) => {
    if (incoming.method === 'GET' && incoming.url?.split('?')[0] === '/api/v1/guardrails') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(list);
      return;
    }
    const passed = request(
      new URL(incoming.url ?? '/', evaluatorUrl),
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
      },
    );
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
