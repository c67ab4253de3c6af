import { describe, expect, it } from 'vitest';
import { startGrpcBackend } from './support/backends.js';
import { COLLECTOR, startCollector, waitFor } from './support/collector.js';
import { makeSpan } from './support/otlp.js';

describe.skipIf(COLLECTOR === undefined)('the gateway configuration', () => {
  it('spreads services over the evaluators and keeps each service at one of them', async () => {
    const evaluators = [await startGrpcBackend(), await startGrpcBackend()] as const;
    const tracing = await startGrpcBackend();
    const collector = await startCollector(['gateway.yaml'], {
      GUARDSPAN_EVALUATOR_OTLP_GRPC: evaluators.map(({ port }) => `127.0.0.1:${port}`).join(','),
      GUARDSPAN_TRACING_ENDPOINT: `127.0.0.1:${tracing.port}`,
      GUARDSPAN_TRACING_INSECURE: 'true',
      GUARDSPAN_AGENT_TOKEN: 'agent-token',
    });
    try {
      const services = Array.from({ length: 40 }, (_, index) => `service-${index}`);
      for (let round = 0; round < 5; round += 1) {
        await collector.send(
          services.map((service, index) =>
            makeSpan(round * services.length + index, { resource: { 'service.name': service, 'guardspan.feed': '1' } }),
          ),
        );
      }
      await waitFor('200 feed spans', () => evaluators[0].spans.length + evaluators[1].spans.length >= 200);
      const [first, second] = evaluators.map(
        ({ spans }) => new Set(spans.map(({ resource }) => resource['service.name'])),
      );
      expect(first!.size + second!.size).toBe(services.length);
      expect([...first!].filter((service) => second!.has(service))).toEqual([]);
      expect(Math.min(first!.size, second!.size)).toBeGreaterThan(0);
      expect(evaluators[0].spans.length + evaluators[1].spans.length).toBe(200);
      expect(evaluators[0].authorizations[0]).toBe('Bearer agent-token');
      expect(tracing.spans).toEqual([]);
    } finally {
      await collector.stop();
      await Promise.all([...evaluators, tracing].map((backend) => backend.close()));
    }
  });
});
