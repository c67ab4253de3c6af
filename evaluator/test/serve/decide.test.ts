import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { METRIC } from '@guardspan/policy';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../src/auth/create-authenticator.js';
import { loadConfig } from '../../src/config/load-config.js';
import { exportedName, METRICS } from '../../src/metrics/reference.js';
import { assemble } from '../../src/serve/assemble.js';
import type { Assembly } from '../../src/serve/assemble.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/types.js';

const SECRET = 'jane@example.com';
const GUARDRAILS = {
  redact: `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: redact}
spec:
  match: {services: [gateway]}
  at: request
  uses: {pii: {detector: pii, on: prompt.text}}
  when: pii.count > 0
  action: {redact: {detections: [pii]}}
  mode: enforce
`,
  denied: `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: denied}
spec:
  match: {models: [forbidden]}
  at: request
  when: "true"
  action: {deny: {status: 451, retryAfter: 7s}}
  mode: enforce
`,
  answer: `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: answer}
spec:
  match: {services: [gateway]}
  at: chunk
  uses: {keys: {detector: secrets, on: output.text}}
  when: keys.count > 0
  action: {redact: {detections: [keys]}}
  mode: enforce
`,
};

let store: Store;
let assembly: Assembly;
let server: Server;
let url: string;
const logged: string[] = [];

async function listen(one: Server): Promise<string> {
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  store = createMemoryStore();
  logged.length = 0;
  let ids = 0;
  assembly = await assemble(loadConfig({ flags: { singleUser: true, store: 'memory' } }), {
    store,
    auth: createAuthenticator({ file: '', env: {}, clock: () => 0 }),
    log: pino({ level: 'trace' }, { write: (line: string) => logged.push(line) }),
    now: () => 1_700_000_000,
    newId: () => (++ids).toString(16).padStart(32, '0'),
  });
  for (const [name, text] of Object.entries(GUARDRAILS))
    await assembly.documents.publish({
      ...{ text, file: name, origin: 'git', author: 'a', approver: 'git', expected: undefined },
      ...{ dryRun: false, allowPartial: true },
    });
  server = createServer((request, response) => void assembly.api(request, response));
  url = await listen(server);
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await assembly.close();
  await store.close();
});

async function decide(body: object): Promise<{ allow: boolean; texts: unknown[] }> {
  const response = await fetch(`${url}/api/v1/decide`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { allow: boolean; texts: unknown[] };
}

describe('decisions by request', () => {
  it('are in coverage, metrics and the audit, with the decision and without the texts', async () => {
    const call = { service: 'gateway', model: { name: 'm' } };
    const traceId = 'a'.repeat(32);
    expect((await decide({ call, texts: [{ text: `mail ${SECRET}` }], traceId })).texts).toEqual([
      { path: 'texts.0', text: 'mail <email>' },
    ]);
    expect((await decide({ call: { ...call, model: { name: 'forbidden' } } })).allow).toBe(false);
    await decide({ call: { service: 'elsewhere', model: { name: 'm' } } });
    await decide({ at: 'response', call, texts: [{ text: 'nothing here' }] });

    const coverage: unknown = await (await fetch(`${url}/api/v1/coverage`)).json();
    expect(coverage).toMatchObject({
      ...{ guarded: 2, unguarded: 1 },
      gaps: [{ service: 'elsewhere', reason: 'no_guardrails', name: 'm', count: 1 }],
    });
    expect(coverage).toHaveProperty('rows.0.byRequest', 1);
    const { text } = await assembly.metrics.scrape();
    const name = exportedName(METRICS.find((metric) => metric.name === METRIC.DECIDE_REQUESTS)!);
    expect(text).toContain(`${name}{at="request",disposition="enforced"} 2`);
    expect(text).toContain('guardspan_dispositions_total{guardrail="redact",disposition="enforced",action="redact"} 1');

    await assembly.close();
    const records = await store.queryAudit({ kind: 'decision' });
    expect(records).toHaveLength(2);
    expect(records.find((record) => record.traceId === traceId)).toMatchObject({
      ...{ actor: 'local', guardrail: 'redact' },
      body: { action: 'redact', byRequest: true, service: 'gateway', redactions: 1 },
    });
    expect(JSON.stringify([records, logged])).not.toContain(SECRET);
  });

  it('guard a gateway in another language, before the call and after it', async (context) => {
    const asked: { model: string; messages: { content: string }[] }[] = [];
    const model = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        asked.push(JSON.parse(body) as (typeof asked)[number]);
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ choices: [{ message: { content: 'use AKIAIOSFODNN7EXAMPLE' } }] }));
      });
    });
    const upstream = await listen(model);
    const script = fileURLToPath(new URL('../../../docs/examples/decide/guarded_gateway.py', import.meta.url));
    const gateway = spawn('python3', [script, url, upstream], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const address = await new Promise<string>((resolve) => {
        gateway.on('error', () => resolve(''));
        gateway.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
      });
      if (address === '' && process.env['CI'] === undefined) context.skip('python3 is not installed');
      const chat = (name: string): Promise<Response> =>
        fetch(`${address}/v1/chat/completions`, {
          method: 'POST',
          body: JSON.stringify({ model: name, messages: [{ role: 'user', content: `mail ${SECRET}` }] }),
        });
      const answer = await chat('m');
      expect(asked[0]!.messages[0]!.content).toBe('mail <email>');
      expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'use <api_key>' } }] });
      const denied = await chat('forbidden');
      expect([denied.status, denied.headers.get('retry-after')]).toEqual([451, '7']);
      expect(asked).toHaveLength(1);
    } finally {
      gateway.kill();
      model.closeAllConnections();
      model.close();
    }
  });
});
