import { ensureAlertmanager } from './lib/alertmanager.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { runE2e } from './lib/grafana-e2e.mjs';
import { HOST, ensureHost } from './lib/grafana-host.mjs';
import { PLUGIN } from './lib/grafana.mjs';
import { saysHelp } from './lib/help.mjs';
import { main } from './lib/main.mjs';
import { NODE, ROOT } from './lib/paths.mjs';
import { ensurePrometheus } from './lib/prometheus.mjs';
import { progress } from './lib/progress.mjs';
import { run } from './lib/run.mjs';
import { Tally } from './lib/tally.mjs';
import { join } from 'node:path';

const USAGE = `npm run grafana:e2e [-- ARGUMENTS]

Builds everything, starts the demonstration and a stand-in for each Grafana, and drives a browser through every page: as each role, in both
themes, below a sub-path, with faults. Pictures are in grafana-plugin/artifacts/screenshots. ARGUMENTS go to Playwright:

  --project=12        one host only: 12 (Grafana 12.4, React 18), 13 (13.2, React 19), 13/grafana (13.2 below a sub-path)
  FILTER              specs whose file has this in its name: panel, change, editing
  -g PATTERN          tests whose title matches
  --repeat-each=N     each test N times
  --help              this text`;

// The whole matrix: every page as each role, in both themes, on both hosts, below a sub-path, with faults. What is given goes to Playwright:
// npm run grafana:e2e -- --project=13 keyboard
await main(async () => {
  if (saysHelp(process.argv.slice(2), USAGE)) return 0;
  const missing = await ensureHost(['12', '13']);
  if (missing !== undefined) throw new Error(missing.missing);
  const chromium = await ensureChromium();
  if (typeof chromium !== 'string') throw new Error(chromium.missing);
  const prometheus = await ensurePrometheus();
  if (typeof prometheus !== 'string') throw new Error(prometheus.missing);
  const alertmanager = await ensureAlertmanager();
  if (typeof alertmanager !== 'string') throw new Error(alertmanager.missing);
  const tally = new Tally();
  for (const [name, project] of [
    ['types of the stand-in', 'tsconfig.json'],
    ['types of the specs', 'e2e/tsconfig.json'],
  ]) {
    progress(name);
    const from = performance.now();
    const { code } = await run(NODE, [
      join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'),
      ...['-p', join(HOST, project), '--pretty', 'false'],
    ]);
    const counts = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
    tally.add(name, counts, (performance.now() - from) / 1000);
  }
  const from = performance.now();
  const { notes, ...counts } = await runE2e({
    sets: ['12', '13', '13/grafana'],
    ...{ chromium, prometheus, alertmanager },
    args: process.argv.slice(2),
  });
  tally.add('specs', counts, (performance.now() - from) / 1000, notes);
  progress(`screenshots are in ${join(PLUGIN, 'artifacts', 'screenshots')}`);
  process.stdout.write(`\n${tally}\n`);
  return tally.total().failed === 0 ? 0 : 1;
});
