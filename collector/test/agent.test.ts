import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGrpcBackend, startHttpBackend, type Backend } from './support/backends.js';
import { COLLECTOR, startCollector, waitFor, type RunningCollector } from './support/collector.js';
import { makeSpan, type TestSpan } from './support/otlp.js';

const FEED = { 'service.name': 'shop', 'guardspan.feed': '1' };

describe.skipIf(COLLECTOR === undefined)('the agent configuration', () => {
  let evaluator: Backend;
  let tracing: Backend;
  let collector: RunningCollector;
  let nextId = 0;
  const span = (parts: Partial<TestSpan> = {}): TestSpan => makeSpan(nextId++, parts);
  const arrived = (backend: Backend, sent: TestSpan): TestSpan | undefined =>
    backend.spans.find(({ spanId }) => spanId === sent.spanId);

  beforeAll(async () => {
    evaluator = await startHttpBackend();
    tracing = await startGrpcBackend();
    collector = await startCollector(['agent.yaml'], {
      GUARDSPAN_EVALUATOR_OTLP_HTTP: `http://127.0.0.1:${evaluator.port}`,
      GUARDSPAN_TRACING_ENDPOINT: `127.0.0.1:${tracing.port}`,
      GUARDSPAN_TRACING_INSECURE: 'true',
      GUARDSPAN_AGENT_TOKEN: 'agent-token',
    });
  });

  afterAll(async () => {
    await collector.stop();
    await Promise.all([evaluator.close(), tracing.close()]);
  });

  it('sends the guard feed with its groups to the evaluator only, with the agent token', async () => {
    const feed = span({ resource: FEED, attributes: { 'guardspan.model.name': 'm', 'guardspan.group.sex': 'f' } });
    const user = span();
    await collector.send([feed, user]);
    await waitFor('the user span at the tracing backend', () => arrived(tracing, user) !== undefined);
    await waitFor('the feed span at the evaluator', () => arrived(evaluator, feed) !== undefined);
    expect(arrived(evaluator, feed)).toEqual({ ...feed, eventAttributes: [] });
    expect(evaluator.authorizations.at(-1)).toBe('Bearer agent-token');
    expect(arrived(tracing, feed)).toBeUndefined();
    expect(arrived(evaluator, user)).toBeUndefined();
  });

  it('takes groups and truths off the spans, events and resources that go to the tracing backend', async () => {
    const user = span({
      resource: { 'service.name': 'shop', 'guardspan.group.region': 'north' },
      attributes: { 'guardspan.model.name': 'm', 'guardspan.group.sex': 'f', 'guardspan.truth.repaid': 'true' },
      eventAttributes: ['guardspan.group.sex', 'guardspan.disposition'],
    });
    await collector.send([user]);
    await waitFor('the user span at the tracing backend', () => arrived(tracing, user) !== undefined);
    expect(arrived(tracing, user)).toMatchObject({
      resource: { 'service.name': 'shop' },
      attributes: { 'guardspan.model.name': 'm' },
      eventAttributes: ['guardspan.disposition'],
    });
    expect(JSON.stringify(arrived(tracing, user))).not.toMatch(/guardspan\.(group|truth)/);
  });

  it('sends model calls of other instrumentations to both', async () => {
    const calls = [
      span({ attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai' } }),
      span({ attributes: { 'gen_ai.system': 'OpenAI', 'llm.request.type': 'chat' } }),
      span({ attributes: { 'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt' } }),
      span({ attributes: { 'openinference.span.kind': 'EMBEDDING' } }),
    ];
    const others = [
      span({ attributes: { 'http.request.method': 'GET' } }),
      span({ attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' } }),
      span({ attributes: { 'openinference.span.kind': 'AGENT' } }),
      // Ours: the feed has it.
      span({ attributes: { 'gen_ai.operation.name': 'chat', 'guardspan.model.name': 'gpt' } }),
    ];
    await collector.send([...calls, ...others]);
    await waitFor('all spans at the tracing backend', () =>
      [...calls, ...others].every((sent) => arrived(tracing, sent)),
    );
    await waitFor('the model calls at the evaluator', () => calls.every((sent) => arrived(evaluator, sent)));
    expect(others.filter((sent) => arrived(evaluator, sent))).toEqual([]);
  });

  it('delivers within three seconds after an evaluator comes back', async () => {
    const { port } = evaluator;
    await evaluator.close();
    const feed = span({ resource: FEED });
    await collector.send([feed]);
    await sleep(4000);
    evaluator = await startHttpBackend(port);
    const back = performance.now();
    await waitFor('the span that was sent during the outage', () => arrived(evaluator, feed) !== undefined);
    expect(performance.now() - back).toBeLessThan(3000);
    expect(evaluator.spans).toHaveLength(1);
  });
});

describe.skipIf(COLLECTOR === undefined)('tail sampling on top of the agent configuration', () => {
  it('leaves the guard feed whole, keeps what a guard-rail acted on, and thins the rest', async () => {
    const evaluator = await startHttpBackend();
    const tracing = await startGrpcBackend();
    const collector = await startCollector(['agent.yaml', 'tail-sampling.yaml'], {
      GUARDSPAN_EVALUATOR_OTLP_HTTP: `http://127.0.0.1:${evaluator.port}`,
      GUARDSPAN_TRACING_ENDPOINT: `127.0.0.1:${tracing.port}`,
      GUARDSPAN_TRACING_INSECURE: 'true',
      GUARDSPAN_AGENT_TOKEN: 'agent-token',
      GUARDSPAN_SAMPLING_PERCENTAGE: '5',
      GUARDSPAN_SAMPLING_WAIT: '1s',
    });
    try {
      const count = 400;
      const disposition = (index: number): string => (index === count - 1 ? 'enforced' : 'allow');
      for (let start = 0; start < count; start += 50) {
        const ids = Array.from({ length: 50 }, (_, index) => start + index);
        await collector.send(ids.map((id) => makeSpan(id, { resource: FEED })));
        await collector.send(
          ids.map((id) => makeSpan(id, { attributes: { 'guardspan.disposition': disposition(id) } })),
        );
      }
      const last = makeSpan(count - 1).spanId;
      await waitFor('the feed', () => evaluator.spans.length >= count);
      await waitFor('the trace that was acted on', () => tracing.spans.some(({ spanId }) => spanId === last));
      expect(new Set(evaluator.spans.map(({ spanId }) => spanId)).size).toBe(count);
      expect(evaluator.spans).toHaveLength(count);
      // 5 % of 400 is 20; a hundred would be 18 standard deviations off.
      expect(tracing.spans.length).toBeLessThan(100);
    } finally {
      await collector.stop();
      await Promise.all([evaluator.close(), tracing.close()]);
    }
  });
});
