import { HELD_KINDS } from '@guardspan/policy';
import type { HeldKind } from '@guardspan/policy';
import { ApiClient } from '../api-client.js';
import type { ServerOptions } from '../api-client.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { findDocuments } from '../find-documents.js';
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
    .action(async (options: ServerFlags & { file: string[]; dryRun: boolean; allowPartial: boolean }) =>
      finish(await apply({ ...options, files: options.file }, io)),
    );
};

/** `guardspan apply -f`: sends documents to the evaluator, each on condition that nobody changed it meanwhile. Nothing is sent when one of them is broken. */
async function apply(options: ApplyOptions, io: CliIo): Promise<number> {
  const loaded = loadSoundFiles(await findDocuments(options.files), 'nothing was sent');
  // What others refer to goes first.
  const documents = HELD_KINDS.flatMap((kind): FiledDocument<HeldKind>[] => loaded[kind]);
  const client = await ApiClient.create(options, io);
  const query = new URLSearchParams();
  if (options.dryRun) query.set('dryRun', 'true');
  if (options.allowPartial) query.set('allowPartial', 'true');
  for (const { kind, name, normal, source } of documents) {
    // The file itself says who owns the document; the evaluator refuses a change by the other one.
    query.set('origin', normal.metadata.managedBy);
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
