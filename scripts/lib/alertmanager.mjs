import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureGoPrograms, executable } from './go-programs.mjs';

/**
 * Alertmanager as tests and benchmarks run against it. Built from its Go module, because Debian's binary reads its templates from /usr/share and can only be
 * installed with a service; later releases than this one leave out of the module what the program embeds.
 */
const ALERTMANAGER = {
  title: 'Alertmanager',
  folder: 'alertmanager',
  version: '0.31.1',
  packages: ['alertmanager', 'amtool'].map((name) => `github.com/prometheus/alertmanager/cmd/${name}`),
  duration: '1 to 3 minutes',
};

/**
 * A folder with `alertmanager` and `amtool`: `GUARDSPAN_ALERTMANAGER_DIR`, or built at the first use and kept in the user's cache folder under the version.
 *
 * @returns {Promise<string | { missing: string }>} The folder, or why there is none.
 */
export async function ensureAlertmanager() {
  const given = process.env.GUARDSPAN_ALERTMANAGER_DIR;
  if (given && existsSync(join(given, executable('alertmanager')))) return given;
  return ensureGoPrograms(ALERTMANAGER, 'set GUARDSPAN_ALERTMANAGER_DIR to a folder that has alertmanager and amtool');
}
