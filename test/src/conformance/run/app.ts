import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, Worker } from 'node:worker_threads';
import type * as Package from '@guardspan/instrumentation';
import { clientNamed } from '../clients/all.js';
import type { ClientDescription, Usage } from '../clients/description.js';
import { takeSeen } from '../clients/shared.js';
import { JOB_VARIABLE, type Job, type Printed } from './job.js';
import { plain, thrown, type Outcome } from './outcome.js';

/** Milliseconds after which a usage hangs: far beyond what one takes on a machine that is busy. */
const LIMIT = 120_000;

type Guardspan = typeof Package;

const job = JSON.parse(process.env[JOB_VARIABLE] ?? '{}') as Job;
if (job.module === 'worker' && isMainThread) new Worker(new URL(import.meta.url));
else await main();

/** An application that uses a client in every way that its description knows, and prints what it saw. */
async function main(): Promise<void> {
  const stray: string[] = [];
  process.on('unhandledRejection', (error) => stray.push(`unhandled rejection: ${String(error)}`));
  process.on('uncaughtException', (error) => stray.push(`uncaught exception: ${String(error)}`));
  const description = clientNamed(job.client);
  const module = await load(description.module);
  const guardspan = job.guarded ? ((await import(job.guardspan)) as Guardspan) : null;
  if (guardspan) await prepare(guardspan, description, module);

  const outcomes: { [usage: string]: Outcome } = {};
  const use = async (usage: Usage<unknown>): Promise<void> => {
    const url = `${job.url}/${description.usages.indexOf(usage)}`;
    outcomes[usage.name] = await outcomeOf(usage, description, module, url);
  };
  for (const usage of description.usages.filter(({ waits }) => waits !== true)) await use(usage);
  await Promise.all(description.usages.filter(({ waits }) => waits === true).map(use));
  // What nobody awaits has the time to go wrong.
  await sleep(50);
  if (guardspan) await flushSpans();
  const status = guardspan?.status();
  const client = guardspan?.loadedClients().find((each) => each.module === (description.patched ?? description.module));
  const printed: Printed = {
    outcomes,
    stray,
    coverage: status?.coverage ?? null,
    patched: guardspan === null ? null : (client?.patched ?? false),
    api: apiVersion(),
    failures: status?.failures ?? 0,
  };
  process.stdout.write(`${JSON.stringify(printed)}\n`, () => process.exit(0));
}

interface Provider {
  getDelegate?(): Provider;
  forceFlush?(): Promise<void>;
}

/** All copies of the API in a process share one registry, which knows who began it. */
function registry(): { trace?: Provider; version?: string } {
  const known = (globalThis as { [key: symbol]: unknown })[Symbol.for('opentelemetry.js.api.1')];
  return (known ?? {}) as { trace?: Provider; version?: string };
}

function apiVersion(): string {
  const { trace, version } = registry();
  return trace === undefined ? '' : (version ?? '');
}

/** Sends the spans that wait, which the end of this process would lose. */
async function flushSpans(): Promise<void> {
  const { trace } = registry();
  await (trace?.getDelegate?.() ?? trace)?.forceFlush?.();
}

async function load(specifier: string): Promise<unknown> {
  if (job.module !== 'cjs') return import(specifier) as Promise<unknown>;
  const from = job.from === '' ? import.meta.url : pathToFileURL(job.from).href;
  return createRequire(from)(specifier) as unknown;
}

async function prepare(guardspan: Guardspan, description: ClientDescription, module: unknown): Promise<void> {
  guardspan.declareTarget({ name: 'other', params: description.reroute });
  await until(() => {
    const { freshness, guardrails } = guardspan.status();
    return job.guardrails === 0 || (freshness === 'live' && guardrails === job.guardrails);
  });
  if (job.prime === 'none') return;
  await outcomeOf(description.usages[0]!, description, module, `${job.url}/prime`);
  await until(() => job.prime !== 'directive' || guardspan.status().directives.length > 0);
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 20) {
    if (waited > 20_000) throw new Error('the evaluator did not say what this cell waits for within 20 s');
    await sleep(20);
  }
}

async function outcomeOf(
  usage: Usage<unknown>,
  description: ClientDescription,
  module: unknown,
  url: string,
): Promise<Outcome> {
  const hide = [job.url, new URL(job.url).host, new URL(job.url).pathname];
  takeSeen();
  const hung = sleep(LIMIT, undefined, { ref: false }).then(() => {
    throw new Error(`nothing came within ${LIMIT} ms`);
  });
  try {
    const value = await Promise.race([usage.run(description.connect(module, url)), hung]);
    return { seen: plain(takeSeen(), hide), value: plain(value, hide) };
  } catch (error) {
    return { seen: plain(takeSeen(), hide), thrown: thrown(error, hide) };
  }
}
