import { diffGuardrails } from '@guardspan/policy';
import { Option } from 'commander';
import { CliError } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { EVALUATOR, guardrailRevision } from '../guardrail-revision.js';
import { readCalls } from '../input/read-calls.js';
import { printChanges, printComparison } from '../output/print-diff.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import { CallComparator } from '../session/compare-calls.js';
import type { AddCommand } from './command.js';

interface DiffOptions extends ServerFlags {
  calls?: string;
  format: 'text' | 'json';
  exitCode: boolean;
}

/** Adds `guardspan diff`. */
export const addDiff: AddCommand = (program, io, finish) => {
  withServer(program.command('diff'))
    .description('show what two revisions of guard-rails mean differently, and what changes for recorded calls')
    .argument('<before>', `a file, a directory, REVISION:PATH of git, or ${EVALUATOR}`)
    .argument('<after>', 'the same')
    .option('--calls <file>', 'recorded calls, one ModelCall as JSON on each line: run them through both')
    .option('--exit-code', 'end with 1 when something differs', false)
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .action(async (before: string, after: string, options: DiffOptions) =>
      finish(await diff(before, after, options, io)),
    );
};

async function diff(from: string, to: string, options: DiffOptions, io: CliIo): Promise<number> {
  const before = await guardrailRevision(from, options, io);
  const after = await guardrailRevision(to, options, io);
  const changes = diffGuardrails(before, after);
  let calls: ReturnType<CallComparator['finish']> | undefined;
  if (options.calls !== undefined) {
    const comparator = new CallComparator(before, after);
    let last = -Infinity;
    for await (const { place, written } of readCalls(options.calls, io)) {
      const { startedAt } = written.call;
      if (startedAt !== 0 && startedAt < last)
        throw new CliError(
          'GUARDSPAN_CALL_ORDER',
          `${place}: the call started before the one above it`,
          'sort the calls by startedAt',
        );
      last = Math.max(last, startedAt);
      comparator.add(place, written);
    }
    calls = comparator.finish();
  }
  if (options.format === 'json') io.out(`${JSON.stringify({ changes, ...(calls === undefined ? {} : { calls }) })}\n`);
  else {
    io.out(printChanges(changes, io.color));
    if (calls !== undefined) io.out(printComparison(calls, io.color));
  }
  return options.exitCode && (changes.length > 0 || (calls?.changed ?? 0) > 0) ? EXIT.FAILED : EXIT.OK;
}
