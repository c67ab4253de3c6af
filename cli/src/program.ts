import { ConfigError } from '@guardspan/evaluator';
import { Command, CommanderError } from 'commander';
import { CliError } from './cli-error.js';
import type { CliIo } from './cli-io.js';
import { commandLineError } from './command-line-error.js';
import { addApply } from './commands/apply.js';
import { addAudit } from './commands/audit.js';
import { addBaseline } from './commands/baseline.js';
import { addCheck } from './commands/check.js';
import type { AddCommand } from './commands/command.js';
import { addDelete } from './commands/delete.js';
import { addDetect } from './commands/detect.js';
import { addDiff } from './commands/diff.js';
import { addDrill } from './commands/drill.js';
import { addExplain } from './commands/explain.js';
import { addFmt } from './commands/fmt.js';
import { addGet } from './commands/get.js';
import { addInit } from './commands/init.js';
import { addPlan } from './commands/plan.js';
import { addProposals } from './commands/proposals.js';
import { addPull } from './commands/pull.js';
import { addPush } from './commands/push.js';
import { addReplay } from './commands/replay.js';
import { addServe } from './commands/serve.js';
import { addTest } from './commands/test.js';
import { addVerdicts } from './commands/verdicts.js';
import { addWebhooks } from './commands/webhooks.js';
import { EXIT, EXIT_MEANINGS } from './exit-codes.js';
import { fileError, fileHint } from './file-error.js';
import { errorText } from './output/error-text.js';
import { commandVersion } from './version.js';

/** Every command, in the order of the help: from writing a document to asking what happened. */
const COMMANDS: readonly AddCommand[] = [
  // One line for each command.
  addInit,
  addCheck,
  addFmt,
  addTest,
  addExplain,
  addDiff,
  addReplay,
  addPlan,
  addBaseline,
  addDetect,
  addServe,
  addGet,
  addApply,
  addDelete,
  addPush,
  addPull,
  addAudit,
  addProposals,
  addVerdicts,
  addWebhooks,
  addDrill,
];

/** The `guardspan` command. `finish` receives the exit code of the command that ran. */
export function createProgram(io: CliIo, finish: (code: number) => void): Command {
  const program = new Command('guardspan')
    .description('Runtime guard-rails for AI models on the telemetry that you already run.')
    .version(commandVersion())
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      // Told in the form of every other error, by `runCli`.
      outputError: () => undefined,
    })
    .addHelpText(
      'after',
      `\nExit codes:\n${EXIT_MEANINGS.map(([code, meaning]) => `  ${code}  ${meaning}`).join('\n')}`,
    );
  for (const add of COMMANDS) add(program, io, finish);
  return program;
}

/** Runs a command line; never throws. @returns the exit code */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let code: number = EXIT.OK;
  const program = createProgram(io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) return tell(error, io);
    if (error.exitCode === 0) return EXIT.OK;
    // A group of commands without one of them has shown its help instead.
    return error.code === 'commander.help' ? EXIT.USAGE : tell(commandLineError(program, argv, error), io);
  }
  return code;
}

/** Says what went wrong on standard error. @returns the exit code */
function tell(error: unknown, io: CliIo): number {
  io.err(errorText(told(error), io.color));
  return error instanceof CliError ? error.exitCode : error instanceof ConfigError ? EXIT.USAGE : EXIT.FAILED;
}

/** What is said of an error: with the code of what it is about. */
function told(error: unknown): { code: string; message: string; hint: string } {
  const { message, hint = '', code, path } = error as NodeJS.ErrnoException & { hint?: string };
  if (code?.startsWith('GUARDSPAN_')) return { code, message, hint };
  if (code !== undefined && path !== undefined)
    return { code: 'GUARDSPAN_FILE', message: `${path}: ${fileError(error)}`, hint: fileHint(error) };
  return { code: 'GUARDSPAN_INTERNAL', message, hint };
}
