import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CLIENTS } from './clients/all.js';
import { ACTS } from './run/acts.js';
import { MODULES } from './run/job.js';
import { FinishedCells } from './run/finished-cells.js';
import { linesHere, Suite, type Cell, type PeerRow, type Row } from './run/suite.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    report: { type: 'string', default: '' },
    client: { type: 'string', default: '' },
    module: { type: 'string', default: '' },
    act: { type: 'string', default: '' },
    line: { type: 'string', default: '' },
    resume: { type: 'boolean', default: false },
  },
});

/** Applications of cells wait (for timeouts, for the evaluator) twice as long as they work. */
const WORKERS = 3 * availableParallelism();
/** Signals that break the run off, and the exit codes of a process that they end. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
const STARTED = performance.now();

/** A line of progress with the seconds since the start, on stderr. */
function say(text: string): void {
  process.stderr.write(`[${((performance.now() - STARTED) / 1000).toFixed(1).padStart(6)}s] ${text}\n`);
}

function chosen<T extends string>(all: readonly T[], names: string): T[] {
  return all.filter((each) => names === '' || names.split(',').includes(each));
}

function cells(): Cell[] {
  const names = chosen(
    CLIENTS.map(({ name }) => name),
    options.client,
  );
  return CLIENTS.filter(({ name }) => names.includes(name)).flatMap((client) =>
    chosen(MODULES, options.module)
      .filter((module) => module !== 'cjs' || client.commonJs !== false)
      .flatMap((module) => chosen(ACTS, options.act).map((act) => ({ client, module, act })))
      .flatMap((cell) => chosen(linesHere(), options.line).map((line) => ({ ...cell, line }))),
  );
}

/** The project with other instrumentations, for clients that they support: `npm run conformance` installs it. Empty without it. */
const PEERS_FOLDER = process.env['GUARDSPAN_PEERS_DIR'] ?? '';
const PEERS = { contrib: 'contrib', openllmetry: 'openllmetry', openinference: 'openinference', guardspan: 'tracing' };

/** Rows of the other instrumentations, and of ours in the same project, which has the older client and the older OpenTelemetry. */
async function peerRows(suite: Suite): Promise<PeerRow[]> {
  const client = CLIENTS.find(({ name }) => name === 'openai')!;
  const wanted = chosen(['openai'], options.client).length > 0 && chosen(['cjs'], options.module).length > 0;
  if (PEERS_FOLDER === '' || !wanted) return [];
  const rows: PeerRow[] = [];
  for (const [peer, mode] of Object.entries(PEERS)) {
    const done = await suite.peer(peer, mode, client, join(PEERS_FOLDER, '/'));
    const failed = done.filter(({ pass }) => !pass);
    say(`${peer} on openai: ${done.length - failed.length} of ${done.length}`);
    for (const { usage, reason } of failed) process.stderr.write(`  ${usage}: ${reason}\n`);
    rows.push(...done);
  }
  return rows;
}

/** The row of an application that did not come to its end; the other cells go on. */
function broken({ client, module, act, line }: Cell, error: unknown): Row {
  const reason = error instanceof Error ? error.message : String(error);
  return { client: client.name, usage: 'the application as a whole', module, act, line, pass: false, reason };
}

async function main(): Promise<void> {
  const suite = new Suite();
  const rows: Row[] = [];
  const waiting = cells();
  const finished = new FinishedCells(options.resume);
  const all = waiting.length;
  let ended = 0;
  say(`${all} cells, ${WORKERS} at once`);
  const worker = async (): Promise<void> => {
    for (let cell = waiting.shift(); cell; cell = waiting.shift()) {
      const known = finished.rowsOf(cell);
      const done = known ?? (await suite.run(cell).catch((error: unknown) => [broken(cell, error)]));
      rows.push(...done);
      ended++;
      if (known) continue;
      finished.add(cell, done);
      const failed = done.filter(({ pass }) => !pass);
      const name = `${cell.client.name} as ${cell.module}, ${cell.act}, OpenTelemetry ${cell.line}`;
      say(`${ended} of ${all}: ${name}: ${done.length - failed.length} of ${done.length}`);
      for (const { usage, reason } of failed) process.stderr.write(`  ${usage}: ${reason}\n`);
    }
  };
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      waiting.length = 0;
      void suite.close().finally(() => process.exit(code));
    });
  }
  let peers: PeerRow[];
  try {
    await Promise.all(Array.from({ length: WORKERS }, worker));
    peers = await peerRows(suite);
  } finally {
    await suite.close();
  }
  const failed = rows.filter(({ pass }) => !pass).length;
  const clients = [...new Set(rows.map(({ client }) => client))];
  say(`done: ${rows.length - failed} passed, ${failed} failed`);
  const result = { passed: rows.length - failed, failed, clients, rows, peers };
  if (options.report !== '') writeFileSync(options.report, JSON.stringify(result));
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stdout.write(`${result.passed} passed, ${failed} failed: ${clients.join(', ')}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();
