import { ensurePluginInstalled } from './lib/grafana.mjs';
import { PLUGIN_STAGES } from './lib/grafana-test.mjs';
import { main } from './lib/main.mjs';
import { progress } from './lib/progress.mjs';
import { Tally } from './lib/tally.mjs';

// Types, style and unit tests of the Grafana app; with paths, only the unit tests in them.
await main(async () => {
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
