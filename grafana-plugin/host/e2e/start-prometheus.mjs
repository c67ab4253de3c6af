import { join } from 'node:path';
import { freePort } from './free-port.mjs';
import { startProgram } from './start-program.mjs';

/**
 * A Prometheus that scrapes an evaluator each second and keeps exemplars, as docs/alerting.md sets it up.
 *
 * @param {{ folder: string, evaluatorUrl: string, token: string }} options `folder` has the program; the token may read metrics.
 */
export async function startPrometheus({ folder, evaluatorUrl, token }) {
  const port = await freePort();
  return startProgram({
    program: join(folder, 'prometheus'),
    url: `http://127.0.0.1:${port}`,
    args: [
      ...['--config.file=prometheus.yml', '--storage.tsdb.path=tsdb', '--enable-feature=exemplar-storage'],
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    files: {
      token,
      'prometheus.yml': `global: {scrape_interval: 1s}
storage: {exemplars: {max_exemplars: 100000}}
scrape_configs:
  - job_name: guardspan-evaluator
    authorization: {credentials_file: token}
    static_configs: [{targets: ['${new URL(evaluatorUrl).host}']}]
`,
    },
  });
}
