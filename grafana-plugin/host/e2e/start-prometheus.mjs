import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A Prometheus that scrapes an evaluator each second and keeps exemplars, as docs/alerting.md sets it up.
 *
 * @param {{ folder: string, evaluatorUrl: string, token: string }} options `folder` has the program; the token may read metrics.
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startPrometheus({ folder, evaluatorUrl, token }) {
  const work = mkdtempSync(join(tmpdir(), 'guardspan-prometheus-'));
  writeFileSync(join(work, 'token'), token, { mode: 0o600 });
  writeFileSync(
    join(work, 'prometheus.yml'),
    `global: {scrape_interval: 1s}
storage: {exemplars: {max_exemplars: 100000}}
scrape_configs:
  - job_name: guardspan-evaluator
    authorization: {credentials_file: token}
    static_configs: [{targets: ['${new URL(evaluatorUrl).host}']}]
`,
  );
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const flags = ['--config.file=prometheus.yml', '--storage.tsdb.path=tsdb', '--enable-feature=exemplar-storage'];
  const child = spawn(join(folder, 'prometheus'), [...flags, `--web.listen-address=127.0.0.1:${port}`], {
    cwd: work,
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const close = async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(work, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 400; tries++) {
    if (child.exitCode !== null) break;
    const ready = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return { url, close };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await close();
  throw new Error('Prometheus did not become ready in 20 seconds');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}
