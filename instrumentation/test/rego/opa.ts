import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { RequestOptions } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Path of `opa`, or null: then what needs it is skipped by name, and fails with CI set. */
export const OPA = process.env['GUARDSPAN_OPA_BIN'] ?? null;
if (OPA === null && process.env['CI'] !== undefined)
  throw new Error('opa is missing: npm test builds it, or set GUARDSPAN_OPA_BIN');

/** A folder for the files of one test. */
export class OpaFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'guardspan-rego-'));
  readonly #servers: ChildProcess[] = [];

  write(name: string, text: string): string {
    const path = join(this.path, name);
    writeFileSync(path, text);
    return path;
  }

  /** `opa build -t wasm`. @returns path of the bundle */
  async bundle(entrypoint: string, sources: readonly string[], ...more: string[]): Promise<string> {
    const out = join(this.path, `${entrypoint.replaceAll('/', '-')}.tar.gz`);
    await run(OPA!, ['build', '-t', 'wasm', '-e', entrypoint, ...more, '-o', out, ...sources]);
    return out;
  }

  /** `opa eval` of a package for many inputs, in one process. */
  async evaluate(path: string, sources: readonly string[], inputs: readonly unknown[]): Promise<unknown[]> {
    const all = this.write('inputs.json', JSON.stringify({ inputs }));
    const query = `[v | some x in data.inputs; v := data.${path.replaceAll('/', '.')} with input as x]`;
    const data = [...sources, all].flatMap((source) => ['-d', source]);
    const { stdout } = await run(OPA!, ['eval', '--format', 'json', ...data, query], { maxBuffer: 1 << 26 });
    const { result } = JSON.parse(stdout) as { result: { expressions: { value: unknown[] }[] }[] };
    return result[0]!.expressions[0]!.value;
  }

  /** Starts `opa run --server` on a unix socket and waits until it answers. @returns the socket's path */
  async serve(sources: readonly string[]): Promise<string> {
    const socketPath = join(this.path, `opa-${this.#servers.length}.sock`);
    await this.#start(`unix://${socketPath}`, { socketPath }, sources);
    return socketPath;
  }

  /** The same on a free port of this machine. @returns its URL */
  async serveTcp(sources: readonly string[]): Promise<string> {
    const port = await freePort();
    await this.#start(`127.0.0.1:${port}`, { host: '127.0.0.1', port }, sources);
    return `http://127.0.0.1:${port}`;
  }

  async #start(address: string, target: RequestOptions, sources: readonly string[]): Promise<void> {
    const args = ['run', '--server', '--addr', address, '--log-level', 'error', ...sources];
    this.#servers.push(spawn(OPA!, args, { stdio: 'ignore' }));
    for (let tries = 0; tries < 200; tries += 1) {
      if (await healthy(target)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('opa run --server did not start within 10 s');
  }

  /** Ends the servers; resolves when they are gone. */
  async stop(): Promise<void> {
    await Promise.all(
      this.#servers.splice(0).map(
        (server) =>
          new Promise((resolve) => {
            server.once('exit', resolve);
            server.kill('SIGKILL');
          }),
      ),
    );
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.path, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function healthy(target: RequestOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request({ ...target, path: '/health' }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asking.on('error', () => resolve(false));
    asking.end();
  });
}

/** Text of a file beside the documents. */
export function example(name: string): string {
  return new URL(`../../../docs/examples/rego/${name}`, import.meta.url).pathname;
}

/** Bytes of a file. */
export function bytesOf(path: string): Uint8Array {
  return readFileSync(path);
}
