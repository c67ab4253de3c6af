import { ApiClient } from '../api-client.js';
import { CliError } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import type { AddCommand } from './command.js';

/** A message as the API shows it. */
interface Listed {
  id: string;
  url: string;
  at: number;
  attempts: number;
  reason: string;
  deadAt: number;
}

/** Adds `guardspan webhooks` with `list` and `replay`. */
export const addWebhooks: AddCommand = (program, io, finish) => {
  const webhooks = program.command('webhooks').description('messages to your own receivers that were not taken');
  withServer(webhooks.command('list'))
    .description('show what waits, and dead letters')
    .action(async (options: ServerFlags) => finish(await list(options, io)));
  withServer(webhooks.command('replay'))
    .description('send dead letters again')
    .argument('[ids...]', 'ids of dead letters; left out, all of them')
    .action(async (ids: string[], options: ServerFlags) => finish(await replay(ids, options, io)));
};

async function list(options: ServerFlags, io: CliIo): Promise<number> {
  const client = await ApiClient.create(options, io);
  const { items } = (await client.request('GET', '/api/v1/webhooks')).body as { items: Listed[] };
  const rows = items.map(({ id, url, at, attempts, reason, deadAt }) => [
    ...[id, deadAt > 0 ? 'dead' : 'waits', new Date(at * 1000).toISOString(), String(attempts), url, reason],
  ]);
  io.out(table(['ID', 'STATE', 'AT', 'ATTEMPTS', 'RECEIVER', 'REASON'], rows));
  return EXIT.OK;
}

async function replay(ids: readonly string[], options: ServerFlags, io: CliIo): Promise<number> {
  const client = await ApiClient.create(options, io);
  const { body } = await client.request('POST', '/api/v1/webhooks/replay', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ids.length === 0 ? {} : { ids }),
  });
  const { replayed } = body as { replayed: number };
  io.out(`${replayed} dead letters are sent again\n`);
  if (replayed >= new Set(ids).size) return EXIT.OK;
  throw new CliError(
    'GUARDSPAN_NOT_FOUND',
    'some of these ids are of no dead letter',
    '`guardspan webhooks list` shows which there are',
  );
}
