import { explainCall, INLINE_POINTS } from '@guardspan/policy';
import type { InlinePoint } from '@guardspan/policy';
import { Option } from 'commander';
import { CliError, WRONG_USE } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { readCallFile } from '../input/read-call-file.js';
import { loadGuardrailFiles } from '../load-guardrail-files.js';
import { printExplanation } from '../output/print-explanation.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import type { AddCommand } from './command.js';
import { explainVerdict } from './explain-verdict.js';

interface ExplainOptions extends ServerFlags {
  call?: string;
  verdict?: string;
  guardrail?: string;
  at?: InlinePoint;
  format: 'text' | 'json';
}

/** Adds `guardspan explain`. */
export const addExplain: AddCommand = (program, io, finish) => {
  withServer(program.command('explain'))
    .description(
      'say why a call gets its decision: each guard-rail, each part of its condition with its value; or why a verdict of a test holds',
    )
    .argument('[paths...]', 'files and directories of guard-rails')
    .option('--call <file>', 'the call: any fields of a ModelCall as JSON or YAML; - is standard input')
    .option('--verdict <id>', 'ask the evaluator for evidence, effect, promise and likeliest causes of this verdict')
    .option('--guardrail <name>', 'only this one')
    .addOption(new Option('--at <point>', 'only this point of the call').choices(INLINE_POINTS))
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .action(async (paths: string[], options: ExplainOptions) => {
      if (options.verdict !== undefined) finish(await explainVerdict(options.verdict, options, io));
      else finish(await explain(paths, options, io));
    });
};

async function explain(paths: readonly string[], options: ExplainOptions, io: CliIo): Promise<number> {
  if (options.call === undefined || paths.length === 0)
    throw new CliError(
      WRONG_USE,
      paths.length === 0 ? 'no guard-rail is named' : 'no call is named',
      'give files of guard-rails and the file of a call: guardspan explain guardrails --call call.json; or --verdict ID',
    );
  const loaded = await loadGuardrailFiles(paths);
  const chosen = loaded.filter(({ guardrail }) => [undefined, guardrail.metadata.name].includes(options.guardrail));
  if (loaded.length === 0)
    throw new CliError(
      'GUARDSPAN_NO_DOCUMENTS',
      `${paths.join(', ')}: no document here is a guard-rail`,
      'name a file or directory that holds `kind: Guardrail`; `guardspan init` writes starters',
    );
  if (chosen.length === 0)
    throw new CliError(
      'GUARDSPAN_NOT_FOUND',
      `there is no guard-rail "${String(options.guardrail)}" in these files`,
      `there are: ${loaded.map(({ guardrail }) => guardrail.metadata.name).join(', ')}`,
    );
  const call = await readCallFile(options.call, io);
  const explanation = explainCall(chosen, call, options.at === undefined ? {} : { points: [options.at] });
  io.out(options.format === 'json' ? `${JSON.stringify(explanation)}\n` : printExplanation(explanation, io.color));
  return EXIT.OK;
}
