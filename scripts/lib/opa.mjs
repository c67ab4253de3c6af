import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { userCacheDir } from './paths.mjs';
import { progress } from './progress.mjs';
import { run } from './run.mjs';

/** Release of Open Policy Agent that tests and benchmarks run against. */
export const OPA_VERSION = '1.22.2';

const MODULE = 'github.com/open-policy-agent/opa';
const BINARY = process.platform === 'win32' ? 'opa.exe' : 'opa';

/**
 * The `opa` command to use, without building one: `GUARDSPAN_OPA_BIN`, or the one that an earlier build left in the cache.
 *
 * @returns {string | undefined} Path of the binary.
 */
export function findOpa() {
  const given = process.env.GUARDSPAN_OPA_BIN;
  if (given && existsSync(given)) return given;
  const cached = join(cacheFolder(), BINARY);
  return existsSync(cached) ? cached : undefined;
}

/**
 * The `opa` command, built from its Go module at the first use (one to five minutes) and kept in the user's cache folder under its version. Built without
 * cgo: it compiles policies to WebAssembly, and evaluates them with its own interpreter only.
 *
 * @returns {Promise<string | { missing: string }>} Path of the binary, or why there is none.
 */
export async function ensureOpa() {
  const found = findOpa();
  if (found !== undefined) return found;
  const go = await run('go', ['version'], { output: 'capture' });
  if (go.code !== 0)
    return { missing: 'Go is not installed (1.24 or newer builds Open Policy Agent); or set GUARDSPAN_OPA_BIN' };

  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  return withLock(join(folder, 'lock'), async () => findOpa() ?? build(folder), {
    waiting: (pid) => progress(`process ${pid} builds Open Policy Agent; waiting for it`),
  });
}

async function build(folder) {
  const work = mkdtempSync(join(folder, 'build-'));
  // A module of its own: `go install` refuses a main package whose module has replace directives.
  writeFileSync(join(work, 'go.mod'), 'module guardspan.invalid/opa\n\ngo 1.24\n');
  const env = { CGO_ENABLED: '0', GOFLAGS: `${process.env.GOFLAGS ?? ''} -buildvcs=false`.trim() };
  const steps = [
    ['Open Policy Agent 1/2: fetching Go modules', ['get', `${MODULE}@v${OPA_VERSION}`]],
    [
      'Open Policy Agent 2/2: compiling (1 to 5 minutes the first time)',
      ['build', '-trimpath', '-ldflags=-s -w', '-o', BINARY, MODULE],
    ],
  ];
  try {
    for (const [title, args] of steps) {
      progress(title);
      const { code, output } = await run('go', args, { cwd: work, env, output: 'capture', timeoutSeconds: 1500 });
      if (code !== 0) {
        process.stderr.write(output.slice(-4000));
        const last = output.trim().split('\n').at(-1)?.slice(0, 300) ?? 'no output';
        return { missing: `Open Policy Agent could not be built: ${last}` };
      }
    }
    const binary = join(folder, BINARY);
    renameSync(join(work, BINARY), binary);
    progress(`Open Policy Agent ready: ${binary}`);
    return binary;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function cacheFolder() {
  return join(userCacheDir(), 'opa', `${OPA_VERSION}-${process.platform}-${process.arch}`);
}
