import { join } from 'node:path';
import { freePort } from './free-port.mjs';
import { startProgram } from './start-program.mjs';

/**
 * An Alertmanager that shows alerts and tells nobody.
 *
 * @param {{ folder: string }} options `folder` has the program.
 */
export async function startAlertmanager({ folder }) {
  const port = await freePort();
  return startProgram({
    program: join(folder, 'alertmanager'),
    url: `http://127.0.0.1:${port}`,
    args: [
      ...['--config.file=alertmanager.yml', '--storage.path=data', '--cluster.listen-address='],
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    files: {
      'alertmanager.yml': `route: {receiver: shown-only, group_by: [alertname, guardrail, service], group_wait: 0s}
receivers: [{name: shown-only}]
`,
    },
  });
}
