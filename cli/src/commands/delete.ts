import type { HeldKind } from '@guardspan/policy';
import { ApiClient } from '../api-client.js';
import type { ServerOptions } from '../api-client.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { kindOfResource, pathOf, RESOURCES, singularOf } from '../resources.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import { askFor, heldDocument } from '../sync/held-documents.js';
import type { AddCommand } from './command.js';

/** Adds `guardspan delete`. */
export const addDelete: AddCommand = (program, io, finish) => {
  withServer(program.command('delete'))
    .description('take documents out of force')
    .argument('<resource>', RESOURCES.join(', '))
    .argument('<names...>', 'names of documents')
    .action(async (resource: string, names: string[], options: ServerFlags) =>
      finish(await remove(kindOfResource(resource), names, options, io)),
    );
};

/** `guardspan delete guardrails NAME...`: takes guard-rails out of force; their history stays in the audit. */
async function remove(kind: HeldKind, names: readonly string[], options: ServerOptions, io: CliIo): Promise<number> {
  const client = await ApiClient.create(options, io);
  for (const name of names) {
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
