import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { traceShare } from '@guardspan/policy/runtime';
import { startEvaluator, type EvaluatorProcess } from '../../bench/process/evaluator-process.js';
import type { ClientDescription } from '../clients/description.js';
import { UNREAD } from '../clients/shared.js';
import { guardrails, RAILS, SAMPLED, serviceOf, type Act } from './acts.js';
import { runApp } from './cell.js';
import { LINES } from './job.js';
import type { Job, Line, ModuleKind, Printed } from './job.js';
import { judge, type Run } from './judge.js';
import { startSpanSink, type CallSpan, type SpanSink } from './span-sink.js';
import { startWireServer, type WireServer } from './wire-server.js';

/** One usage of one client in one cell. */
export interface Row {
  client: string;
  usage: string;
  module: ModuleKind;
  act: Act;
  line: Line;
  pass: boolean;
  /** Why it does not pass; absent when it does. */
  reason?: string;
}

/** One usage under another instrumentation. */
export interface PeerRow extends Omit<Row, 'act' | 'line'> {
  peer: string;
}

/** A client, a way to load it, what the guard does, and the line of OpenTelemetry. */
export interface Cell {
  client: ClientDescription;
  module: ModuleKind;
  act: Act;
  line: Line;
}

const PACKAGE = '@guardspan/instrumentation';
/** The API of each line, by the start of its version. */
const APIS: { readonly [line in Line]: string } = { '3.x': '1.10.', '2.x': '1.9.' };
/** The project with our packed packages on the line 2.x: `npm test` and `npm run conformance` install it. Empty without it. */
const LINE_2X_FOLDER = process.env['GUARDSPAN_OTEL_2X_DIR'] ?? '';

/** Lines that can be run here. */
export function linesHere(): Line[] {
  return LINES.filter((line) => line === '3.x' || LINE_2X_FOLDER !== '');
}
const REFUSING: readonly Act[] = ['deny', 'deny-answer', 'throttle', 'shutdown'];
const PRIMED: Partial<Record<Act, Job['prime']>> = { throttle: 'call', shutdown: 'directive' };

/** Runs cells: each client once bare for each way to load it, then once for each act. Close it in the end. */
export class Suite {
  readonly #folder = mkdtempSync(join(tmpdir(), 'guardspan-conformance-'));
  readonly #stop = new AbortController();
  readonly #here = { compiled: join(this.#folder, 'compiled'), stop: this.#stop.signal };
  readonly #servers = new Map<string, Promise<WireServer>>();
  readonly #bare = new Map<string, Promise<Printed>>();
  #evaluator: EvaluatorProcess | undefined;
  #sink: Promise<SpanSink> | undefined;

