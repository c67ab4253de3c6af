import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { APP_METRICS, exportedName } from '@guardspan/evaluator';
import { Counter, Histogram, Registry } from 'prom-client';

/** What a Collector exports of the metrics of one application. */
export interface AppTarget {
  /** Host and port. */
  readonly address: string;
  /** Counts one decision. Seconds. */
  decided(seconds: number): void;
  close(): void;
}

/** Serves the metrics of the contract that applications make, under the names and labels that a Collector gives them. */
export async function serveAppMetrics(): Promise<AppTarget> {
  const registry = new Registry();
  const [decisions, duration] = APP_METRICS;
  const of = ({ labels, ...metric }: (typeof APP_METRICS)[number]) => ({
    ...{ name: exportedName({ labels, ...metric }), help: metric.meaning, registers: [registry] },
    labelNames: labels.map((label) => label.replaceAll('.', '_')),
  });
  const counter = new Counter(of(decisions));
  const histogram = new Histogram({ ...of(duration), buckets: [...duration.buckets] });
  const labels = { guardspan_model_name: 'large', guardspan_disposition: 'allow', guardspan_action: 'allow' };
  const server = createServer((_request, response) => {
    void registry.metrics().then((text) => response.setHeader('content-type', registry.contentType).end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    decided(seconds) {
      counter.inc(labels);
      histogram.observe(labels, seconds);
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
