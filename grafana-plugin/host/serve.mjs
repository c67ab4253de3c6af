import { parseArgs } from 'node:util';
import { startHost } from './server/start-host.mjs';

const USAGE = `node grafana-plugin/host/serve.mjs [options]    (npm run grafana:host installs and builds first)

  --grafana 12|13     Grafana 12.4 with React 18, or 13.2 with React 19 (default)
  --evaluator URL     configures the app with this evaluator; the token is in GUARDSPAN_TOKEN
  --port N            default 3000; 0 for a free one
  --sub-path /PATH    serves everything below this path
  --time-zone NAME    of all users, like Europe/Berlin; default that of the browser
  --buffering         holds each answer back until it is whole, as some proxies do
  --help              this text
`;

const { values } = parseArgs({
  options: {
    grafana: { type: 'string', default: '13' },
    evaluator: { type: 'string' },
    port: { type: 'string', default: '3000' },
    'sub-path': { type: 'string', default: '' },
    'time-zone': { type: 'string' },
    dashboards: { type: 'string' },
    buffering: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || !['12', '13'].includes(values.grafana)) {
  process.stderr.write(USAGE);
  process.exit(values.help ? 0 : 2);
}
const host = await startHost({
  grafana: values.grafana,
  port: Number(values.port),
  subPath: values['sub-path'],
  evaluatorUrl: values.evaluator,
  token: process.env.GUARDSPAN_TOKEN,
  timezone: values['time-zone'],
  buffering: values.buffering,
  dashboards: values.dashboards,
});
process.stdout.write(`The app runs at ${host.url}/ on a stand-in for Grafana. Ctrl-C ends it.\n`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void host.close().then(() => process.exit(0)));
