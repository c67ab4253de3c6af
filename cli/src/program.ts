import { ConfigError } from '@guardspan/evaluator';
import { plainText } from '@guardspan/policy';
import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { CliError } from './cli-io.js';
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
import { fileError } from './file-error.js';
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

/** Code of whatever is wrong with a command line. */
const WRONG_USE = 'GUARDSPAN_COMMAND_LINE';

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
  const colors = pc.createColors(io.color);
  const { message, hint } = told(error);
  // It may quote a file, an answer or an argument.
  io.err(`${colors.red('error')} ${plainText(message)}\n${hint ? `  ${plainText(hint)}\n` : ''}`);
  return error instanceof CliError ? error.exitCode : error instanceof ConfigError ? EXIT.USAGE : EXIT.FAILED;
}

/** What is said of an error: with its code, when it has one of ours that the message does not name. */
function told(error: unknown): { message: string; hint: string } {
  const { message, hint = '', code, path } = error as NodeJS.ErrnoException & { hint?: string };
  if (code?.startsWith('GUARDSPAN_')) return { message: message.includes(code) ? message : `${code} ${message}`, hint };
  if (code !== undefined && path !== undefined)
    return { message: `${path}: ${fileError(error)}`, hint: 'check the path' };
  if (error instanceof CliError && error.exitCode === EXIT.USAGE) return { message: `${WRONG_USE} ${message}`, hint };
  return { message, hint };
}
