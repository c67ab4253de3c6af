import type { HeldKind, NormalForms } from '@guardspan/policy';
import { Option } from 'commander';
import { stringify } from 'yaml';
import { ApiClient } from '../api-client.js';
import type { ServerOptions } from '../api-client.js';
import { CliError, WRONG_USE } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { kindOfResource, namedDocuments, pathOf, RESOURCES, singularOf } from '../resources.js';
import type { NamedDocument } from '../resources.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import { driftText } from '../sync/drift.js';
import { askFor, heldDocument } from '../sync/held-documents.js';
import type { HeldDocument } from '../sync/held-documents.js';
import { getProposals, PROPOSALS } from '../proposals.js';
import type { GetOutput } from '../proposals.js';
import type { AddCommand } from './command.js';

/** Adds `guardspan get`. */
export const addGet: AddCommand = (program, io, finish) => {
  withServer(program.command('get'))
    .description('show documents that the evaluator holds, or changes of them that wait for an approver')
    .argument(
      '<resource>',
      `${[...RESOURCES, PROPOSALS].join(', ')}; or a document as it is printed, e.g. guardrail/NAME`,
    )
    .argument('[name]', 'one document; of proposals its name, or KIND/NAME as they are listed')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'yaml', 'json']).default('table'))
    .action(async (resource: string, name: string | undefined, options: ServerFlags & { output: GetOutput }) =>
      finish(
        resource === PROPOSALS
          ? await getProposals(name, options, io)
          : await get(documentsOf(resource, name), options, io),
      ),
    );
};

/** One document, or all of a kind. */
type Documents = Pick<NamedDocument, 'kind'> & Partial<NamedDocument>;

function documentsOf(resource: string, name: string | undefined): Documents {
  if (name === undefined && !resource.includes('/')) return { kind: kindOfResource(resource, [PROPOSALS]) };
  const named = namedDocuments(resource, name === undefined ? [] : [name]);
  if (named.length > 1) throw new CliError(WRONG_USE, 'one document is shown at a time', 'name one, or none for all');
  return named[0]!;
}

/** `guardspan get guardrails [name]`: what the evaluator holds. */
async function get(
  { kind, name }: Documents,
  options: ServerOptions & { output: GetOutput },
  io: CliIo,
): Promise<number> {
  const client = await ApiClient.create(options, io);
  const { body } = name === undefined ? await client.request('GET', pathOf(kind)) : await askFor(client, kind, name);
  const views = name === undefined ? (body as { items: unknown[] }).items : [body];
  if (options.output === 'json') {
    io.out(JSON.stringify(name === undefined ? views : body) + '\n');
    return EXIT.OK;
  }
  const held = views.map((view) => heldDocument(kind, view));
  for (const one of held) {
    const drift = driftText(one);
    if (drift !== '') io.err(`${singularOf(kind)}/${one.name} ${drift}\n`);
  }
  if (options.output === 'yaml')
    io.out(held.map(({ source, normal }) => source.trim() || stringify(normal).trim()).join('\n---\n') + '\n');
  else io.out(table([...HEADERS[kind], 'GENERATION', 'REVISION', 'AUTHOR'], held.map(rowOf)));
  return EXIT.OK;
}

const HEADERS: { [K in HeldKind]: readonly string[] } = {
  DetectorPack: ['NAME', 'ENTITIES'],
  Guardrail: ['NAME', 'MODE', 'ACTION'],
  GuardrailException: ['NAME', 'OWNER', 'GUARD-RAILS', 'EXPIRES'],
};

const COLUMNS: { [K in HeldKind]: (normal: NormalForms[K]) => string[] } = {
  DetectorPack: ({ spec }) => [Object.keys(spec.entities).join(', ')],
  Guardrail: ({ spec }) => [spec.mode, spec.action.type],
  GuardrailException: ({ spec }) => [
    spec.owner,
    spec.guardrails.join(', '),
    new Date(spec.expires * 1000).toISOString(),
  ],
};

function rowOf({ kind, name, normal, generation, revision, author }: HeldDocument): string[] {
  // The kind of a document says which normal form it has.
  const columns = COLUMNS[kind] as (normal: NormalForms[HeldKind]) => string[];
  return [name, ...columns(normal), String(generation), revision.slice(0, 12), author];
}
