import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildJoined } from './build-joined.mjs';
import { withLock } from './lock.mjs';
import { NODE, ROOT, SCRATCH } from './paths.mjs';
import { progress } from './progress.mjs';
import { removeStale } from './remove-stale.mjs';
import { run } from './run.mjs';

/** Packages that app processes load: these are joined to few files, and to CommonJS. */
const DUAL = ['policy', 'instrumentation'];
const STAMP = join(SCRATCH, 'build.json');

/**
 * Builds what changed since the last build: ES modules and types of all packages, and those that apps load joined to few files. Costs well under a second when
 * nothing changed. Two processes may call it at once.
 *
 * @param {{ force?: boolean }} [options] `force` runs the compiler although no source changed.
 * @throws {Error} When the sources do not compile; the compiler's messages are on stderr by then.
 */
export async function ensureBuilt({ force = false } = {}) {
  if (!force && isBuilt()) return;
  await withLock(
    join(SCRATCH, 'build.lock'),
    async () => {
      if (!force && isBuilt()) return;
      const inputs = fingerprint();
      progress('building');
      const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
      const { code } = await run(NODE, [tsc, '-b', '--pretty', 'false'], { output: 'stderr' });
      if (code !== 0) throw new Error('the build failed; the compiler says above where');
      for (const name of workspaces()) {
        removeStale(join(ROOT, name, 'src'), join(ROOT, name, 'dist', DUAL.includes(name) ? 'esm' : ''));
      }
      await Promise.all(DUAL.map((name) => buildJoined(join(ROOT, name))));
      mkdirSync(SCRATCH, { recursive: true });
      writeFileSync(STAMP, JSON.stringify({ inputs }));
      progress('built');
    },
    { waiting: (pid) => progress(`process ${pid} is building; waiting for it`) },
  );
}

function isBuilt() {
  const outputs = workspaces().map((name) => join(ROOT, name, 'dist'));
  if (!outputs.every((path) => existsSync(path))) return false;
  if (!DUAL.every((name) => existsSync(join(ROOT, name, 'dist', 'cjs', 'package.json')))) return false;
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8')).inputs === fingerprint();
  } catch {
    return false;
  }
}

/** Digest over name, size and time of everything that the build reads. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  };
  for (const name of ['package-lock.json', 'tsconfig.base.json', 'tsconfig.json']) add(join(ROOT, name));
  for (const name of workspaces()) {
    add(join(ROOT, name, 'package.json'));
    add(join(ROOT, name, 'tsconfig.json'));
    const sources = readdirSync(join(ROOT, name, 'src'), { recursive: true, withFileTypes: true });
    sources
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .sort()
      .forEach(add);
  }
  for (const name of ['ensure-built.mjs', 'build-joined.mjs', 'remove-stale.mjs'])
    add(join(ROOT, 'scripts', 'lib', name));
  return hash.digest('hex');
}

function workspaces() {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).workspaces;
}
