import { replay } from '@guardspan/evaluator';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { loadReplay } from '../input/load-replay.js';
import { loadGuardrailFiles } from '../load-guardrail-files.js';
import { printReplay } from '../output/print-replay.js';
import type { AddCommand } from './command.js';

interface ReplayOptions {
  guardrails: string;
  calls: string;
  mapping?: string;
  json: boolean;
}

/** Adds `guardspan replay`. */
export const addReplay: AddCommand = (program, io, finish) => {
  program
    .command('replay')
    .description('run recorded calls through windowed guard-rails, with the engine of the evaluator and virtual time')
    .requiredOption('--guardrails <path>', 'file or directory of guard-rails')
    .requiredOption(
      '--calls <file>',
      'JSON lines (a ModelCall each, or OTLP of the file exporter), or a table (.csv, .tsv)',
    )
    .option(
      '--mapping <file>',
      'what the columns of a table mean; default: the file that ends in .mapping beside the guard-rails',
    )
    .option('--json', 'print one JSON object', false)
    .action(async (options: ReplayOptions) => finish(await run(options, io)));
};

async function run({ guardrails, calls, mapping, json }: ReplayOptions, io: CliIo): Promise<number> {
  const loaded = await loadGuardrailFiles([guardrails]);
  const { calls: recorded, rows, leftOut } = await loadReplay(calls, guardrails, mapping);
  const result = replay(
    loaded.map(({ revision, guardrail }) => ({ revision, guardrail })),
    recorded,
    rows,
  );
  io.out(json ? `${JSON.stringify({ ...result, leftOut })}\n` : printReplay(result, leftOut, io.color));
  return EXIT.OK;
}
