import { ensurePluginInstalled } from './lib/grafana.mjs';
import { PLUGIN_STAGES } from './lib/grafana-test.mjs';
import { saysHelp } from './lib/help.mjs';
import { main } from './lib/main.mjs';
import { progress } from './lib/progress.mjs';
import { Tally } from './lib/tally.mjs';

const USAGE = `npm run grafana:test [-- PATH...]

Types, style and unit tests of the Grafana app; with paths, only the unit tests in them.`;

// Types, style and unit tests of the Grafana app; with paths, only the unit tests in them.
await main(async () => {
  if (saysHelp(process.argv.slice(2), USAGE)) return 0;
  const filters = process.argv.slice(2);
  const missing = await ensurePluginInstalled();
  if (missing !== undefined) throw new Error(missing.missing);
  const tally = new Tally();
  for (const { name, run } of PLUGIN_STAGES) {
    if (filters.length > 0 && name !== 'jest') continue;
    progress(name);
    const from = performance.now();
    const { notes = [], ...counts } = await run(filters);
    tally.add(name, counts, (performance.now() - from) / 1000, notes);
  }
  process.stdout.write(`\n${tally}\n`);
  return tally.total().failed === 0 ? 0 : 1;
});
