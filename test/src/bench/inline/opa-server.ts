import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { denials, opaBinary, PACKAGE, regoInput, regoPolicy } from './rego-policy.js';

/** The same policy in an OPA server, asked over a unix socket on a connection that is kept. A sentence when there is no `opa`. */
export async function opaServer(withText = true) {
  const binary = opaBinary();
  if (binary === undefined) return 'opa is not there: Go builds it, or set GUARDSPAN_OPA_BIN';
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-bench-opa-'));
  const source = join(folder, 'bench.rego');
  writeFileSync(source, regoPolicy(withText));
  const socketPath = join(folder, 'opa.sock');
  const args = ['run', '--server', '--addr', `unix://${socketPath}`, '--log-level', 'error', source];
  const server = spawn(binary, args, { stdio: 'ignore' });
  const agent = new Agent({ keepAlive: true });

  const decide = (prompt: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ input: regoInput(prompt) });
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const options = { socketPath, agent, method: 'POST', path: `/v1/data/${PACKAGE}`, headers };
      const asking = request(options, (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
        response.on('error', reject).on('end', () => {
          try {
            resolve(denials((JSON.parse(answer) as { result?: unknown }).result));
          } catch (error) {
            reject(error as Error);
          }
        });
      });
      asking.on('error', reject);
      asking.end(body);
    });
  const close = (): void => {
    agent.destroy();
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 200; tries++) {
    try {
      await decide('');
      return { name: 'opa_server', decide, close };
    } catch {
      await sleep(50);
    }
  }
  close();
  return 'opa run --server did not answer within 10 s';
}
