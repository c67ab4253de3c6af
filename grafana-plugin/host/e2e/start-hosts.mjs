import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startHost } from '../server/start-host.mjs';
import { startFront } from './front.mjs';

// The demonstration starts this as its stand-in for Grafana: hosts that the end-to-end tests drive, each with a front of its own before the
// evaluator. GUARDSPAN_E2E_SETS names the hosts (`13`, `12`, `13/grafana`: with a sub-path), GUARDSPAN_E2E_FILE is told their URLs.
const { values } = parseArgs({ options: { evaluator: { type: 'string' }, json: { type: 'boolean' } } });
const hosts = [];
for (const name of (process.env.GUARDSPAN_E2E_SETS ?? '13').split(',')) {
  const [grafana, subPath] = name.split('/');
  const front = await startFront(values.evaluator);
  const host = await startHost({
    grafana,
    subPath: subPath === undefined ? '' : `/${subPath}`,
    evaluatorUrl: front.url,
    token: process.env.GUARDSPAN_TOKEN,
    timezone: 'utc',
  });
  hosts.push({ name, url: host.url, front: front.url });
}
writeFileSync(process.env.GUARDSPAN_E2E_FILE, JSON.stringify({ hosts, token: process.env.GUARDSPAN_TOKEN }), {
  mode: 0o600,
});
process.stdout.write(`${JSON.stringify({ url: `${hosts[0].url}/` })}\n`);
