import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createEvaluator, loadConfig } from '@guardspan/evaluator';
import type { CliResult } from './run-cli.js';
import { guardspan } from './run-cli.js';

/** An evaluator in this process that keeps nothing, with a folder for the files of its test. */
export interface TestEvaluator {
  url: string;
  folder: string;
  /** Writes a file of the folder. @returns its path */
  write(name: string, text: string): string;
  /** Runs a command line against it. Whose token is in `env`. */
  run(env: NodeJS.ProcessEnv, ...argv: string[]): Promise<CliResult>;
  /** Runs one with the token of a person. */
  as(person: string, ...argv: string[]): Promise<CliResult>;
  close(): Promise<void>;
}

/** The token of a person, by name. */
export function tokenOf(person: string): string {
  return person.repeat(8).slice(0, 32).padEnd(32, '-');
}

/** Starts one. `people` are names with roles; without them everybody may do everything. `guardrails` are documents of its directory. */
export async function startEvaluator(
  options: { people?: { readonly [name: string]: string }; guardrails?: string } = {},
): Promise<TestEvaluator> {
  const folder = mkdtempSync(join(tmpdir(), 'guardspan-evaluator-'));
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  const tokens = Object.entries(options.people ?? {}).map(([name, role]) => ({
    ...{ name, role, sha256: createHash('sha256').update(tokenOf(name)).digest('hex') },
  }));
  const flags = {
    ...(tokens.length === 0 ? { singleUser: true } : { tokensFile: write('tokens.yaml', JSON.stringify({ tokens })) }),
    ...(options.guardrails === undefined
      ? {}
      : { guardrails: dirname(write('guardrails/all.yaml', options.guardrails)) }),
    ...{ store: 'memory', listen: '127.0.0.1:0', grpcListen: 'off', logLevel: 'silent' },
  };
  const evaluator = await createEvaluator(loadConfig({ flags, env: {} }));
  const run: TestEvaluator['run'] = (env, ...argv) => guardspan([...argv, '--server', evaluator.url], { env });
  return {
    ...{ url: evaluator.url, folder, write, run },
    as: (person, ...argv) => run({ GUARDSPAN_TOKEN: tokenOf(person) }, ...argv),
    close: async () => {
      await evaluator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
