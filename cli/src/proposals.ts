import type { ProposalDetail, ProposalView } from '@guardspan/evaluator';
import { ApiClient } from './api-client.js';
import { CliError, WRONG_USE } from './cli-error.js';
import type { CliIo } from './cli-io.js';
import { EXIT } from './exit-codes.js';
import { patch } from './output/patch.js';
import { table } from './output/table.js';
import type { ServerFlags } from './server-flags.js';

/** How `guardspan get` prints. */
export type GetOutput = 'table' | 'yaml' | 'json';

/** Name of the resource of changes that wait for an approver. */
export const PROPOSALS = 'proposals';

/** Digits of a revision that are shown. */
const SHOWN = 12;
/** Digits that say which revision was read. */
const ENOUGH = 7;

/** `guardspan get proposals [name]`: what waits for an approver; one of them beside what it would replace. */
export async function getProposals(
  name: string | undefined,
  options: ServerFlags & { output: GetOutput },
  io: CliIo,
): Promise<number> {
  const client = await ApiClient.create(options, io);
  if (name !== undefined) return getOne(await findProposal(client, name), client, options.output, io);
  const waiting = await waitingProposals(client);
  if (options.output === 'json') io.out(`${JSON.stringify(waiting)}\n`);
  else if (options.output === 'yaml') io.out(sourcesOf(waiting));
  else if (waiting.length === 0) io.out('nothing waits for an approver\n');
  else io.out(tableOf(waiting));
  return EXIT.OK;
}

async function getOne(proposal: ProposalView, client: ApiClient, output: GetOutput, io: CliIo): Promise<number> {
  const { body } = await client.request('GET', pathOf(proposal));
  const { inForce, ...read } = body as ProposalDetail;
  if (output === 'json') io.out(`${JSON.stringify(body)}\n`);
  else if (output === 'yaml') io.out(sourcesOf([read]));
  else io.out(tableOf([read]) + patch(`in-force/${read.name}`, `proposed/${read.name}`, inForce, read.source));
  return EXIT.OK;
}

/**
 * The waiting change of a document.
 *
 * @param name Of the document, or `KIND/NAME` as the list of them shows it.
 * @throws CliError FAILED when nothing waits, USAGE when changes of several kinds do
 */
export async function findProposal(client: ApiClient, name: string): Promise<ProposalView> {
  const found = (await waitingProposals(client)).filter((one) => [one.name, textOf(one)].includes(name));
  const [first, ...others] = found;
  if (first === undefined)
    throw new CliError(
      'GUARDSPAN_NOT_FOUND',
      `no change of ${name} waits for an approver`,
      '`guardspan get proposals` lists what waits',
    );
  if (others.length > 0)
    throw new CliError(
      WRONG_USE,
      `changes of several documents called ${name} wait`,
      `write ${found.map(textOf).join(' or ')}`,
    );
  return first;
}

/** Whether a revision is the one that somebody read, who may write its first digits. */
export function isRevision(revision: string, read: string): boolean {
  return read.length >= ENOUGH && revision.startsWith(read.toLowerCase());
}

/** Path of the API for a waiting change. */
export function pathOf({ collection, name }: ProposalView): string {
  return `/api/v1/proposals/${collection}/${encodeURIComponent(name)}`;
}

/** A waiting change as commands name it, e.g. `guardrail/no-streams`. */
export function textOf({ collection, name }: ProposalView): string {
  return `${collection.slice(0, -1)}/${name}`;
}

async function waitingProposals(client: ApiClient): Promise<ProposalView[]> {
  return ((await client.request('GET', '/api/v1/proposals')).body as { items: ProposalView[] }).items;
}

function sourcesOf(proposals: readonly ProposalView[]): string {
  return proposals
    .filter(({ source }) => source !== '')
    .map(({ source }) => `${source.trim()}\n`)
    .join('---\n');
}

function tableOf(proposals: readonly ProposalView[]): string {
  return table(
    ['DOCUMENT', 'CHANGE', 'REVISION', 'AUTHOR', 'SINCE', 'NEEDS AN APPROVER', 'WHY'],
    proposals.map((one) => [
      ...[textOf(one), one.change === 'put' ? 'publish' : 'delete', one.revision.slice(0, SHOWN), one.author],
      ...[new Date(one.at * 1000).toISOString(), one.stale ? `stale: propose it again (${one.reason})` : one.reason],
      one.why,
    ]),
  );
}
