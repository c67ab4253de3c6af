import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ListeningClient } from './documents/listening-client.js';
import type { FirstSync } from './documents/listening-client.js';
import { documentName, documentText, writeDocuments } from './documents/many-documents.js';
import { cpuSeconds } from './ingest/process-usage.js';
import { startEvaluator } from './process/evaluator-process.js';
import type { EvaluatorProcess } from './process/evaluator-process.js';
import { percentile } from './support/percentile.js';

const CLI = fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url));

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Numbers of documents; ratios are of the last to the first. */
    counts: { type: 'string', default: '500,5000' },
    edits: { type: 'string', default: '20' },
  },
});
const root = mkdtempSync(join(tmpdir(), 'guardspan-documents-'));

/** Figures with as many documents in force. Milliseconds, but for CPU: milliseconds of all threads for each document. */
interface Row {
  documents: number;
  /** From the start of the process to its address, and what each document of it cost in CPU. */
  start: { ms: number; cpu_ms_per_document: number };
  /** The same with everything stored already. */
  restart: { ms: number; cpu_ms_per_document: number };
  /** `guardspan push` of all into an evaluator that holds none. */
  push: { ms: number; cpu_ms_per_document: number };
  /** `guardspan push` when nothing is to be done. */
  push_unchanged: { ms: number };
  /** A PUT of one changed document: until the answer, and until a connected process has it. */
  edit: { answered_p50: number; answered_max: number; received_p50: number; received_max: number };
  first_sync: FirstSync;
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const began = performance.now();
  const value = await work();
  return { ms: Math.round(performance.now() - began), value };
}

async function started(evaluator: EvaluatorProcess, documents: number): Promise<Row['start']> {
  const { ms } = await timed(() => evaluator.url);
  return { ms, cpu_ms_per_document: perDocument(cpuSeconds(evaluator.child.pid!), documents) };
}

function perDocument(seconds: number, documents: number): number {
  return Math.round((seconds * 1e6) / documents) / 1000;
}

/** Runs the command with its output thrown away. @throws Error when it fails */
async function guardspan(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`guardspan ${args[0]} ended with ${String(code)}`);
}

/** Changes one document after the other as the API takes it. */
async function edit(url: string, client: ListeningClient, documents: number): Promise<Row['edit']> {
  const answered: number[] = [];
  const received: number[] = [];
  for (let round = 0; round < Number(options.edits); round++) {
    const index = Math.floor((round * documents) / Number(options.edits));
    const path = `${url}/api/v1/guardrails/${documentName(index)}?origin=git`;
    const etag = (await fetch(path)).headers.get('etag')!;
    const heard = client.hears(documentName(index));
    const began = performance.now();
    const answer = await fetch(path, {
      method: 'PUT',
      headers: { 'content-type': 'application/yaml', 'if-match': etag },
      body: documentText(index, 0.25),
    });
    const text = await answer.text();
    answered.push(performance.now() - began);
    if (!answer.ok) throw new Error(text);
    await heard;
    received.push(performance.now() - began);
  }
  const max = (values: readonly number[]): number => Math.round(Math.max(...values) * 100) / 100;
  return {
    ...{ answered_p50: percentile(answered, 0.5), answered_max: max(answered) },
    ...{ received_p50: percentile(received, 0.5), received_max: max(received) },
  };
}

async function measure(documents: number): Promise<Row> {
  const at = (name: string): string => join(root, `${name}-${documents}`);
  const directory = writeDocuments(at('documents'), documents);
  mkdirSync(at('empty'));
  let evaluator = startEvaluator({ dataDir: at('data'), guardrails: directory });
  try {
    const start = await started(evaluator, documents);
    await evaluator.kill('SIGTERM');
    evaluator = startEvaluator({ dataDir: at('data'), guardrails: directory });
    const restart = await started(evaluator, documents);
    await evaluator.kill('SIGTERM');

    evaluator = startEvaluator({ dataDir: at('pushed'), guardrails: at('empty') });
    const url = await evaluator.url;
    const before = cpuSeconds(evaluator.child.pid!);
    const command = ['push', directory, '--server', url];
    const pushed = await timed(() => guardspan(command));
    const push = {
      ms: pushed.ms,
      cpu_ms_per_document: perDocument(cpuSeconds(evaluator.child.pid!) - before, documents),
    };
    const unchanged = await timed(() => guardspan(command));
    const { client, sync } = await ListeningClient.join(url);
    const edited = await edit(url, client, documents);
    client.close();
    const round = (value: number): number => Math.round(value * 10) / 10;
    const first_sync = { ...sync, received: round(sync.received), compiled: round(sync.compiled) };
    return { documents, start, restart, push, push_unchanged: { ms: unchanged.ms }, edit: edited, first_sync };
  } finally {
    await evaluator.kill('SIGKILL');
  }
}

/** What a document costs among many, as a multiple of what it costs among few: 1 is linear, the ratio of the counts quadratic. */
function scaling(few: Row, many: Row): object {
  const ratio = (read: (row: Row) => number): number => Math.round((read(many) / read(few)) * 100) / 100;
  return {
    start_ms_per_document: ratio(({ start, documents }) => start.ms / documents),
    start_cpu_per_document: ratio(({ start }) => start.cpu_ms_per_document),
    push_ms_per_document: ratio(({ push, documents }) => push.ms / documents),
    push_cpu_per_document: ratio(({ push }) => push.cpu_ms_per_document),
  };
}

try {
  const rows: Row[] = [];
  for (const count of options.counts.split(',')) rows.push(await measure(Number(count)));
  const result = { rows, scaling: scaling(rows[0]!, rows.at(-1)!) };
  if (options.json) console.log(JSON.stringify(result));
  else console.dir(result, { depth: 5 });
} finally {
  rmSync(root, { recursive: true, force: true });
}
