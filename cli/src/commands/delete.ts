import type { DocumentVersion } from '@guardspan/evaluator';
import { ApiClient } from '../api-client.js';
import type { ServerOptions } from '../api-client.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { ofResources } from '../resources.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import type { AddCommand } from './command.js';

/** Adds `guardspan delete`. */
export const addDelete: AddCommand = (program, io, finish) => {
  withServer(program.command('delete'))
    .description('take guard-rails out of force')
    .argument('<resource>', 'guardrails')
    .argument('<names...>', 'names of guard-rails')
    .action(async (resource: string, names: string[], options: ServerFlags) => {
      ofResources(resource);
      finish(await remove(names, options, io));
    });
};

/** `guardspan delete guardrails NAME...`: takes guard-rails out of force; their history stays in the audit. */
async function remove(names: readonly string[], options: ServerOptions, io: CliIo): Promise<number> {
  const client = await ApiClient.create(options, io);
  for (const name of names) {
    const path = `/api/v1/guardrails/${encodeURIComponent(name)}`;
    const { etag, body } = await client.request('GET', path);
    const { managedBy } = (body as Pick<DocumentVersion, 'guardrail'>).guardrail.metadata;
    await client.request('DELETE', `${path}?origin=${managedBy}`, { headers: { 'if-match': etag } });
    io.out(`guardrail/${name} deleted\n`);
  }
  return EXIT.OK;
}
