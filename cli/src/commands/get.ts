import type { DocumentVersion } from '@guardspan/evaluator';
import { Option } from 'commander';
import { stringify } from 'yaml';
import { ApiClient } from '../api-client.js';
import type { ServerOptions } from '../api-client.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { ofResources } from '../resources.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import type { AddCommand } from './command.js';

type GetOutput = 'table' | 'yaml' | 'json';

type Listed = Pick<DocumentVersion, 'name' | 'revision' | 'generation' | 'author' | 'at' | 'source' | 'guardrail'>;

/** Adds `guardspan get`. */
export const addGet: AddCommand = (program, io, finish) => {
  withServer(program.command('get'))
    .description('show guard-rails that the evaluator holds')
    .argument('<resource>', 'guardrails')
    .argument('[name]', 'one guard-rail')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'yaml', 'json']).default('table'))
    .action(async (resource: string, name: string | undefined, options: ServerFlags & { output: GetOutput }) => {
      ofResources(resource);
      finish(await get(name, options, io));
    });
};

/** `guardspan get guardrails [name]`: what the evaluator holds. */
async function get(
  name: string | undefined,
  options: ServerOptions & { output: GetOutput },
  io: CliIo,
): Promise<number> {
  const client = await ApiClient.create(options, io);
  let versions: Listed[];
  if (name === undefined) {
    versions = ((await client.request('GET', '/api/v1/guardrails')).body as { items: Listed[] }).items;
  } else {
    versions = [(await client.request('GET', `/api/v1/guardrails/${encodeURIComponent(name)}`)).body as Listed];
  }
  if (options.output === 'json') io.out(JSON.stringify(name === undefined ? versions : versions[0]) + '\n');
  else if (options.output === 'yaml')
    io.out(
      versions.map((version) => version.source.trim() || stringify(version.guardrail).trim()).join('\n---\n') + '\n',
    );
  else io.out(table(['NAME', 'MODE', 'ACTION', 'GENERATION', 'REVISION', 'AUTHOR'], versions.map(rowOf)));
  return EXIT.OK;
}

function rowOf({ name, guardrail, generation, revision, author }: Listed): string[] {
  return [name, guardrail.spec.mode, guardrail.spec.action.type, String(generation), revision.slice(0, 12), author];
}
