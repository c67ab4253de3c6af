import { join } from 'node:path';
import { runClients } from './conformance.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { ensurePluginInstalled } from './grafana.mjs';
import { runE2e } from './grafana-e2e.mjs';
import { ensureHost } from './grafana-host.mjs';
import { PLUGIN_STAGES } from './grafana-test.mjs';
import { FIXTURES, installFixture, packPackages, testFixture } from './fixtures.mjs';
import { PARTS, preparePart } from './parts.mjs';
import { NODE, ROOT } from './paths.mjs';
import { progress } from './progress.mjs';
import { run } from './run.mjs';
import { Tally } from './tally.mjs';
import { runVitest } from './vitest.mjs';

const PASSED = { passed: 1, failed: 0, skipped: 0 };
const FAILED = { passed: 0, failed: 1, skipped: 0 };
const SKIPPED = { passed: 0, failed: 0, skipped: 1 };

/** Something is not there: skipped and named, but a continuous build must not pass because of it. */
function absent(missing, untested) {
  const notes = [`missing: ${missing}`, `without it: ${untested}`];
  return { ...(process.env.CI === 'true' ? FAILED : SKIPPED), notes };
}

/**
 * Runs everything that has to hold: build, types, style, unit and integration tests, and the fixture projects. The last line on stdout is
 * `N passed, N failed, N skipped`.
 *
 * @param {{ filters?: string[], env?: Record<string, string | undefined> }} [options] `filters` are paths: only the unit and integration tests in
 *   them run. `env` is added to the environment of the tests.
 * @returns {Promise<number>} Exit code.
 */
export async function runTests({ filters = [], env = {} } = {}) {
  const tally = new Tally();
  /** Runs one stage; what it throws fails it. */
  const stage = async (name, body) => {
    progress(name);
    const from = performance.now();
    const seconds = () => (performance.now() - from) / 1000;
    try {
      const { notes = [], ...counts } = await body();
      tally.add(name, counts, seconds(), notes);
      return counts.failed === 0;
    } catch (error) {
      tally.add(name, FAILED, seconds(), [`failed: ${error.message}`]);
      return false;
    }
  };
  const check = (name, script, args) =>
    stage(name, async () =>
      (await run(NODE, [join(ROOT, 'node_modules', ...script), ...args])).code === 0 ? PASSED : FAILED,
    );
  const conclude = () => {
    process.stdout.write(`\n${tally}\n`);
    return tally.total().failed === 0 ? 0 : 1;
  };

  const built = await stage('build', async () => {
    await ensureInstalled();
    await ensureBuilt();
    return PASSED;
  });
  if (!built) return conclude();

  const testEnv = { ...withoutSettings(), ...env };
  for (const part of PARTS) {
    await stage(part.name, async () => {
      const prepared = await preparePart(part);
      if ('env' in prepared) {
        Object.assign(testEnv, prepared.env);
        return PASSED;
      }
      return absent(prepared.missing, part.usedBy);
    });
  }
  if (filters.length > 0) {
    await stage('unit and integration', () => runVitest(filters, testEnv));
    return conclude();
  }

  await check('types', ['typescript', 'bin', 'tsc'], ['-p', 'tsconfig.test.json', '--pretty', 'false']);
  await check('eslint', ['eslint', 'bin', 'eslint.js'], ['.']);
  await check('prettier', ['prettier', 'bin', 'prettier.cjs'], ['--check', '--log-level', 'warn', '.']);
  await stage('unit and integration', () => runVitest([], testEnv));
  const full = (testEnv.GUARDSPAN_VERIFY ?? process.env.GUARDSPAN_VERIFY) === 'full';
  // The tests above run one cell for each client.
  if (full) await stage('conformance of clients', () => runClients(testEnv));
  let appThere = false;
  await stage('Grafana app', async () => {
    const missing = await ensurePluginInstalled();
    appThere = missing === undefined;
    return missing === undefined ? PASSED : absent(missing.missing, 'types, style and unit tests of the Grafana app');
  });
  for (const { name, run: runStage } of appThere ? PLUGIN_STAGES : [])
    await stage(`Grafana app: ${name}`, () => runStage([]));
  await stage('Grafana app: in a browser', async () => {
    const untested = 'every page of the Grafana app in both themes, axe, the keyboard, the journey to a verdict';
    const sets = full ? ['12', '13', '13/grafana'] : ['13'];
    const { GUARDSPAN_CHROMIUM: chromium, GUARDSPAN_PROMETHEUS_DIR: prometheus } = testEnv;
    const { GUARDSPAN_ALERTMANAGER_DIR: alertmanager } = testEnv;
    if (chromium === undefined) return absent('Chromium, as said above', untested);
    const missing = appThere ? await ensureHost(full ? ['12', '13'] : ['13']) : { missing: 'the packages of the app' };
    return missing === undefined
      ? runE2e({ sets, chromium, prometheus, alertmanager, core: !full })
      : absent(missing.missing, untested);
  });
  const packed = await stage('pack', async () => {
    await packPackages();
    return PASSED;
  });
  for (const fixture of packed ? FIXTURES : []) {
    await stage(`fixture ${fixture.name}`, async () => {
      const outcome = await installFixture(fixture);
      if (outcome !== undefined) return absent(outcome.missing, fixture.tests);
      return testFixture(fixture, testEnv);
    });
  }
  return conclude();
}

/** Settings of whoever runs the tests must not change what they see. */
function withoutSettings() {
  const kept = ['GUARDSPAN_CACHE_DIR', 'GUARDSPAN_VERIFY'];
  const names = Object.keys(process.env).filter((name) => /^(GUARDSPAN|OTEL)_/.test(name) && !kept.includes(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
