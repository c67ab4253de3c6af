import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The folder with prometheus and promtool; undefined where there is none, and the tests that need them are skipped by name. */
export const PROGRAMS = process.env.GUARDSPAN_PROMETHEUS_DIR;

/** One series of an answer. */
export interface Series {
  metric: { [label: string]: string };
  values: [number, string][];
}

/** A Prometheus that scrapes its targets each second and keeps exemplars. */
export class TestPrometheus {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #url: string;

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#child = child;
    this.#folder = folder;
    this.#url = url;
  }

  /** Starts it on targets by the name of their job, and waits until it answers. */
  static async start(jobs: { readonly [job: string]: string }): Promise<TestPrometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'guardspan-dashboards-'));
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `global: {scrape_interval: 1s}
storage: {exemplars: {max_exemplars: 100000}}
scrape_configs:
${Object.entries(jobs)
  .map(([job, target]) => `  - {job_name: ${job}, static_configs: [{targets: ['${target}']}]}\n`)
  .join('')}`,
    );
    const port = await freePort();
    const flags = [
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=tsdb',
      '--enable-feature=exemplar-storage',
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const child = spawn(join(PROGRAMS!, 'prometheus'), flags, { cwd: folder, stdio: 'ignore' });
    const prometheus = new TestPrometheus(child, folder, `http://127.0.0.1:${port}`);
    for (let tries = 0; tries < 200; tries++) {
      const ready = await fetch(`${prometheus.#url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ready) return prometheus;
      await sleep(50);
    }
    throw new Error('Prometheus did not become ready in 10 seconds');
  }

  /** Answers of an expression each second from `start` to `end`, seconds from epoch. Throws what Prometheus says of a wrong expression. */
  async range(expr: string, start: number, end: number): Promise<Series[]> {
    return (await this.#get('query_range', { query: expr, start, end, step: 1 })) as Series[];
  }

  /** Exemplars that an expression has in that time. */
  async exemplars(expr: string, start: number, end: number): Promise<{ labels: { [name: string]: string } }[]> {
    const series = await this.#get('query_exemplars', { query: expr, start, end });
    return (series as { exemplars: { labels: { [name: string]: string } }[] }[]).flatMap(({ exemplars }) => exemplars);
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await sleep(100);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #get(path: string, query: { [name: string]: string | number }): Promise<unknown> {
    const parameters = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const response = await fetch(`${this.#url}/api/v1/${path}?${parameters}`);
    const body = (await response.json()) as { status: string; error?: string; data: unknown };
    if (body.status !== 'success') throw new Error(`${body.error ?? 'no reason given'} in: ${query['query']}`);
    return path === 'query_range' ? (body.data as { result: unknown }).result : body.data;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
