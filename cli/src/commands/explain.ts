import { explainCall, INLINE_POINTS } from '@guardspan/policy';
import type { InlinePoint } from '@guardspan/policy';
import { Option } from 'commander';
import { CliError } from '../cli-io.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { readCallFile } from '../input/read-call-file.js';
import { loadGuardrailFiles } from '../load-guardrail-files.js';
import { printExplanation } from '../output/print-explanation.js';
import type { AddCommand } from './command.js';

interface ExplainOptions {
  call: string;
  guardrail?: string;
  at?: InlinePoint;
  format: 'text' | 'json';
}

/** Adds `guardspan explain`. */
export const addExplain: AddCommand = (program, io, finish) => {
  program
    .command('explain')
    .description('say why a call gets its decision: each guard-rail, each part of its condition with its value')
    .argument('<paths...>', 'files and directories of guard-rails')
    .requiredOption('--call <file>', 'the call: any fields of a ModelCall as JSON or YAML; - is standard input')
    .option('--guardrail <name>', 'only this one')
    .addOption(new Option('--at <point>', 'only this point of the call').choices(INLINE_POINTS))
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .action(async (paths: string[], options: ExplainOptions) => finish(await explain(paths, options, io)));
};

async function explain(paths: readonly string[], options: ExplainOptions, io: CliIo): Promise<number> {
  const loaded = await loadGuardrailFiles(paths);
  const chosen = loaded.filter(({ guardrail }) => [undefined, guardrail.metadata.name].includes(options.guardrail));
  if (chosen.length === 0)
    throw new CliError(
      EXIT.FAILED,
      options.guardrail === undefined
        ? 'there are no guard-rails in these files'
        : `there is no guard-rail "${options.guardrail}" in these files`,
      `there are: ${loaded.map(({ guardrail }) => guardrail.metadata.name).join(', ') || 'none'}`,
    );
  const call = await readCallFile(options.call, io);
  const explanation = explainCall(chosen, call, options.at === undefined ? {} : { points: [options.at] });
  io.out(options.format === 'json' ? `${JSON.stringify(explanation)}\n` : printExplanation(explanation, io.color));
  return EXIT.OK;
}
