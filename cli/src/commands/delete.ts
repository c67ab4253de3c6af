import { ApiClient } from '../api-client.js';
import type { ServerOptions } from '../api-client.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { namedDocuments, pathOf, RESOURCES, singularOf } from '../resources.js';
import type { NamedDocument } from '../resources.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import { askFor, heldDocument } from '../sync/held-documents.js';
import type { AddCommand } from './command.js';

/** Adds `guardspan delete`. */
export const addDelete: AddCommand = (program, io, finish) => {
  withServer(program.command('delete'))
    .description('take documents out of force')
    .argument('<resource>', `${RESOURCES.join(', ')}; or documents as they are printed, e.g. guardrail/NAME`)
    .argument('[names...]', 'names of documents')
    .action(async (resource: string, names: string[], options: ServerFlags) =>
      finish(await remove(namedDocuments(resource, names), options, io)),
    );
};

/** `guardspan delete guardrails NAME...`: takes guard-rails out of force; their history stays in the audit. */
async function remove(documents: readonly NamedDocument[], options: ServerOptions, io: CliIo): Promise<number> {
  const client = await ApiClient.create(options, io);
  for (const { kind, name } of documents) {
    const path = pathOf(kind, name);
    const { etag, body } = await askFor(client, kind, name);
    const { managedBy } = heldDocument(kind, body).normal.metadata;
    const { status } = await client.request('DELETE', `${path}?origin=${managedBy}`, { headers: { 'if-match': etag } });
    const outcome =
      status === 202 ? 'proposed for deletion: it waits for an approver who is not the author' : 'deleted';
    io.out(`${singularOf(kind)}/${name} ${outcome}\n`);
  }
  return EXIT.OK;
}
