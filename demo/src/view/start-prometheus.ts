import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childOf, type Child } from '../scenario/children.js';
import { freePorts } from '../scenario/free-ports.js';

/** Between two scrapes: the phases of the scenario are short. */
export const SCRAPE_INTERVAL = '1s';

const READY_WITHIN_MS = 20_000;

/**
 * Starts a Prometheus that scrapes the evaluator and keeps exemplars, and resolves when it answers queries.
 *
 * @param options `programs` is the folder with the program, `directory` keeps its files for this run, `token` may read metrics.
 * @throws {Error} When it does not start, with what it wrote.
 */
export async function startPrometheus(options: {
  programs: string;
  directory: string;
  evaluatorUrl: string;
  token: string;
}): Promise<Child & { url: string }> {
  const folder = join(options.directory, 'prometheus');
  mkdirSync(folder);
  writeFileSync(join(folder, 'token'), options.token, { mode: 0o600 });
  writeFileSync(join(folder, 'prometheus.yml'), configuration(options.evaluatorUrl));
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${String(port)}`;
  const child = spawn(
    join(options.programs, 'prometheus'),
    [
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=tsdb',
      '--enable-feature=exemplar-storage',
      `--web.listen-address=127.0.0.1:${String(port)}`,
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const running = childOf(child);
  let failed = '';
  child.once('error', (error) => (failed = error.message));
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until;) {
    const ready = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return { ...running, url };
    if (failed !== '') throw new Error(failed);
    if (child.exitCode !== null) throw new Error(`it ended with ${String(child.exitCode)}: ${running.errors()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await running.stop();
  throw new Error(`it did not become ready in ${String(READY_WITHIN_MS / 1000)} seconds: ${running.errors()}`);
}

function configuration(evaluatorUrl: string): string {
  return `global: {scrape_interval: ${SCRAPE_INTERVAL}}
storage: {exemplars: {max_exemplars: 100000}}
scrape_configs:
  - job_name: guardspan-evaluator
    authorization: {credentials_file: token}
    static_configs: [{targets: ['${new URL(evaluatorUrl).host}']}]
`;
}
