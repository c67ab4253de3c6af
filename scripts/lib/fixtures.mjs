import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled } from './ensure-installed.mjs';
import { NODE, ROOT, SCRATCH } from './paths.mjs';
import { progress } from './progress.mjs';
import { run, runNpm } from './run.mjs';

/** Our packages that the fixture projects install, as a user would, from their tarballs. */
export const PACKED = ['policy', 'instrumentation'];

const LINE = 'the packed packages on this line of OpenTelemetry';

/**
 * Projects with dependencies that cannot share the workspace's tree: one for each OpenTelemetry line, and one each for TensorFlow.js, pm2 and the sample
 * applications. Each has its own lock file.
 * `node` is where its Node is; the older line runs on the lowest version that we support.
 */
export const FIXTURES = [
  { name: 'otel-2x', node: (folder) => nodeIn(folder), tests: LINE },
  { name: 'otel-3x', node: () => NODE, tests: LINE },
  { name: 'tfjs', node: () => NODE, tests: 'models of TensorFlow.js in process' },
  { name: 'pm2', node: () => NODE, tests: 'a service that pm2 starts, reloads and ends' },
  { name: 'samples', node: () => NODE, tests: 'the sample applications, to their first verdict' },
].map(fixture);
/** Other instrumentations beside ours, for benchmarks. */
export const PEERS = fixture({ name: 'peers', node: () => NODE, tests: '' });
/** All projects that install our packages. */
export const PROJECTS = [...FIXTURES, PEERS];

function fixture({ name, node, tests }) {
  const folder = join(ROOT, 'test', 'fixtures', name);
  return { name, folder, node: node(folder), tests };
}

/**
 * Packs our packages from their builds into each fixture's `.packs/`.
 *
 * @throws {Error} When npm cannot pack.
 */
export async function packPackages() {
  const destination = join(SCRATCH, 'packs');
  mkdirSync(destination, { recursive: true });
  for (const name of PACKED) {
    const folder = join(ROOT, name);
    const { version } = readJson(join(folder, 'package.json'));
    const digest = digestOf([join(folder, 'package.json'), ...filesIn(join(folder, 'dist'))]);
    const stamp = join(destination, `${name}.sha256`);
    const tarball = join(destination, `guardspan-${name}-${version}.tgz`);
    if (!existsSync(tarball) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) {
      const { code, output } = await runNpm(['pack', '--silent', '--pack-destination', destination, '-w', name], {
        output: 'capture',
      });
      if (code !== 0) throw new Error(`npm pack of ${name} failed: ${output}`);
      writeFileSync(stamp, digest);
    }
    for (const { folder } of PROJECTS) {
      mkdirSync(join(folder, '.packs'), { recursive: true });
      copyFileSync(tarball, join(folder, '.packs', `${name}.tgz`));
    }
  }
}

/**
 * Installs a fixture project: with npm at the first time and when its lock file changed, later by exchanging our two packages only, which needs no network.
 * `packPackages` has to run first.
 *
 * @param {(typeof FIXTURES)[number]} fixture
 * @returns {Promise<undefined | { missing: string }>} Why it could not be installed: npm needs its registry the first time, and does not reach it.
 * @throws {Error} When its lock file does not fit our packages, or npm fails for another reason.
 */
export async function installFixture({ name, folder, node }) {
  const lock = readJson(join(folder, 'package-lock.json')).packages;
  for (const packed of PACKED) {
    const manifest = readJson(join(ROOT, packed, 'package.json'));
    const locked = lock[`node_modules/@guardspan/${packed}`] ?? {};
    for (const field of ['version', 'dependencies', 'peerDependencies']) {
      if (canonical(locked[field]) !== canonical(manifest[field])) {
        throw new Error(
          `test/fixtures/${name}/package-lock.json does not know the ${field} of @guardspan/${packed}: run node scripts/lock-fixtures.mjs`,
        );
      }
    }
  }

  const tarballs = PACKED.map((packed) => join(folder, '.packs', `${packed}.tgz`));
  const digest = digestOf(tarballs);
  const stamp = join(folder, 'node_modules', '.guardspan-packs');
  if (!isInstalled(folder) || !existsSync(node)) {
    progress(`test/fixtures/${name}: npm ci`);
    const { code, output } = await runNpm(['ci', '--prefer-offline'], { cwd: folder, output: 'capture' });
    if (code !== 0) {
      if (isUnreachable(output)) return { missing: 'npm does not reach its registry, which the first run needs' };
      process.stderr.write(output.slice(-4000));
      throw new Error(`npm ci in test/fixtures/${name} failed with exit code ${code}`);
    }
  } else if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) {
    PACKED.forEach((packed, index) => {
      const target = join(folder, 'node_modules', '@guardspan', packed);
      rmSync(target, { recursive: true, force: true });
      mkdirSync(target, { recursive: true });
      const { status, stderr } = spawnSync('tar', ['-xzf', tarballs[index], '-C', target, '--strip-components=1'], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`tar cannot unpack ${tarballs[index]}: ${stderr}`);
    });
  }
  writeFileSync(stamp, digest);
  return undefined;
}

/**
 * Whether npm failed because no network leads to its registry, and not because of what it was to install.
 *
 * @param {string} output What npm printed.
 * @returns {boolean}
 */
export function isUnreachable(output) {
  return /^npm (?:error|ERR!) code (?:EAI_AGAIN|ENOTFOUND|ENETUNREACH|EHOSTUNREACH|ECONNREFUSED|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENOTCACHED)$/m.test(
    output,
  );
}

/**
 * Runs a fixture's node:test files.
 *
 * @param {(typeof FIXTURES)[number]} fixture
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function testFixture({ name, folder, node }, env) {
  const files = readdirSync(join(folder, 'test'))
    .filter((file) => file.endsWith('.test.mjs'))
    .sort()
    .map((file) => join('test', file));
  const report = join(SCRATCH, 'test', `${name}.tap`);
  mkdirSync(join(SCRATCH, 'test'), { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['spec', 'stdout', 'tap', report];
  const { code } = await run(
    node,
    [
      '--test',
      ...reporters.map((value, index) => `--test-reporter${index % 2 === 0 ? '' : '-destination'}=${value}`),
      ...files,
    ],
    { cwd: folder, env, timeoutSeconds: 600 },
  );
  return countTap(existsSync(report) ? readFileSync(report, 'utf8') : '', code);
}

/**
 * Numbers of a node:test TAP report. A run that failed without a failed test, or that tested nothing, counts as one failure.
 *
 * @param {string} report
 * @param {number} code Exit code of the runner.
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function countTap(report, code) {
  const number = (key) => Number([...report.matchAll(new RegExp(`^# ${key} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  const passed = number('pass');
  const failed = number('fail') + number('cancelled');
  return {
    passed,
    failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed,
    skipped: number('skipped') + number('todo'),
  };
}

/** Where npm puts the package "node" of a project. */
function nodeIn(folder) {
  return join(folder, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path}\0`).update(readFileSync(path));
  return hash.digest('hex');
}

function canonical(value) {
  return typeof value === 'object' ? JSON.stringify(Object.entries(value).sort()) : JSON.stringify(value);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
