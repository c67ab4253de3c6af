import { parseArgs } from 'node:util';
import { startHost } from './server/start-host.mjs';

const USAGE = `node grafana-plugin/host/serve.mjs [options]    (npm run grafana:host installs and builds first)

  --grafana 12|13     Grafana 12.4 with React 18, or 13.2 with React 19 (default)
  --evaluator URL     configures the app with this evaluator; the token is in GUARDSPAN_TOKEN
  --port N            0 for a free one; default 3000, or a free one when it is taken
  --sub-path /PATH    serves everything below this path
  --prometheus URL    a Prometheus that scrapes the evaluator; dashboards ask it
  --scrape-interval T how often it scrapes; default 15s
  --dashboards FOLDER dashboards at /d/<uid>, beside those of the app; default dashboards/json
  --time-zone NAME    of all users, like Europe/Berlin; default that of the browser
  --buffering         holds each answer back until it is whole, as some proxies do
  --json              prints one JSON object with the URL instead of a sentence
  --help              this text
`;

const { values } = parseArgs({
  options: {
    grafana: { type: 'string', default: '13' },
    evaluator: { type: 'string' },
    port: { type: 'string' },
    'sub-path': { type: 'string', default: '' },
    'time-zone': { type: 'string' },
    dashboards: { type: 'string' },
    prometheus: { type: 'string' },
    'scrape-interval': { type: 'string' },
    buffering: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || !['12', '13'].includes(values.grafana)) {
  (values.help ? process.stdout : process.stderr).write(USAGE);
  process.exit(values.help ? 0 : 2);
}
const options = {
  grafana: values.grafana,
  subPath: values['sub-path'],
  evaluatorUrl: values.evaluator,
  token: process.env.GUARDSPAN_TOKEN,
  timezone: values['time-zone'],
  buffering: values.buffering,
  dashboards: values.dashboards,
  prometheus: values.prometheus,
  scrapeInterval: values['scrape-interval'],
};
const host =
  values.port === undefined
    ? await startHost({ ...options, port: 3000 }).catch(() => startHost({ ...options, port: 0 }))
    : await startHost({ ...options, port: Number(values.port) });
process.stdout.write(
  values.json
    ? `${JSON.stringify({ url: `${host.url}/` })}\n`
    : `The app runs at ${host.url}/ on a stand-in for Grafana. Ctrl-C ends it.\n`,
);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void host.close().then(() => process.exit(0)));
