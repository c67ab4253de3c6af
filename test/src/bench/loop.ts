import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Background } from './loop/background.js';
import type { BackgroundReply } from './loop/background.js';
import { startCollector } from './loop/collector-process.js';
import { propagationDocuments } from './loop/documents.js';
import { measurePropagation } from './loop/propagation.js';
import type { Propagation } from './loop/propagation.js';
import { startEvaluator } from './process/evaluator-process.js';
import { measureAlertPath } from './support/alert-path.js';
import { DETECTION_GUARDRAILS, measureDetection } from './support/detection.js';
import type { Detection } from './support/detection.js';

/** The same breach through Prometheus and Alertmanager: measured once, kept with its date. */
const ALERT_PATH = fileURLToPath(new URL('../../src/bench/alert-path.json', import.meta.url));
const SPANS_PER_SECOND = 10_000;
/** Calls of one request of the background. */
const BATCH_SIZE = 100;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    trials: { type: 'string', default: '300' },
    connections: { type: 'string', default: '1000' },
    only: { type: 'string', default: '' },
    'measure-alert-path': { type: 'boolean', default: false },
  },
});
const root = mkdtempSync(join(tmpdir(), 'guardspan-loop-'));

type WithBackground = Propagation & { background: BackgroundReply };

/** Propagation with an evaluator of its own, under background traffic that goes the same way as the records. */
async function propagation(name: string, clients: number, collector?: string): Promise<WithBackground> {
  const guardrails = join(root, `${name}-guardrails`);
  mkdirSync(guardrails);
  writeFileSync(join(guardrails, 'bench.yaml'), propagationDocuments());
  const evaluator = startEvaluator({ dataDir: join(root, name), guardrails });
  const url = await evaluator.url;
  const proxy = collector === undefined ? undefined : await startCollector(collector, url);
  const feed = proxy?.url ?? url;
  const background = Background.start({ url: feed, spansPerSecond: SPANS_PER_SECOND, batchSize: BATCH_SIZE });
  try {
    const trials = Number(options.trials);
    const result = await measurePropagation({ evaluator: url, feed, clients, trials, name });
    return { ...result, background: await background.stop() };
  } finally {
    await proxy?.stop();
    await evaluator.kill('SIGKILL');
  }
}

/** Detection with an evaluator of its own, without background. */
async function detection(): Promise<Detection[]> {
  const guardrails = join(root, 'detection-guardrails');
  mkdirSync(guardrails);
  DETECTION_GUARDRAILS.forEach((text, index) => {
    writeFileSync(join(guardrails, `${index}.yaml`), text);
  });
  const evaluator = startEvaluator({ dataDir: join(root, 'detection'), guardrails });
  try {
    return await measureDetection(await evaluator.url);
  } finally {
    await evaluator.kill('SIGKILL');
  }
}

async function main(): Promise<void> {
  const wanted = (part: string): boolean => options.only === '' || options.only.split(',').includes(part);
  if (options['measure-alert-path']) await measureAlertPath(ALERT_PATH);
  const connections = Number(options.connections);
  const collector = process.env['GUARDSPAN_COLLECTOR_BIN'];
  const result = {
    direct: {
      clients_1: wanted('clients_1') ? await propagation('one', 1) : null,
      [`clients_${connections}`]: wanted('clients_1000') ? await propagation('many', connections) : null,
    },
    collector:
      collector !== undefined && wanted('collector') ? await propagation('collector', connections, collector) : null,
    detection: wanted('detection') ? await detection() : null,
    alert_path: existsSync(ALERT_PATH) ? (JSON.parse(readFileSync(ALERT_PATH, 'utf8')) as unknown) : null,
  };
  if (options.json) console.log(JSON.stringify(result));
  else console.dir(result, { depth: 5 });
}

try {
  await main();
} finally {
  rmSync(root, { recursive: true, force: true });
}
