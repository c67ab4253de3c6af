import { findCollector } from './lib/collector.mjs';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { ensureInstalled } from './lib/ensure-installed.mjs';
import { HOST, ensureHost } from './lib/grafana-host.mjs';
import { main } from './lib/main.mjs';
import { findPrometheus } from './lib/prometheus.mjs';
import { progress } from './lib/progress.mjs';
import { runProgram } from './lib/run-program.mjs';
import { join } from 'node:path';

/** Options with which somebody looks at a page. With others nobody does, or the program only says something. */
const WITH_APP = ['--direct'];

await main(async () => {
  const args = process.argv.slice(2);
  await ensureInstalled();
  await ensureBuilt();
  const app = args.every((argument) => WITH_APP.includes(argument)) ? await prepareApp() : undefined;
  return runProgram('demo/dist/main.js', args, {
    GUARDSPAN_COLLECTOR_BIN: findCollector(),
    GUARDSPAN_APP_HOST: app,
    // A name of its own: hosts of the end-to-end tests start theirs from GUARDSPAN_PROMETHEUS_DIR.
    DEMO_PROMETHEUS_DIR: findPrometheus(),
  });
});

/** Program that shows the Grafana app; undefined when it cannot be installed or built here, which is said and stops nothing. */
async function prepareApp() {
  const said = 'the demonstration runs without the Grafana app; its own page shows what happens';
  try {
    const missing = await ensureHost(['13']);
    if (missing === undefined) return join(HOST, 'serve.mjs');
    progress(`${missing.missing}: ${said}`);
  } catch (error) {
    progress(`${error instanceof Error ? error.message : String(error)}: ${said}`);
  }
  return undefined;
}
