import { createBaseline } from '@guardspan/evaluator';
import { stringify } from 'yaml';
import { CliError } from '../cli-io.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { loadReplay } from '../input/load-replay.js';
import { loadGuardrailFiles } from '../load-guardrail-files.js';
import type { AddCommand } from './command.js';

interface BaselineOptions {
  calls: string;
  guardrail: string;
  mapping?: string;
}

/** Adds `guardspan baseline create`. */
export const addBaseline: AddCommand = (program, io, finish) => {
  const baseline = program.command('baseline').description('make frozen references for tests');
  baseline
    .command('create')
    .description(
      'print the baseline of a rate, mean, latency or drift test from recorded calls, to paste into the document',
    )
    .requiredOption('--calls <file>', 'recorded calls, as for replay')
    .requiredOption('--guardrail <file>', 'file with the one guard-rail that the baseline is for')
    .option('--mapping <file>', 'what the columns of a table mean')
    .action(async (options: BaselineOptions) => finish(await run(options, io)));
};

async function run({ calls: file, guardrail: path, mapping }: BaselineOptions, io: CliIo): Promise<number> {
  const tested = (await loadGuardrailFiles([path])).filter(
    ({ guardrail }) => guardrail.spec.over?.evidence !== undefined,
  );
  const [one] = tested;
  if (one === undefined || tested.length > 1)
    throw new CliError(EXIT.FAILED, `${path} has ${tested.length} guard-rails with a test`, 'name a file that has one');
  const { calls } = await loadReplay(file, path, mapping);
  const { baseline, confidence, warnings } = createBaseline(one, calls);
  const comments = confidence.map((text) => `# ${text}\n`).join('');
  io.out(`# 99 % confidence sequences\n${comments}${stringify({ baseline })}`);
  for (const text of warnings) io.err(`warning ${text}\n`);
  return EXIT.OK;
}
