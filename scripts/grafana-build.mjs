import { buildPlugin, ensurePluginInstalled } from './lib/grafana.mjs';
import { main } from './lib/main.mjs';

// Builds the Grafana app into grafana-plugin/dist.
await main(async () => {
  const missing = await ensurePluginInstalled();
  if (missing !== undefined) throw new Error(missing.missing);
  await buildPlugin();
  return 0;
});
