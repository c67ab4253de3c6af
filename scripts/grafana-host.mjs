import { join } from 'node:path';
import { HOST, ensureHost } from './lib/grafana-host.mjs';
import { main } from './lib/main.mjs';
import { NODE } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

// Builds the Grafana app and the stand-in for Grafana, and serves them until Ctrl-C; --help lists the options.
await main(async () => {
  const args = process.argv.slice(2);
  const at = args.indexOf('--grafana');
  const set = at === -1 ? '13' : (args[at + 1] ?? '13');
  if (['12', '13'].includes(set) && !args.includes('--help')) {
    const missing = await ensureHost([set]);
    if (missing !== undefined) throw new Error(missing.missing);
  }
  return (await run(NODE, [join(HOST, 'serve.mjs'), ...args])).code;
});
