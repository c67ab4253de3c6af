import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ATTR, RESOURCE, SCOPE_NAME } from '@guardspan/policy/runtime';
import { startOpenAIStub } from '../support/openai-stub.js';
import type { OpenAIStub } from '../support/openai-stub.js';
import { startOtlpStub } from '../support/otlp-stub.js';
import type { OtlpStub } from '../support/otlp-stub.js';

let openai: OpenAIStub;
let otlp: OtlpStub;
beforeAll(async () => {
  openai = await startOpenAIStub();
  otlp = await startOtlpStub();
});
afterAll(async () => {
  await openai.close();
  await otlp.close();
});
beforeEach(() => {
  otlp.spans.length = 0;
});

interface Ended {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Runs an application of `apps/` under the built preload, with no evaluator in reach. */
function run(app: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const file = fileURLToPath(new URL(`./apps/${app}`, import.meta.url));
  const all = {
    ...process.env,
    NODE_OPTIONS: '',
    STUB_URL: openai.baseURL,
    GUARDSPAN_ENDPOINT: 'http://127.0.0.1:9',
    GUARDSPAN_SNAPSHOT_DIR: tmpdir(),
    GUARDSPAN_OTLP_ENDPOINT: otlp.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_SERVICE_NAME: 'preloaded',
    ...env,
  };
  return new Promise((resolve) => {
    const args = ['--import', '@guardspan/instrumentation/register', file];
    const child = execFile(process.execPath, args, { env: all, timeout: 20_000 }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, signal: child.signalCode, stdout: stdout.trim(), stderr });
    });
  });
}

/** Spans of model calls on the application's own pipeline, and on the guard feed. */
function spans(): { user: typeof otlp.spans; feed: typeof otlp.spans } {
  const ours = otlp.spans.filter((span) => span.scope === SCOPE_NAME);
  const feed = ours.filter((span) => RESOURCE.FEED in span.resource);
  return { user: ours.filter((span) => !feed.includes(span)), feed };
}

describe('node --import @guardspan/instrumentation/register', () => {
  const apps = ['call-openai.mjs', 'call-openai.cjs', 'call-in-worker.mjs', 'call-anthropic.mjs', 'call-anthropic.cjs'];
  for (const app of apps) {
    it(`guards and traces ${app}, and says that nothing was evaluated`, async () => {
      const ended = await run(app);
      expect(ended).toMatchObject({ code: 0, stdout: 'stub-1' });
      const { user, feed } = spans();
      expect(user.map((span) => span.name)).toEqual(['chat stub']);
      expect(user[0]?.attributes[ATTR.DISPOSITION]).toBe('not_evaluated');
      expect(feed.map((span) => [span.traceId, span.spanId])).toEqual([[user[0]?.traceId, user[0]?.spanId]]);
    });
  }

  it('leaves the tracer provider to an application that starts its own SDK later, and loses no span', async () => {
    const ended = await run('own-sdk.mjs');
    expect(ended).toMatchObject({ code: 0, stdout: 'stub-1' });
    const { user, feed } = spans();
    expect(user.map((span) => [span.name, span.resource[RESOURCE.SERVICE_NAME]])).toEqual([['chat stub', 'own-sdk']]);
    expect(feed).toHaveLength(1);
  });

  it('loads neither exporters nor the SDK before the first call', async () => {
    const { stdout } = await run('list-modules.mjs');
    const { before, after } = JSON.parse(stdout) as { before: string[]; after: string[] };
    expect(before).toEqual([]);
    expect(after).toEqual(
      expect.arrayContaining(['@opentelemetry/exporter-trace-otlp-http', '@opentelemetry/sdk-node']),
    );
  });

  it('does not change how a process ends', async () => {
    expect(await run('end-by-sigterm.mjs')).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(await run('handle-sigterm.mjs')).toMatchObject({ code: 3, signal: null });
  });

  it('lets the application run when its own configuration is bad', async () => {
    const ended = await run('call-openai.mjs', {
      GUARDSPAN_ENDPOINT: 'not a url',
      GUARDSPAN_OTLP_ENDPOINT: '::',
      OTEL_TRACES_EXPORTER: 'none',
    });
    expect(ended).toMatchObject({ code: 0, stdout: 'stub-1' });
    const warnings = ended.stderr.split('\n').filter((line) => line.includes('GuardspanWarning'));
    expect(warnings.map((line) => line.replace(/^\(node:\d+\) /, ''))).toEqual([
      expect.stringMatching(
        /^\[GUARDSPAN_SETTING_INVALID\] GuardspanWarning: Guardspan: GUARDSPAN_ENDPOINT is "not a url"/,
      ),
      expect.stringMatching(
        /^\[GUARDSPAN_SETTING_INVALID\] GuardspanWarning: Guardspan: GUARDSPAN_OTLP_ENDPOINT is "::"/,
      ),
    ]);
  });
});
