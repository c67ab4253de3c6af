import { HELD_KINDS } from '@guardspan/policy';
import type { HeldKind } from '@guardspan/policy';
import { existsSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { createTwoFilesPatch } from 'diff';
import { ApiClient } from '../api-client.js';
import { CliError, WRONG_USE } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { findDocuments } from '../find-documents.js';
import type { FiledDocument } from '../load-document-files.js';
import { loadSoundFiles } from '../load-document-files.js';
import { errorText } from '../output/error-text.js';
import { singularOf } from '../resources.js';
import { createFile, replaceFile } from '../write-whole.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import { planPull } from '../sync/plan-pull.js';
import type { PullStep } from '../sync/plan-pull.js';
import { heldDocuments } from '../sync/held-documents.js';
import type { AddCommand } from './command.js';

interface PullOptions extends ServerFlags {
  dryRun: boolean;
  prune: boolean;
  diff: boolean;
}

/** Adds `guardspan pull`. */
export const addPull: AddCommand = (program, io, finish) => {
  withServer(program.command('pull'))
    .description(
      'write what the evaluator holds into a directory: new documents, and changes of those that the UI owns',
    )
    .argument('<directory>', 'made when it does not exist')
    .option('--dry-run', 'only say what would happen', false)
    .option('--diff', 'show what changes in each file', false)
    .option('--prune', 'delete files that the UI owns and the evaluator no longer holds', false)
    .action(async (directory: string, options: PullOptions) => finish(await pull(directory, options, io)));
};

async function pull(directory: string, options: PullOptions, io: CliIo): Promise<number> {
  if (existsSync(directory) && !statSync(directory).isDirectory())
    throw new CliError(WRONG_USE, `${directory}: this is a file`, 'name a directory');
  const loaded = loadSoundFiles(existsSync(directory) ? await findDocuments([directory]) : []);
  const local = HELD_KINDS.flatMap((kind): FiledDocument<HeldKind>[] => loaded[kind]);
  const everything = [...local, ...loaded.GuardrailTest];
  const client = await ApiClient.create(options, io);
  const held = await heldDocuments(client);
  const documentsIn = (file: string): number => everything.filter((one) => one.file === file).length;
  const steps = planPull(local, held, directory, documentsIn, options);
  if (!options.dryRun) await mkdir(directory, { recursive: true });
  let failed = false;
  for (const step of steps) {
    if (step.do === 'refuse') {
      failed = true;
      const message = `${singularOf(step.kind)}/${step.name} refused: ${step.reason}`;
      io.err(errorText({ ...step, message }, io.color));
      continue;
    }
    if ('after' in step && (options.diff || step.do === 'differs'))
      io.out(createTwoFilesPatch(step.file, `evaluator/${step.name}`, step.before, step.after));
    if (!options.dryRun) await write(step);
    io.out(`${said(step, options.dryRun)}\n`);
  }
  return failed ? EXIT.FAILED : EXIT.OK;
}

async function write(step: Exclude<PullStep, { do: 'refuse' }>): Promise<void> {
  if (step.do === 'create') await createFile(step.file, step.after);
  else if (step.do === 'update') await replaceFile(step.file, step.after);
  else if (step.do === 'delete') await rm(step.file);
}

function said(step: Exclude<PullStep, { do: 'refuse' }>, dryRun: boolean): string {
  const would = (deed: string): string => (dryRun ? `would be ${deed}` : deed);
  switch (step.do) {
    case 'create':
      return `${step.file} ${would('created')}`;
    case 'update':
      return `${step.file} ${would('updated')}`;
    case 'delete':
      return `${step.file} ${would('deleted')}`;
    case 'keep':
      return `${step.file} is not in the evaluator; --prune deletes it`;
    case 'differs':
      return step.drift === ''
        ? `${step.file} differs and is owned by git: left as it is, push it`
        : `${step.file} left as it is: what the evaluator holds ${step.drift}`;
    case 'unchanged':
      return `${singularOf(step.kind)}/${step.name} unchanged`;
  }
}
