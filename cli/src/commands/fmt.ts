import { isUtf8 } from 'node:buffer';
import { formatDocuments, LoadError } from '@guardspan/policy';
import { createTwoFilesPatch } from 'diff';
import { CliError, WRONG_USE } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { findSomeDocuments } from '../find-documents.js';
import { replaceFile } from '../write-whole.js';
import type { AddCommand } from './command.js';

interface FmtOptions {
  check: boolean;
  diff: boolean;
}

/** Adds `guardspan fmt`. */
export const addFmt: AddCommand = (program, io, finish) => {
  program
    .command('fmt')
    .description('lay documents out canonically, comments kept; prints the names of the files that it changes')
    .argument('<paths...>', 'files and directories; - formats standard input to standard output')
    .option('--check', 'change nothing; end with 1 when a file would change', false)
    .option('--diff', 'print what changes', false)
    .action(async (paths: string[], options: FmtOptions) => finish(await fmt(paths, options, io)));
};

async function fmt(paths: readonly string[], options: FmtOptions, io: CliIo): Promise<number> {
  if (paths.includes('-')) return fmtStream(paths, options, io);
  const problems: ReturnType<typeof problemOf>[] = [];
  let changed = 0;
  for (const { path, text } of await findSomeDocuments(paths, 'nothing was changed')) {
    let formatted: string;
    try {
      formatted = formatDocuments(text);
    } catch (error) {
      problems.push(problemOf(path, error));
      continue;
    }
    if (formatted === text) continue;
    changed++;
    if (!options.check) await replaceFile(path, formatted);
    io.out(options.diff ? createTwoFilesPatch(path, path, text, formatted, '', 'formatted') : `${path}\n`);
  }
  if (problems.length > 0) throw CliError.of(problems, 'these files were left as they are');
  return options.check && changed > 0 ? EXIT.FAILED : EXIT.OK;
}

async function fmtStream(paths: readonly string[], options: FmtOptions, io: CliIo): Promise<number> {
  if (paths.length > 1) throw new CliError(WRONG_USE, '- stands alone', 'name either - or files');
  const parts: Buffer[] = [];
  for await (const part of io.stdin) parts.push(Buffer.from(part as Uint8Array));
  const bytes = Buffer.concat(parts);
  if (!isUtf8(bytes))
    throw new CliError('GUARDSPAN_FILE_ENCODING', 'standard input: it is not UTF-8', 'send it as UTF-8');
  const text = bytes.toString('utf8');
  let formatted: string;
  try {
    formatted = formatDocuments(text);
  } catch (error) {
    throw CliError.of([problemOf('standard input', error)], 'nothing was printed');
  }
  if (options.check) return formatted === text ? EXIT.OK : EXIT.FAILED;
  io.out(formatted);
  return EXIT.OK;
}

/** As `check` prints a problem. */
function problemOf(file: string, error: unknown): { code: string; text: string } {
  if (!(error instanceof LoadError)) throw error;
  const { line, column, code, message, hint } = error;
  return { code, text: `${file}:${line}:${column} ${code} ${message}\n  ${hint}` };
}
