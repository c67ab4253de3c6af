import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const FORGED = '\n{"level":50,"msg":"forged"}\r\n\u001b[2J\u2028';

it('the log of an evaluator is one line of JSON for each event, whatever requests hold', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-log-'));
  // A file that cannot be loaded is told by its name and by what it holds.
  writeFileSync(join(folder, `${FORGED}.yaml`.replaceAll('/', '')), `kind: ${JSON.stringify(FORGED)}\n`);
  const argv = [
    'serve',
    '--guardrails',
    folder,
    '--single-user',
    '--store',
    'memory',
    '--listen',
    '127.0.0.1:0',
    '--grpc-listen',
    'off',
  ];
  const child = spawn(process.execPath, [MAIN, ...argv, '--log-level', 'debug'], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logged: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => logged.push(chunk.toString()));
  try {
    const [first] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url } = JSON.parse(first) as { url: string };
    const forged = encodeURIComponent(FORGED);
    const text = (key: string) => ({ key, value: { stringValue: FORGED } });
    const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: FORGED, attributes: [text('gen_ai.system')] };
    const traces = {
      resourceSpans: [{ resource: { attributes: [text('service.name')] }, scopeSpans: [{ spans: [span] }] }],
    };
    const headers = { 'content-type': 'application/json' };
    const kill = { scope: { guardrail: '', model: FORGED, service: '' }, reason: FORGED, expiresIn: 60 };
    for (const [path, init] of [
      [`/api/v1/guardrails/${forged}`, {}],
      [`/${forged}?${forged}=${forged}`, { headers: { 'user-agent': 'x\u00a0y', authorization: 'Bearer x' } }],
      ['/api/v1/guardrails/x', { method: 'PUT', headers, body: FORGED }],
      ['/api/v1/kill', { method: 'POST', headers, body: JSON.stringify(kill) }],
      ['/v1/traces', { method: 'POST', headers, body: JSON.stringify(traces) }],
      ['/v1/traces', { method: 'POST', headers, body: FORGED }],
      ['/api/v1/agent/sync', { method: 'POST', headers, body: JSON.stringify({ messages: [{ type: FORGED }] }) }],
    ] as [string, RequestInit][])
      await (await fetch(url + path, init)).text();
    child.kill('SIGTERM');
    await once(child, 'close');
    const lines = logged.join('').split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.filter((line) => line.includes('forged')).length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).not.toMatch(/\p{Cc}/u);
      expect((JSON.parse(line) as { msg?: string }).msg).not.toBe('forged');
    }
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
