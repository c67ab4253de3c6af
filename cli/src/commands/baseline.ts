import { createBaseline } from '@guardspan/evaluator';
import { SEASONS } from '@guardspan/policy';
import type { Season } from '@guardspan/policy';
import { Option } from 'commander';
import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import { ApiClient } from '../api-client.js';
import { CliError, WRONG_USE } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { loadReplay } from '../input/load-replay.js';
import { loadGuardrailFiles } from '../load-guardrail-files.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import { repeated } from './command.js';
import type { AddCommand } from './command.js';

interface BaselineOptions {
  calls: string;
  guardrail: string;
  mapping?: string;
  season?: Season;
}

/** Adds `guardspan baseline create | propose | approve`. */
export const addBaseline: AddCommand = (program, io, finish) => {
  const baseline = program.command('baseline').description('make frozen references for tests, and replace them');
  baseline
    .command('create')
    .description(
      'print the baseline of a rate, mean, latency or drift test from recorded calls, to paste into the document',
    )
    .requiredOption('--calls <file>', 'recorded calls, as for replay')
    .requiredOption('--guardrail <file>', 'file with the one guard-rail that the baseline is for')
    .option('--mapping <file>', 'what the columns of a table mean')
    .addOption(
      new Option('--season <cells>', 'keep hours or days of UTC apart, for a rate, latency or mean test').choices(
        Object.keys(SEASONS),
      ),
    )
    .action(async (options: BaselineOptions) => finish(await run(options, io)));
  withServer(baseline.command('propose'))
    .description('propose a new baseline from what the evaluator counted of a series; it waits for an approver')
    .argument('<name>', 'guard-rail whose test has a baseline')
    .option(
      '--series <field=value>',
      'the series, when there are several: model=router; repeated for each field',
      repeated,
      [],
    )
    .option('--from <time>', 'ISO time from which calls are taken (default: seven days before --to)')
    .option('--to <time>', 'ISO time until which calls are taken (default: now)')
    .option('--dry-run', 'only print the document as it would be', false)
    .action(async (name: string, options: ProposeOptions) => finish(await propose(name, options, io)));
  withServer(baseline.command('approve'))
    .description('bring a proposed baseline into force, as an approver who did not propose it')
    .argument('<name>', 'guard-rail with a change that waits')
    .action(async (name: string, options: ServerFlags) => finish(await approve(name, options, io)));
};

interface ProposeOptions extends ServerFlags {
  series: string[];
  from?: string;
  to?: string;
  dryRun: boolean;
}

/** What the API answers to a proposal. */
interface Proposed {
  outcome: string;
  warnings: string[];
  source: string;
  baseline: { calls: number; from: number; to: number };
}

async function propose(name: string, options: ProposeOptions, io: CliIo): Promise<number> {
  const { series, from, to, dryRun } = options;
  const body = {
    series: Object.fromEntries(series.map(fieldAndValue)),
    ...(from === undefined ? {} : { from: seconds('--from', from) }),
    ...(to === undefined ? {} : { to: seconds('--to', to) }),
    dryRun,
  };
  const client = await ApiClient.create(options, io);
  const answer = await client.request('POST', `/api/v1/guardrails/${encodeURIComponent(name)}/baseline`, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  const { outcome, warnings, source, baseline } = answer.body as Proposed;
  const span = `${baseline.calls} calls from ${iso(baseline.from)} to ${iso(baseline.to)}`;
  const waits = outcome === 'proposed';
  if (waits) io.out(`guardrail/${name} proposed: ${span}; it waits for \`guardspan baseline approve ${name}\`\n`);
  else if (outcome === 'valid') io.out(`# ${span}\n${source}`);
  else io.out(`guardrail/${name} ${outcome}: ${span}\n`);
  for (const warning of warnings) io.err(`warning ${warning}\n`);
  return EXIT.OK;
}

async function approve(name: string, options: ServerFlags, io: CliIo): Promise<number> {
  const client = await ApiClient.create(options, io);
  const { items } = (await client.request('GET', '/api/v1/proposals')).body as {
    items: { kind: string; name: string; revision: string; author: string; source: string; reason: string }[];
  };
  const waiting = items.find((one) => one.kind === 'Guardrail' && one.name === name);
  if (waiting === undefined)
    throw new CliError(
      'GUARDSPAN_NOT_FOUND',
      `no change of ${name} waits`,
      `guardspan baseline propose ${name} makes one`,
    );
  const held = (await client.request('GET', `/api/v1/guardrails/${encodeURIComponent(name)}`)).body as {
    source: string;
  };
  // What is approved is shown, and only that is approved: its revision goes along.
  io.out(createTwoFilesPatch(`${name} in force`, `${name} proposed`, held.source, waiting.source));
  await client.request('POST', `/api/v1/proposals/guardrails/${encodeURIComponent(name)}/approve`, {
    headers: { 'if-match': `"${waiting.revision}"` },
  });
  io.out(`guardrail/${name} approved: proposed by ${waiting.author} (${waiting.reason})\n`);
  return EXIT.OK;
}

function fieldAndValue(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new CliError(WRONG_USE, `--series ${text} names no value`, 'write field=value, for example model=router');
}

function seconds(option: string, text: string): number {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time / 1000;
  throw new CliError(WRONG_USE, `${option} ${text} is no time`, 'write it as 2027-06-30T00:00:00Z');
}

function iso(at: number): string {
  return new Date(at * 1000).toISOString();
}

async function run({ calls: file, guardrail: path, mapping, season }: BaselineOptions, io: CliIo): Promise<number> {
  const tested = (await loadGuardrailFiles([path])).filter(
    ({ guardrail }) => guardrail.spec.over?.evidence !== undefined,
  );
  const [one] = tested;
  if (one === undefined || tested.length > 1)
    throw new CliError(
      'GUARDSPAN_NO_TEST',
      `${path} has ${tested.length} guard-rails with a test`,
      'name a file that has one',
    );
  const { calls } = await loadReplay(file, path, mapping);
  const { baseline, confidence, warnings } = createBaseline(one, calls, season);
  const comments = confidence.map((text) => `# ${text}\n`).join('');
  io.out(`# 99 % confidence intervals\n${comments}${stringify({ baseline })}`);
  for (const text of warnings) io.err(`warning ${text}\n`);
  return EXIT.OK;
}
