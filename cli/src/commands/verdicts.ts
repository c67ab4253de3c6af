import { ApiClient } from '../api-client.js';
import { CliError, WRONG_USE } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import type { AddCommand } from './command.js';

/** An action that waits, as the API shows it. */
interface Pending {
  verdictId: string;
  guardrail: string;
  scope: Record<string, string>;
  at: number;
  reason: string;
  until: number;
  onTimeout: string;
}

interface AnswerOptions extends ServerFlags {
  reason: string;
}

/** Adds `guardspan verdicts` with `pending`, `approve` and `reject`. */
export const addVerdicts: AddCommand = (program, io, finish) => {
  const verdicts = program.command('verdicts').description('actions that wait for a person before they are taken');
  withServer(verdicts.command('pending'))
    .description('show what waits, why, and until when')
    .action(async (options: ServerFlags) => finish(await pending(options, io)));
  for (const [name, description] of [
    ['approve', 'let an action be taken that waits'],
    ['reject', 'refuse an action that waits, while its verdict lasts'],
  ] as const)
    withServer(verdicts.command(name))
      .description(description)
      .argument('<id>', 'id of the verdict')
      .requiredOption('--reason <text>', 'why, for the record')
      .action(async (id: string, options: AnswerOptions) => finish(await answer(name, id, options, io)));
};

async function pending(options: ServerFlags, io: CliIo): Promise<number> {
  const client = await ApiClient.create(options, io);
  const { body } = await client.request('GET', '/api/v1/directives');
  const time = (seconds: number): string => new Date(seconds * 1000).toISOString();
  const rows = (body as { pending: Pending[] }).pending.map((one) => [
    ...[one.verdictId, one.guardrail, scopeText(one.scope), time(one.at), one.reason],
    one.until === 0 ? 'never' : `${one.onTimeout} at ${time(one.until)}`,
  ]);
  if (rows.length === 0) io.out('nothing waits for a person\n');
  else io.out(table(['VERDICT', 'GUARD-RAIL', 'SCOPE', 'SINCE', 'WHY', 'WITHOUT AN ANSWER'], rows));
  return EXIT.OK;
}

async function answer(
  name: 'approve' | 'reject',
  id: string,
  { reason, ...options }: AnswerOptions,
  io: CliIo,
): Promise<number> {
  if (reason.trim() === '') throw new CliError(WRONG_USE, 'the reason is empty', 'say why: --reason "..."');
  const client = await ApiClient.create(options, io);
  await client.request('POST', `/api/v1/directives/${encodeURIComponent(id)}/${name}`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason: reason.trim() }),
  });
  io.out(name === 'approve' ? `${id} approved: the action is taken\n` : `${id} rejected: the action is not taken\n`);
  return EXIT.OK;
}

function scopeText(scope: Record<string, string>): string {
  const text = Object.entries(scope)
    .map(([field, value]) => `${field}=${value}`)
    .join(', ');
  return text === '' ? 'everything' : text;
}
