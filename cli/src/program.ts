import { Command, CommanderError, Option } from 'commander';
import pc from 'picocolors';
import { CliError } from './cli-io.js';
import type { CliIo } from './cli-io.js';
import { apply } from './commands/apply.js';
import { check } from './commands/check.js';
import { remove } from './commands/delete.js';
import { get } from './commands/get.js';
import type { GetOutput } from './commands/get.js';
import { addServe } from './commands/serve.js';
import { EXIT } from './exit-codes.js';

const RESOURCES = ['guardrails', 'guardrail'];

function withServer(command: Command): Command {
  return command
    .option('--server <url>', 'address of the evaluator (env GUARDSPAN_ENDPOINT)')
    .option('--token-file <file>', 'file that holds the bearer token (else env GUARDSPAN_TOKEN)');
}

function ofResources(resource: string): void {
  if (!RESOURCES.includes(resource))
    throw new CliError(EXIT.USAGE, `there is no resource "${resource}"`, `known: ${RESOURCES[0]!}`);
}

interface ServerFlags {
  server?: string;
  tokenFile?: string;
}

/** The `guardspan` command. `finish` receives the exit code of the command that ran. */
export function createProgram(io: CliIo, finish: (code: number) => void): Command {
  const program = new Command('guardspan')
    .description('Runtime guard-rails for AI models on the telemetry that you already run.')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 the input has errors or the server refused, 2 wrong command line, 3 the server cannot be reached.',
    );

  addServe(program, io, finish);

  program
    .command('check')
    .description('load guard-rail documents and run their own tests; silent when all is well')
    .argument('<paths...>', 'files and directories')
    .addOption(new Option('--format <format>', 'how problems are printed').choices(['text', 'json']).default('text'))
    .action(async (paths: string[], options: { format: 'text' | 'json' }) => finish(await check(paths, options, io)));

  withServer(program.command('get'))
    .description('show guard-rails that the evaluator holds')
    .argument('<resource>', 'guardrails')
    .argument('[name]', 'one guard-rail')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'yaml', 'json']).default('table'))
    .action(async (resource: string, name: string | undefined, options: ServerFlags & { output: GetOutput }) => {
      ofResources(resource);
      finish(await get(name, options, io));
    });

  withServer(program.command('apply'))
    .description('send guard-rail documents to the evaluator')
    .requiredOption('-f, --file <paths...>', 'files and directories')
    .option('--dry-run', 'only say what would happen', false)
    .option('--allow-partial', 'publish although some connected processes cannot load it', false)
    .action(async (options: ServerFlags & { file: string[]; dryRun: boolean; allowPartial: boolean }) =>
      finish(await apply({ ...options, files: options.file }, io)),
    );

  withServer(program.command('delete'))
    .description('take guard-rails out of force')
    .argument('<resource>', 'guardrails')
    .argument('<names...>', 'names of guard-rails')
    .action(async (resource: string, names: string[], options: ServerFlags) => {
      ofResources(resource);
      finish(await remove(names, options, io));
    });
  return program;
}

/** Runs a command line; never throws. @returns the exit code */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let code: number = EXIT.OK;
  try {
    await createProgram(io, (result) => {
      code = result;
    }).parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
    const colors = pc.createColors(io.color);
    const known = error as Error & { hint?: string; exitCode?: number };
    io.err(`${colors.red('error')} ${known.message}\n${known.hint ? `  ${known.hint}\n` : ''}`);
    return error instanceof CliError ? error.exitCode : EXIT.FAILED;
  }
  return code;
}
