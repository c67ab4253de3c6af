import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOST } from './lib/grafana-host.mjs';
import { PLUGIN, buildPlugin, ensureFolderInstalled, ensurePluginInstalled } from './lib/grafana.mjs';
import { packagePlugin } from './lib/grafana-package.mjs';
import { saysHelp } from './lib/help.mjs';
import { main } from './lib/main.mjs';

const USAGE = `npm run grafana:package

Builds the Grafana app, checks it by the rules of Grafana's validator, and packs it into grafana-plugin/artifacts: a zip that is the same for
the same sources, and its SHA-256.`;

// Builds the Grafana app, checks it as far as that needs no Grafana, and packs it into grafana-plugin/artifacts.
await main(async () => {
  if (saysHelp(process.argv.slice(2), USAGE)) return 0;
  const missing =
    (await ensurePluginInstalled()) ?? (await ensureFolderInstalled(HOST, 'the tools of the Grafana stand-in'));
  if (missing !== undefined) throw new Error(missing.missing);
  await buildPlugin();
  const { validatePlugin } = await import('../grafana-plugin/scripts/validate-plugin.mjs');
  const { version } = JSON.parse(readFileSync(join(PLUGIN, 'package.json'), 'utf8'));
  const { errors, warnings } = validatePlugin({
    dist: join(PLUGIN, 'dist'),
    sources: join(PLUGIN, 'src'),
    packageVersion: version,
  });
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  for (const error of errors) process.stderr.write(`error: ${error}\n`);
  if (errors.length > 0) throw new Error(`the built app breaks ${errors.length} rules; nothing was packed`);
  const { file, sha256, bytes } = await packagePlugin();
  process.stdout.write(`${file}  ${bytes} bytes\nsha256 ${sha256}\n`);
  return 0;
});
