import { runGuardrailTests } from '@guardspan/policy';
import { createTwoFilesPatch } from 'diff';
import { ApiClient } from '../api-client.js';
import { CliError } from '../cli-io.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { loadGuardrailFiles } from '../load-guardrail-files.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import { planPush } from '../sync/plan-push.js';
import type { HeldGuardrail, PushStep } from '../sync/plan-push.js';
import type { AddCommand } from './command.js';

interface PushOptions extends ServerFlags {
  dryRun: boolean;
  prune: boolean;
  allowPartial: boolean;
  diff: boolean;
}

/** Adds `guardspan push`. */
export const addPush: AddCommand = (program, io, finish) => {
  withServer(program.command('push'))
    .description('make the evaluator hold what a directory in git holds')
    .argument('<directory>', 'documents that git owns (metadata.managedBy: git, the default)')
    .option('--dry-run', 'only say what would happen, approvals included', false)
    .option('--diff', 'show what changes in each document', false)
    .option('--prune', 'delete what git owns in the evaluator and the directory no longer holds', false)
    .option('--allow-partial', 'publish although some connected processes cannot load it', false)
    .action(async (directory: string, options: PushOptions) => finish(await push(directory, options, io)));
};

async function push(directory: string, options: PushOptions, io: CliIo): Promise<number> {
  const local = await loadGuardrailFiles([directory]);
  refuseBroken(local);
  const client = await ApiClient.create(options, io);
  const held = ((await client.request('GET', '/api/v1/guardrails')).body as { items: HeldGuardrail[] }).items;
  const pusher = new Pusher(client, options, io);
  for (const step of planPush(local, held, options)) await pusher.take(step);
  return pusher.failed ? EXIT.FAILED : EXIT.OK;
}

/** Nothing is sent when a document is broken in any way that can be seen here. */
function refuseBroken(local: Awaited<ReturnType<typeof loadGuardrailFiles>>): void {
  const seen = new Map<string, string>();
  const problems: string[] = [];
  for (const one of local) {
    const { name } = one.guardrail.metadata;
    const other = seen.get(name);
    if (other !== undefined) problems.push(`${one.file}: guard-rail "${name}" also stands in ${other}`);
    seen.set(name, one.file);
    for (const { name: test, passed, message } of runGuardrailTests(one))
      if (!passed) problems.push(`${one.file}: ${name}: test "${test}": ${message}`);
  }
  if (problems.length > 0)
    throw new CliError(EXIT.FAILED, problems.join('\n'), 'nothing was sent; `guardspan check` says how to mend each');
}

class Pusher {
  failed = false;

  constructor(
    private readonly client: ApiClient,
    private readonly options: PushOptions,
    private readonly io: CliIo,
  ) {}

  async take(step: PushStep): Promise<void> {
    const { name } = step;
    if (step.do === 'refuse') return this.#fail(name, `refused: ${step.reason}`, step.hint);
    if (step.do === 'unchanged') return this.#say(name, 'unchanged');
    if ('local' in step) return this.#put(step.local.source, step.held, name);
    if (step.do === 'keep') return this.#say(name, 'is not in the directory; --prune deletes it');
    await this.#delete(step.held);
  }

  async #delete({ name, revision, source }: HeldGuardrail): Promise<void> {
    this.#showDiff(name, source, '');
    if (this.options.dryRun) return this.#say(name, 'would be deleted');
    const { status } = await this.client.request('DELETE', `${path(name)}?origin=git`, {
      headers: { 'if-match': `"${revision}"` },
      expected: [404, 412],
    });
    if (status === 412) return this.#conflict(name, '');
    this.#say(name, status === 404 ? 'is gone already' : 'deleted');
  }

  async #put(source: string, held: HeldGuardrail | undefined, name: string): Promise<void> {
    this.#showDiff(name, held?.source ?? '', source);
    const query = new URLSearchParams({ origin: 'git' });
    if (this.options.dryRun) query.set('dryRun', 'true');
    if (this.options.allowPartial) query.set('allowPartial', 'true');
    let answer: Awaited<ReturnType<ApiClient['request']>>;
    try {
      answer = await this.client.request('PUT', `${path(name)}?${query.toString()}`, {
        body: source,
        headers: {
          'content-type': 'application/yaml',
          ...(held === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${held.revision}"` }),
        },
        expected: [412],
      });
    } catch (error) {
      if (!(error instanceof CliError) || error.exitCode !== EXIT.FAILED) throw error;
      return this.#fail(name, error.message, error.hint);
    }
    if (answer.status === 412) return this.#conflict(name, source);
    const { outcome, warnings = [] } = answer.body as { outcome: string; warnings?: string[] };
    const said: Record<string, string> = {
      valid: held === undefined ? 'would be created' : 'would be updated',
      proposed: 'proposed: it waits for an approver who is not the author',
    };
    this.#say(name, said[outcome] ?? outcome);
    for (const warning of warnings) this.io.err(`guardrail/${name}: ${warning}\n`);
  }

  /** Somebody changed it since it was read: what stands there now against what was to be sent. */
  async #conflict(name: string, wanted: string): Promise<void> {
    const { status, body } = await this.client.request('GET', path(name), { expected: [404] });
    const now = status === 404 ? '' : (body as HeldGuardrail).source;
    this.io.out(patch(`evaluator/${name}`, `directory/${name}`, now, wanted));
    this.#fail(name, 'conflict: somebody changed it meanwhile', 'look at the difference above, then push again');
  }

  #showDiff(name: string, before: string, after: string): void {
    if (this.options.diff) this.io.out(patch(`evaluator/${name}`, `directory/${name}`, before, after));
  }

  #say(name: string, what: string): void {
    this.io.out(`guardrail/${name} ${what}\n`);
  }

  #fail(name: string, message: string, hint: string): void {
    this.failed = true;
    this.io.err(`guardrail/${name} ${message}\n  ${hint}\n`);
  }
}

function path(name: string): string {
  return `/api/v1/guardrails/${encodeURIComponent(name)}`;
}

function patch(from: string, to: string, before: string, after: string): string {
  const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
  return createTwoFilesPatch(from, to, ended(before), ended(after));
}
