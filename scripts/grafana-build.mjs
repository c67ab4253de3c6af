import { buildPlugin, ensurePluginInstalled } from './lib/grafana.mjs';
import { saysHelp } from './lib/help.mjs';
import { main } from './lib/main.mjs';

const USAGE = `npm run grafana:build

Installs what is missing and builds the Grafana app into grafana-plugin/dist.`;

// Builds the Grafana app into grafana-plugin/dist.
await main(async () => {
  if (saysHelp(process.argv.slice(2), USAGE)) return 0;
  const missing = await ensurePluginInstalled();
  if (missing !== undefined) throw new Error(missing.missing);
  await buildPlugin();
  return 0;
});
