import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { guardrailDocuments } from './inline/guardrails.js';
import { ask } from './instrumentation/child.js';
import { startReceiver } from './instrumentation/receiver.js';
import { startEvaluator } from './process/evaluator-process.js';

/**
 * 720,000 guarded calls at full speed (an hour of 200 calls a second) with 20 guard-rails, the guard feed, coverage and the application's own spans: what a process
 * that never restarts keeps of them.
 */
const MAX_HEAP_GROWTH_MB = 5;

interface Rest {
  /** MB after a full collection. */
  heap: number;
  listeners: number;
  timers: number;
}
interface Told {
  before: Rest;
  after: Rest;
  seconds: number;
  coverage: { calls: number; guarded: number };
  failures: number;
  dropped: number;
}

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, calls: { type: 'string', default: '720000' } },
});
const folder = process.env['GUARDSPAN_PEERS_DIR'];
if (folder === undefined) throw new Error('the project of the peers is not installed: run npm run bench -- soak');
const scratch = mkdtempSync(join(tmpdir(), 'guardspan-soak-'));
const guardrails = join(scratch, 'guardrails');
mkdirSync(guardrails);
writeFileSync(join(guardrails, 'bench.yaml'), guardrailDocuments(true));
const receiver = await startReceiver();
const evaluator = startEvaluator({ dataDir: join(scratch, 'data'), guardrails });
try {
  const told = await ask<Told>(folder, 'soak.mjs', {
    ...{ CALLS: options.calls, RECEIVER: receiver.url, EVALUATOR: await evaluator.url, GUARDRAILS: '20' },
  });
  const { before, after, coverage } = told;
  const growth = after.heap - before.heap;
  const result = {
    calls: Number(options.calls),
    seconds: Number(told.seconds.toFixed(1)),
    heap_growth_mb: Number(growth.toFixed(2)),
    listeners_left: after.listeners - before.listeners,
    timers_left: after.timers - before.timers,
    coverage: coverage.guarded / coverage.calls,
    failures: told.failures,
    feed_dropped: told.dropped,
    bars: { heap_growth_mb: MAX_HEAP_GROWTH_MB, listeners_left: 0, timers_left: 0 },
  };
  const passed = growth < MAX_HEAP_GROWTH_MB && result.listeners_left <= 0 && result.timers_left <= 0;
  if (!options.json) console.dir(result);
  console.log(JSON.stringify({ ...result, passed }));
} finally {
  receiver.close();
  await evaluator.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
}
