import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { ROOT, userCacheDir } from './paths.mjs';
import { progress } from './progress.mjs';
import { run } from './run.mjs';

const MANIFEST = join(ROOT, 'collector', 'builder.yaml');
const BINARY = process.platform === 'win32' ? 'guardspan-otelcol.exe' : 'guardspan-otelcol';

/**
 * The Collector to use, without building one: `GUARDSPAN_COLLECTOR_BIN`, or the one that an earlier build left in the cache.
 *
 * @returns {string | undefined} Path of the binary.
 */
export function findCollector() {
  const given = process.env.GUARDSPAN_COLLECTOR_BIN;
  if (given && existsSync(given)) return given;
  const cached = join(cacheFolder(), BINARY);
  return existsSync(cached) ? cached : undefined;
}

/**
 * The OpenTelemetry Collector that collector/builder.yaml describes, built from Go modules at the first use (minutes) and kept in the user's
 * cache folder under the sha256 of the manifest.
 *
 * @returns {Promise<string | { missing: string }>} Path of the binary, or why there is none.
 */
export async function ensureCollector() {
  const found = findCollector();
  if (found !== undefined) return found;
  const go = await run('go', ['version'], { output: 'capture' });
  if (go.code !== 0)
    return { missing: 'Go is not installed (1.24 or newer builds the Collector); or set GUARDSPAN_COLLECTOR_BIN' };

  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  return withLock(join(folder, 'lock'), async () => findCollector() ?? build(folder), {
    waiting: (pid) => progress(`process ${pid} builds the Collector; waiting for it`),
  });
}

async function build(folder) {
  const version = /^\s+version: (\S+)$/m.exec(readFileSync(MANIFEST, 'utf8'))?.[1];
  const work = mkdtempSync(join(folder, 'build-'));
  const env = {
    CGO_ENABLED: '0',
    GOBIN: join(work, 'bin'),
    GOFLAGS: `${process.env.GOFLAGS ?? ''} -buildvcs=false`.trim(),
  };
  const sources = join(work, '_build');
  const steps = [
    [
      'Collector 1/3: installing the builder',
      'go',
      ['install', `go.opentelemetry.io/collector/cmd/builder@v${version}`],
      work,
    ],
    [
      'Collector 2/3: fetching Go modules',
      join(work, 'bin', process.platform === 'win32' ? 'builder.exe' : 'builder'),
      ['--config', MANIFEST, '--skip-compilation'],
      work,
    ],
    [
      'Collector 3/3: compiling (3 to 10 minutes the first time)',
      'go',
      ['build', '-trimpath', '-ldflags=-s -w', '-o', BINARY, '.'],
      sources,
    ],
  ];
  try {
    for (const [title, command, args, cwd] of steps) {
      progress(title);
      const { code, output } = await run(command, args, { cwd, env, output: 'capture', timeoutSeconds: 1500 });
      if (code !== 0) {
        process.stderr.write(output.slice(-4000));
        return { missing: `the Collector could not be built: ${lastLine(output)}` };
      }
    }
    const binary = join(folder, BINARY);
    renameSync(join(sources, BINARY), binary);
    progress(`Collector ready: ${binary}`);
    return binary;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function cacheFolder() {
  const key = createHash('sha256').update(readFileSync(MANIFEST)).digest('hex').slice(0, 16);
  return join(userCacheDir(), 'collector', `${key}-${process.platform}-${process.arch}`);
}

function lastLine(output) {
  return output.trim().split('\n').at(-1)?.slice(0, 300) ?? 'no output';
}
