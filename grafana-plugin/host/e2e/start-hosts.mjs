import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startHost } from '../server/start-host.mjs';
import { startFront } from './front.mjs';
import { startPrometheus } from './start-prometheus.mjs';

// The demonstration starts this as its stand-in for Grafana: hosts that the end-to-end tests drive, each with a front of its own before the
// evaluator. GUARDSPAN_E2E_SETS names the hosts (`13`, `12`, `13/grafana`: with a sub-path), GUARDSPAN_E2E_FILE is told their URLs.
const { values } = parseArgs({ options: { evaluator: { type: 'string' }, json: { type: 'boolean' } } });
const folder = process.env.GUARDSPAN_PROMETHEUS_DIR ?? '';
const token = process.env.GUARDSPAN_TOKEN;
const prometheus = folder === '' ? undefined : await startPrometheus({ folder, evaluatorUrl: values.evaluator, token });
const hosts = [];
// Links of alerts lead to the first host: its port was chosen before the evaluator was told of it.
let port = Number(process.env.GUARDSPAN_E2E_PORT ?? 0);
for (const name of (process.env.GUARDSPAN_E2E_SETS ?? '13').split(',')) {
  const [grafana, subPath] = name.split('/');
  const front = await startFront(values.evaluator);
  const host = await startHost({
    grafana,
    subPath: subPath === undefined ? '' : `/${subPath}`,
    evaluatorUrl: front.url,
    timezone: 'utc',
    port,
    ...{ token, prometheus: prometheus?.url, scrapeInterval: '1s' },
  });
  hosts.push({
    ...{ name, url: host.url, front: front.url },
    ...(port === 0 ? {} : { alertmanager: process.env.GUARDSPAN_ALERTMANAGERS }),
  });
  port = 0;
}
writeFileSync(process.env.GUARDSPAN_E2E_FILE, JSON.stringify({ hosts, token, prometheus: prometheus?.url }), {
  mode: 0o600,
});
process.stdout.write(`${JSON.stringify({ url: `${hosts[0].url}/` })}\n`);
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void Promise.resolve(prometheus?.close()).then(() => process.exit(0)));
