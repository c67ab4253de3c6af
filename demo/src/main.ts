import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startModelServer } from './assistant/model-server.js';
import type { Child } from './scenario/children.js';
import { startApp, startCollector, startEvaluator } from './scenario/children.js';
import { EvaluatorApi } from './scenario/evaluator-api.js';
import { freePorts } from './scenario/free-ports.js';
import type { Command } from './messages.js';
import { createState, Scenario } from './scenario/run-scenario.js';
import { summarise } from './scenario/summary.js';
import { createTokens, readTokens, type Tokens } from './scenario/tokens.js';
import { seededRandom } from './seeded-random.js';
import { startPage } from './view/page-server.js';
import { startAppHost } from './view/start-app-host.js';
import { startPrometheus } from './view/start-prometheus.js';
import { showTerminal } from './view/terminal-view.js';

const USAGE = `npm start [-- options]

  --once        run the scenario to its end and leave (default: stay until Ctrl-C)
  --json        print one JSON object as the last line (implies --once)
  --direct      do not use a Collector even when one is found
  --no-app      do not install, build and show the Grafana app (--once never does)
  --help        this text

With DEMO_EVALUATOR_URL the scenario runs on an evaluator that is there already and loaded demo/guardrails (docker-compose.yaml); its tokens
are in GUARDSPAN_AGENT_TOKEN and GUARDSPAN_READER_TOKEN, and DEMO_FEED_URL names a Collector before it.
`;

interface Options {
  once: boolean;
  json: boolean;
  direct: boolean;
}

function readOptions(argv: readonly string[]): Options {
  const known = new Set(['--once', '--json', '--direct', '--no-app']);
  const unknown = argv.find((argument) => !known.has(argument));
  if (unknown !== undefined) {
    const asked = unknown === '--help' || unknown === '-h';
    (asked ? process.stdout : process.stderr).write(asked ? USAGE : `there is no option ${unknown}\n\n${USAGE}`);
    process.exit(asked ? 0 : 2);
  }
  const json = argv.includes('--json');
  return { once: json || argv.includes('--once'), json, direct: argv.includes('--direct') };
}

/** What the Grafana app is shown with. */
interface AppSettings {
  program: string;
  evaluatorUrl: string;
  tokens: Tokens;
  directory: string;
  children: Child[];
  say: (text: string) => void;
}

/** Starts the Grafana app on its stand-in, and says where. The scenario runs on without it: empty then. */
async function showApp(settings: AppSettings): Promise<string> {
  const { program, evaluatorUrl, tokens, children, say } = settings;
  try {
    const prometheusUrl = await scrape(settings);
    const host = await startAppHost(program, { evaluatorUrl, token: tokens.grafana, prometheusUrl });
    children.push(host);
    say(`The Grafana app: ${host.url}   (on a stand-in for Grafana, not Grafana; users are switched at its top)`);
    return host.url;
  } catch (error) {
    say(`The Grafana app is not shown: ${messageOf(error)}`);
    return '';
  }
}

/** Starts a Prometheus for the dashboards of the app. Without one the rest of the app works, and the dashboards say what they need. */
async function scrape({ evaluatorUrl, tokens, directory, children, say }: AppSettings): Promise<string | undefined> {
  const programs = process.env.DEMO_PROMETHEUS_DIR ?? '';
  if (programs === '') {
    say('No Prometheus was found: the dashboards of the app have no data. Set GUARDSPAN_PROMETHEUS_DIR to its folder.');
    return undefined;
  }
  try {
    const prometheus = await startPrometheus({ programs, directory, evaluatorUrl, token: tokens.reader });
    children.push(prometheus);
    return prometheus.url;
  } catch (error) {
    say(`Prometheus in ${programs} did not start, the dashboards of the app have no data: ${messageOf(error)}`);
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a signal resolves with. */
const ASKED = 'asked to end';

/** Signals of one Ctrl-C: a terminal, npm and our scripts may each pass it on. */
const ONE_CTRL_C_MS = 1000;

/** Resolves at the first signal that ends us. Who asks again later wants no more waiting: `leave` must not wait for anything. */
function untilAsked(leave: () => void): Promise<typeof ASKED> {
  return new Promise((resolve) => {
    let first: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        first ??= performance.now();
        if (performance.now() - first > ONE_CTRL_C_MS) leave();
        else resolve(ASKED);
      });
  });
}