  /** Rows of one cell: one for each usage, and one for the application as a whole. */
  async run({ client, module, act, line }: Cell): Promise<Row[]> {
    const bare = await this.bare(client, module);
    const server = await this.#server(client);
    const run = `${module}-${act}-${line}`;
    const folder = `${LINE_2X_FOLDER}/node_modules/${PACKAGE}/dist/node`;
    const copy = (name: string, entry: string): string =>
      line === '3.x' ? name : pathToFileURL(join(folder, entry)).href;
    const job = { ...this.#job(client, module, server, run), guarded: true, guardspan: copy(PACKAGE, 'index.js') };
    const sink = await (this.#sink ??= startSpanSink());
    const spans = `${client.name}-${run}`;
    const evaluator = act === 'none' ? undefined : await this.#evaluatorUrl();
    const printed = await runApp({
      job: {
        ...job,
        guardrails: act === 'none' ? 0 : RAILS.filter((rail) => rail.act === act).length,
        prime: PRIMED[act] ?? 'none',
      },
      preload: [copy(`${PACKAGE}/register`, 'register.js')],
      env: {
        ...environment(act, evaluator, `${sink.url}/${spans}`),
        ...client.env?.(server.url),
      },
      ...this.#here,
    });
    const row = (usage: string, reason: string | undefined): Row => ({
      client: client.name,
      usage,
      module,
      act,
      line,
      pass: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
    });
    const rows = client.usages.map((usage, index) => {
      const of = (name: string, from: Printed): Run => ({
        outcome: from.outcomes[usage.name]!,
        wire: server.received(`${name}/${index}`),
      });
      return row(usage.name, judge(client, usage, act, of(bareName(module, ''), bare), of(run, printed)));
    });
    const marks = act === 'sample' ? wrongMarks(client, sink.callsOf(spans), printed) : undefined;
    return [...rows, row('the application as a whole', whole(client, act, line, bare, printed) ?? marks)];
  }

  /** What an application sees without us; `from` is the folder whose dependencies it loads, empty for those of this package. */
  bare(client: ClientDescription, module: ModuleKind, from = ''): Promise<Printed> {
    const key = `${client.name} ${module} ${from}`;
    let known = this.#bare.get(key);
    if (!known) this.#bare.set(key, (known = this.#runBare(client, module, from)));
    return known;
  }

  /** The same usages under an instrumentation, which the project in `from` knows as `mode`. */
  async peer(peer: string, mode: string, client: ClientDescription, from: string): Promise<PeerRow[]> {
    const bare = await this.bare(client, 'cjs', from);
    const server = await this.#server(client);
    const job = this.#job(client, 'cjs', server, `cjs-${peer}`, from);
    const preload = pathToFileURL(join(from, 'conformance-preload.mjs')).href;
    const printed = await runApp({
      job,
      preload: [preload],
      env: { MODE: mode, RECEIVER: 'http://127.0.0.1:9' },
      ...this.#here,
    });
    const row = (usage: string, reason: string | undefined): PeerRow => ({
      peer,
      client: client.name,
      usage,
      module: 'cjs',
      pass: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
    });
    const rows = client.usages.map((usage, index) => {
      const of = (name: string, outcomes: Printed['outcomes']): Run => ({
        outcome: outcomes[usage.name]!,
        wire: server.received(`${name}/${index}`),
      });
      const before = of(bareName('cjs', from), bare.outcomes);
      return row(usage.name, judge(client, usage, 'none', before, of(`cjs-${peer}`, printed.outcomes)));
    });
    const stray = JSON.stringify(printed.stray) === JSON.stringify(bare.stray);
    return [
      ...rows,
      row('the application as a whole', stray ? undefined : `nobody caught ${JSON.stringify(printed.stray)}`),
    ];
  }

  /** Ends what still runs, and removes what was made for it. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#evaluator?.kill('SIGKILL');
    for (const server of [...this.#servers.values(), ...(this.#sink ? [this.#sink] : [])]) await (await server).close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #runBare(client: ClientDescription, module: ModuleKind, from: string): Promise<Printed> {
    const job = this.#job(client, module, await this.#server(client), bareName(module, from), from);
    return runApp({ job, preload: [], env: {}, ...this.#here });
  }

  #job(client: ClientDescription, module: ModuleKind, server: WireServer, run: string, from = ''): Job {
    const url = `${server.url}/${run}`;
    return { client: client.name, module, url, guarded: false, guardspan: '', guardrails: 0, prime: 'none', from };
  }

  #server(client: ClientDescription): Promise<WireServer> {
    let server = this.#servers.get(client.name);
    if (!server) this.#servers.set(client.name, (server = startWireServer(client)));
    return server;
  }

  async #evaluatorUrl(): Promise<string> {
    if (!this.#evaluator) {
      const rails = join(this.#folder, 'guardrails');
      mkdirSync(rails);
      writeFileSync(join(rails, 'conformance.yaml'), guardrails());
      this.#evaluator = startEvaluator({ dataDir: join(this.#folder, 'data'), guardrails: rails });
    }
    return this.#evaluator.url;
  }
}

/** Name of the run without anybody, as the local server knows it. */
function bareName(module: ModuleKind, from: string): string {
  return from === '' ? `${module}-bare` : `${module}-bare-elsewhere`;
}

function environment(act: Act, evaluator: string | undefined, spans: string): Record<string, string> {
  return {
    OTEL_SERVICE_NAME: serviceOf(act),
    OTEL_EXPORTER_OTLP_ENDPOINT: spans,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    GUARDSPAN_SNAPSHOT_DIR: 'off',
    GUARDSPAN_OTLP_ENDPOINT: evaluator ?? 'http://127.0.0.1:9',
    ...(evaluator === undefined ? {} : { GUARDSPAN_ENDPOINT: evaluator }),
  };
}

/** The client was found, nothing went wrong inside, nothing was left uncaught, and every call was guarded and counted once. */
function whole(client: ClientDescription, act: Act, line: Line, bare: Printed, printed: Printed): string | undefined {
  if (printed.patched !== true && client.patched !== null) return `${client.module} was loaded and not patched`;
  if (!printed.api.startsWith(APIS[line])) return `the API of ${line} is not in use, but "${printed.api}"`;
  const broken = client.usages.find(
    ({ name, partial, calls }) => partial !== true && calls !== 0 && bare.outcomes[name]?.thrown !== undefined,
  );
  if (broken) return `${broken.name} fails without us: ${bare.outcomes[broken.name]!.thrown!.message}`;
  if (printed.failures > 0) return `${printed.failures} problems inside of the guard`;
  if (JSON.stringify(printed.stray) !== JSON.stringify(bare.stray)) {
    return `nobody caught ${JSON.stringify(printed.stray)}, without us ${JSON.stringify(bare.stray)}`;
  }
  const usages = client.usages.map((usage) => usage.calls ?? 1);
  const unguarded = client.usages.reduce((sum, usage) => sum + (usage.unguarded ?? 0), 0);
  const calls = usages.reduce((sum, count) => sum + count, unguarded + (act in PRIMED ? usages[0]! : 0));
  const counted = printed.coverage ?? { calls: NaN, guarded: NaN };
  // A usage that is refused at its first call makes no second one.
  const counts = REFUSING.includes(act) ? counted.calls > 0 && counted.calls <= calls : counted.calls === calls;
  if (counts && counted.guarded === (act === 'none' ? 0 : counted.calls - unguarded)) return undefined;
  return `${counted.guarded} of ${counted.calls} calls were guarded, and ${calls} were made, ${unguarded} of which nobody can guard`;
}

/** Each guarded call that has ended has a span, which is marked exactly when its trace is among those that are sampled. */
function wrongMarks(
  { usages }: ClientDescription,
  calls: readonly CallSpan[],
  { coverage }: Printed,
): string | undefined {
  const wrong = calls.filter(({ traceId, sample }) => sample !== traceShare(traceId) < SAMPLED);
  if (wrong.length > 0) return `${wrong.length} of ${calls.length} spans are wrongly marked or left out`;
  const guarded = coverage?.guarded ?? NaN;
  const open = usages.filter(({ name }) => name === UNREAD).length;
  if (calls.length <= guarded && calls.length >= guarded - open) return undefined;
  return `${calls.length} spans for ${guarded} guarded calls`;
}
