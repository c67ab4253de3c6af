import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATTR } from '@guardspan/policy';
import { startApp, type App } from './support/app.js';
import { startBackend, type Receiver } from './support/receivers.js';
import { until } from './support/until.js';

let backend: Receiver;
let feed: Receiver;
let app: App;
beforeAll(async () => {
  backend = await startBackend();
  feed = await startBackend();
  app = await startApp({
    service: 'shop',
    file: 'own-sdk.mjs',
    backend: backend.url,
    feed: feed.url,
    env: { OTEL_LOG_LEVEL: 'error' },
  });
});
afterAll(async () => {
  await app?.stop();
  await Promise.all([backend?.close(), feed?.close()]);
});

describe('an app that starts its own NodeSDK after the preload', () => {
  it('loses no span: its own and those of its model calls arrive in one trace, under its own resource', async () => {
    await app.run('checkout', { count: 50 });
    await app.run('shutdown');
    // The SDK's shutdown does not wait for an export that its own timer had begun; nothing is sent twice, so more cannot come.
    await until('the backend has every span', () => backend.spans.length >= 150);
    await app.stop();
    const own = backend.spans.filter(({ name }) => name === 'checkout');
    const calls = backend.spans.filter(({ attributes }) => attributes[ATTR.MODEL_NAME] === 'scorer');
    expect([own.length, calls.length, backend.spans.length, app.errors()]).toEqual([50, 100, 150, '']);
    expect(calls).toHaveLength(100);
    expect(backend.spans).toHaveLength(150);
    expect(new Set(backend.spans.map(({ resource }) => resource['service.name']))).toEqual(
      new Set(['named-by-the-app']),
    );
    const parents = new Map(own.map(({ spanId, traceId }) => [spanId, traceId]));
    expect(calls.every(({ parentSpanId, traceId }) => parents.get(parentSpanId) === traceId)).toBe(true);
    const ids = (spans: typeof calls): string[] => spans.map(({ traceId, spanId }) => traceId + spanId).sort();
    expect(ids(feed.spans)).toEqual(ids(calls));
  });
});
