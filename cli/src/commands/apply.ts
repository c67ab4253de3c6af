import { HELD_KINDS, parseDuration } from '@guardspan/policy';
import type { HeldKind } from '@guardspan/policy';
import { ApiClient } from '../api-client.js';
import type { ServerOptions } from '../api-client.js';
import { CliError, WRONG_USE } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { findSomeDocuments } from '../find-documents.js';
import type { FiledDocument } from '../load-document-files.js';
import { loadSoundFiles } from '../load-document-files.js';
import { pathOf, singularOf } from '../resources.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import type { AddCommand } from './command.js';

interface ApplyOptions extends ServerOptions {
  files: readonly string[];
  dryRun: boolean;
  allowPartial: boolean;
  breakGlass?: string;
  why: string;
}

interface Published {
  outcome: string;
  warnings?: string[];
}

/** Adds `guardspan apply`. */
export const addApply: AddCommand = (program, io, finish) => {
  withServer(program.command('apply'))
    .description('send documents to the evaluator: packs, guard-rails and exceptions')
    .requiredOption('-f, --file <paths...>', 'files and directories')
    .option('--dry-run', 'only say what would happen', false)
    .option('--allow-partial', 'publish although some connected processes cannot load it', false)
    .option(
      '--break-glass <duration>',
      'change what git owns for so long (1m to 7d), in an emergency: it goes back by itself, or with the next push',
    )
    .option('--why <text>', 'why it is changed; kept with the version and in the audit', '')
    .action(async (options: ServerFlags & Omit<ApplyOptions, 'files'> & { file: string[] }) =>
      finish(await apply({ ...options, files: options.file }, io)),
    );
};

/** `guardspan apply -f`: sends documents to the evaluator, each on condition that nobody changed it meanwhile. Nothing is sent when one of them is broken. */
async function apply(options: ApplyOptions, io: CliIo): Promise<number> {
  const loaded = loadSoundFiles(await findSomeDocuments(options.files, 'nothing was sent'), 'nothing was sent');
  // What others refer to goes first.
  const documents = HELD_KINDS.flatMap((kind): FiledDocument<HeldKind>[] => loaded[kind]);
  const client = await ApiClient.create(options, io);
  const query = new URLSearchParams();
  if (options.dryRun) query.set('dryRun', 'true');
  if (options.allowPartial) query.set('allowPartial', 'true');
  if (options.why !== '') query.set('why', options.why);
  const breakGlass = breakGlassOf(options);
  if (breakGlass !== '') query.set('breakGlass', breakGlass);
  for (const { kind, name, normal, source } of documents) {
    // The file itself says who owns the document; the evaluator refuses a change by the other one.
    query.set('origin', breakGlass === '' ? normal.metadata.managedBy : 'ui');
    const path = pathOf(kind, name);
    const shown = `${singularOf(kind)}/${name}`;
    const current = await client.request('GET', path, { expected: [404] });
    const condition: Record<string, string> =
      current.status === 404 ? { 'if-none-match': '*' } : { 'if-match': current.etag };
    const answer = await client.request('PUT', `${path}?${query.toString()}`, {
      body: source,
      headers: { ...condition, 'content-type': 'application/yaml' },
    });
    const published = answer.body as Published;
    io.out(`${shown} ${published.outcome}${options.dryRun ? ' (dry run)' : ''}\n`);
    for (const warning of published.warnings ?? []) io.err(`${shown}: ${warning}\n`);
  }
  return EXIT.OK;
}

/** Seconds as the API takes them; empty for an ordinary change. @throws CliError USAGE */
function breakGlassOf({ breakGlass, why }: Pick<ApplyOptions, 'breakGlass' | 'why'>): string {
  if (breakGlass === undefined) return '';
  if (why.trim() === '')
    throw new CliError(WRONG_USE, '--break-glass needs a reason', 'say with --why what the emergency is');
  try {
    return String(parseDuration(breakGlass));
  } catch {
    throw new CliError(WRONG_USE, `--break-glass ${breakGlass} is no duration`, 'write for example 30m or 2h');
  }
}
