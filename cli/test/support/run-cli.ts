import { Readable } from 'node:stream';
import { runCli } from '../../src/program.js';

/** What a command line printed and how it ended. */
export interface CliResult {
  code: number;
  out: string;
  err: string;
}

/** Runs a command line in this process. */
export async function guardspan(
  argv: readonly string[],
  options: {
    env?: NodeJS.ProcessEnv;
    color?: boolean;
    stdin?: string | Iterable<Uint8Array | string>;
    now?: number;
    /** Seconds that a server is waited for. */
    patience?: number;
  } = {},
): Promise<CliResult> {
  let out = '';
  let err = '';
  const code = await runCli(argv, {
    out: (text) => void (out += text),
    drained: () => Promise.resolve(),
    err: (text) => void (err += text),
    color: options.color ?? false,
    env: options.env ?? {},
    stdin: Readable.from(typeof options.stdin === 'string' ? [options.stdin] : (options.stdin ?? [])),
    fetch: globalThis.fetch,
    ...(options.patience === undefined ? {} : { patience: options.patience }),
    now: () => options.now ?? Date.now() / 1000,
  });
  return { code, out, err };
}