async function main(options: Options): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'guardspan-demo-'));
  const children: Child[] = [];
  const asked = untilAsked(() => {
    for (const { process: child } of children) child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
    process.exit(130);
  });
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const server = await startModelServer(seededRandom(7));
  try {
    const elsewhere = process.env.DEMO_EVALUATOR_URL ?? '';
    const tokens = elsewhere === '' ? createTokens(directory) : readTokens(process.env);
    let evaluator = { url: elsewhere };
    if (elsewhere === '') {
      const own = await startEvaluator(join(directory, 'data'), tokens.file);
      children.push(own);
      evaluator = own;
    }
    let feedUrl = (process.env.DEMO_FEED_URL ?? '') || evaluator.url;
    const binary = options.direct || elsewhere !== '' ? undefined : process.env.GUARDSPAN_COLLECTOR_BIN;
    if (binary !== undefined && binary !== '') {
      const [grpc, http, health, metrics, backend] = await freePorts(5);
      const collector = await startCollector(binary, evaluator.url, tokens.agent, {
        grpc: grpc!,
        http: http!,
        health: health!,
        metrics: metrics!,
        backend: backend!,
      });
      children.push(collector);
      feedUrl = collector.url;
    }
    const path = feedUrl === evaluator.url ? 'direct' : 'collector';
    say(
      path === 'direct'
        ? 'No Collector was found: the apps report straight to the evaluator.'
        : `The apps report through the Collector ${binary ?? ''}.`,
    );
    const env = {
      GUARDSPAN_ENDPOINT: evaluator.url,
      GUARDSPAN_AGENT_TOKEN: tokens.agent,
      GUARDSPAN_OTLP_ENDPOINT: feedUrl,
      GUARDSPAN_SNAPSHOT_DIR: join(directory, 'snapshots'),
      GUARDSPAN_MODEL_HOSTS: new URL(server.url).host,
      DEMO_MODEL_URL: server.url,
      // Nobody looks at the users' own spans here; they go nowhere.
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    };
    const state = createState(path, evaluator.url);
    const assistant = startApp('assistant', env);
    const admissions = startApp('admissions', env);
    children.push(assistant, admissions);
    const page = await startPage(state);
    state.pageUrl = page.url;
    const host = options.once ? '' : (process.env.GUARDSPAN_APP_HOST ?? '');
    if (host !== '')
      state.appUrl = await showApp({ program: host, evaluatorUrl: evaluator.url, tokens, directory, children, say });
    say(`Live page: ${page.url}   API: ${evaluator.url}/api/v1   metrics: ${evaluator.url}/metrics`);
    const stopView = showTerminal(state, options.json ? process.stderr : process.stdout);
    const scenario = new Scenario(
      { api: new EvaluatorApi(evaluator.url, tokens.reader), server, assistant, admissions, path },
      state,
    ).run();
    // Whoever asks us to end in the middle gets no judgement, and no process stays behind.
    if ((await Promise.race([scenario, asked])) === ASKED) return 130;
    if (!options.once) {
      admissions.process.send({ type: 'rest' } satisfies Command);
      say('The scenario is over; everything keeps running. Ctrl-C ends it.');
      await asked;
    }
    stopView();
    for (const { process: child } of [assistant, admissions]) if (child.connected) child.send({ type: 'stop' });
    await page.close();
    for (const [name, child] of [
      ['assistant', assistant],
      ['admissions', admissions],
    ] as const) {
      if (state.failures.length > 0 && child.errors() !== '') say(`${name} wrote:\n${child.errors()}`);
    }
    const summary = summarise(state);
    for (const failure of summary.failures) say(`failed: ${failure}`);
    if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    return summary.failures.length === 0 ? 0 : 1;
  } finally {
    for (const child of children.reverse()) await child.stop();
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

process.exitCode = await main(readOptions(process.argv.slice(2)));
// A scenario that was ended in its middle still waits for what no longer comes.
if (process.exitCode === 130) process.exit();
