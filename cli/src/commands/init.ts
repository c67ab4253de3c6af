import { mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { starterFiles, USE_CASES } from '../starters.js';
import { unknownName } from '../unknown-name.js';
import { createFile } from '../write-whole.js';
import type { AddCommand } from './command.js';

/** Adds `guardspan init`. */
export const addInit: AddCommand = (program, io, finish) => {
  program
    .command('init')
    .description('write tested starter guard-rails for a use case, in mode dryrun; never overwrites a file')
    .argument('[use-cases...]', 'left out: list them')
    .option('--dir <directory>', 'where the files go', 'guardrails')
    .action(async (useCases: string[], options: { dir: string }) => finish(await init(useCases, options.dir, io)));
};

async function init(useCases: readonly string[], directory: string, io: CliIo): Promise<number> {
  if (useCases.length === 0) {
    io.out(table(['USE CASE', 'WHAT IT GUARDS'], Object.entries(USE_CASES)));
    return EXIT.OK;
  }
  const unknown = useCases.find((name) => !Object.hasOwn(USE_CASES, name));
  if (unknown !== undefined) throw unknownName(`there is no use case "${unknown}"`, unknown, Object.keys(USE_CASES));
  const files = [...new Set(useCases)]
    .flatMap(starterFiles)
    .map(({ name, text }) => ({ path: join(directory, name), text }));
  const taken = files.filter(({ path }) => existsSync(path)).map(({ path }) => path);
  if (taken.length > 0) throw exists(taken);
  await mkdir(directory, { recursive: true });
  for (const { path, text } of files) {
    await createFile(path, text).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? exists([path]) : error;
    });
    io.out(`${path}\n`);
  }
  io.err(`next: guardspan test ${directory}, adapt what they match, then guardspan push ${directory}\n`);
  return EXIT.OK;
}

function exists(paths: readonly string[]): CliError {
  return new CliError(
    'GUARDSPAN_FILE_EXISTS',
    paths.map((path) => `${path}: this file exists already`).join('\n'),
    'nothing is overwritten: name another directory with --dir',
  );
}
