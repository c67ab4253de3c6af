import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../grafana-plugin/host/e2e/free-port.mjs';
import { startAlertmanager } from '../../grafana-plugin/host/e2e/start-alertmanager.mjs';
import { HOST } from './grafana-host.mjs';
import { PLUGIN } from './grafana.mjs';
import { NODE, ROOT } from './paths.mjs';
import { run } from './run.mjs';

/** Seconds until the demonstration and the hosts have to be up. */
const START_LIMIT = 60;

/**
 * Drives a browser through the built app on stand-ins for Grafana, with the demonstration running behind them. Everything must be built.
 *
 * @param {{ sets: string[], chromium: string, prometheus?: string, alertmanager?: string, core?: boolean, args?: string[] }} options `sets` names the hosts, with a
 *   sub-path after a slash; `prometheus` and `alertmanager` are folders with the programs, without
 *   which dashboards are not opened and alerts not followed; `core` leaves out what only
 *   the whole matrix needs; `args` go to Playwright.
 * @returns {Promise<import('./tally.mjs').Counts & { notes: string[] }>}
 */
export async function runE2e({ sets, chromium, prometheus = '', alertmanager = '', core = false, args = [] }) {
  const scratch = mkdtempSync(join(tmpdir(), 'guardspan-e2e-'));
  const file = join(scratch, 'hosts.json');
  const report = join(scratch, 'report.json');
  const alerts = alertmanager === '' ? undefined : await startAlertmanager({ folder: alertmanager });
  const demo = spawn(NODE, [join(ROOT, 'demo', 'dist', 'main.js'), '--direct'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      GUARDSPAN_APP_HOST: join(HOST, 'e2e', 'start-hosts.mjs'),
      GUARDSPAN_E2E_SETS: sets.join(','),
      GUARDSPAN_E2E_FILE: file,
      GUARDSPAN_PROMETHEUS_DIR: prometheus,
      ...(alerts === undefined ? {} : alertSettings(alerts.url, await freePort())),
    },
  });
  let said = '';
  demo.stderr.on('data', (chunk) => (said = `${said}${chunk}`.slice(-4000)));
  const ended = new Promise((resolve) => demo.once('exit', resolve));
  try {
    for (let waited = 0; !existsSync(file); waited += 0.1) {
      if (waited > START_LIMIT || demo.exitCode !== null) throw new Error(`the demonstration did not start: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    mkdirSync(join(PLUGIN, 'artifacts'), { recursive: true });
    const { code } = await run(
      NODE,
      [join(HOST, 'node_modules', '@playwright', 'test', 'cli.js'), 'test', '-c', 'e2e/playwright.config.ts', ...args],
      {
        cwd: HOST,
        output: 'stderr',
        env: {
          GUARDSPAN_CHROMIUM: chromium,
          GUARDSPAN_E2E_FILE: file,
          GUARDSPAN_E2E_REPORT: report,
          GUARDSPAN_E2E_CORE: String(core),
          GUARDSPAN_E2E_URL: undefined,
        },
      },
    );
    return countPlaywright(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, code);
  } finally {
    demo.kill('SIGTERM');
    await ended;
    await alerts?.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Settings by which the demonstration's evaluator tells an Alertmanager, with links to the first host and into its Explore. */
function alertSettings(url, port) {
  const grafana = `http://127.0.0.1:${port}`;
  const pane = { datasource: 'tempo', queries: [{ refId: 'A', queryType: 'traceql', query: 'TRACE' }] };
  const panes = encodeURIComponent(JSON.stringify({ g: pane })).replace('TRACE', '{trace}');
  return {
    GUARDSPAN_E2E_PORT: String(port),
    GUARDSPAN_ALERTMANAGERS: url,
    GUARDSPAN_GRAFANA_URL: grafana,
    GUARDSPAN_TRACE_URL: `${grafana}/explore?schemaVersion=1&panes=${panes}`,
  };
}

/**
 * Counts of Playwright's JSON report. A run that broke off counts as a failure, whatever its report says.
 *
 * @param {any} report
 * @param {number} code Exit code.
 */
export function countPlaywright(report, code) {
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = report?.stats ?? {};
  const failed = unexpected + flaky;
  const broken = (failed === 0 && code !== 0) || expected + failed === 0;
  const notes = (report?.errors ?? []).map(({ message }) => `failed: ${message}`);
  return {
    passed: expected,
    failed: failed + (broken ? 1 : 0),
    skipped,
    notes: broken && notes.length === 0 ? [`failed: the run ended with ${code}`] : notes,
  };
}
