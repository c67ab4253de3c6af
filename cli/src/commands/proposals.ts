import { ApiClient } from '../api-client.js';
import { CliError, WRONG_USE } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { findProposal, isRevision, pathOf, textOf } from '../proposals.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import type { AddCommand } from './command.js';

/** Adds `guardspan proposals` with `approve` and `reject`; `guardspan get proposals` lists them. */
export const addProposals: AddCommand = (program, io, finish) => {
  const proposals = program
    .command('proposals')
    .description('answer changes of documents that wait for an approver; `get proposals` shows them');
  withServer(proposals.command('approve'))
    .description('bring a change into force; its author cannot')
    .argument('<name>', 'the document, or KIND/NAME as `get proposals` shows it')
    .requiredOption('--revision <revision>', 'the revision that you read, at least its first 7 digits')
    .action(async (name: string, options: ServerFlags & { revision: string }) =>
      finish(await approve(name, options, io)),
    );
  withServer(proposals.command('reject'))
    .description('drop a change; its author may do so too')
    .argument('<name>', 'the document, or KIND/NAME as `get proposals` shows it')
    .requiredOption('--reason <text>', 'why, for the record')
    .action(async (name: string, options: ServerFlags & { reason: string }) => finish(await reject(name, options, io)));
};

async function approve(
  name: string,
  { revision, ...options }: ServerFlags & { revision: string },
  io: CliIo,
): Promise<number> {
  if (!/^[0-9a-f]{7,64}$/i.test(revision))
    throw new CliError(
      WRONG_USE,
      `--revision ${revision} is no revision`,
      'write at least the first 7 digits that `guardspan get proposals` shows',
    );
  const client = await ApiClient.create(options, io);
  const proposal = await findProposal(client, name);
  if (!isRevision(proposal.revision, revision))
    throw new CliError(
      'GUARDSPAN_PRECONDITION',
      `${textOf(proposal)}: another change waits by now, revision ${proposal.revision.slice(0, 12)} by ${proposal.author}`,
      `read it: guardspan get proposals ${textOf(proposal)}`,
    );
  const { body } = await client.request('POST', `${pathOf(proposal)}/approve`, {
    headers: { 'if-match': `"${proposal.revision}"` },
  });
  const { outcome, warnings = [] } = body as { outcome: string; warnings?: string[] };
  io.out(`${textOf(proposal)} ${outcome}\n`);
  for (const warning of warnings) io.err(`${textOf(proposal)}: ${warning}\n`);
  return EXIT.OK;
}

async function reject(
  name: string,
  { reason, ...options }: ServerFlags & { reason: string },
  io: CliIo,
): Promise<number> {
  if (reason.trim() === '') throw new CliError(WRONG_USE, 'the reason is empty', 'say why: --reason "..."');
  const client = await ApiClient.create(options, io);
  const proposal = await findProposal(client, name);
  await client.request('POST', `${pathOf(proposal)}/reject`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason: reason.trim() }),
  });
  io.out(`${textOf(proposal)} rejected: nothing changes\n`);
  return EXIT.OK;
}
