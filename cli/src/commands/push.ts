import { bindGuardrails, DOCUMENT_KINDS, GuardrailSet, HELD_KINDS, runGuardrailTests } from '@guardspan/policy';
import type { HeldKind } from '@guardspan/policy';
import { ApiClient } from '../api-client.js';
import { CliError } from '../cli-error.js';
import type { CliIo } from '../cli-io.js';
import { EXIT } from '../exit-codes.js';
import { findSomeDocuments } from '../find-documents.js';
import type { FiledDocument, FiledDocuments } from '../load-document-files.js';
import { loadSoundFiles } from '../load-document-files.js';
import { patch } from '../output/patch.js';
import { errorText } from '../output/error-text.js';
import { pathOf, singularOf } from '../resources.js';
import { withServer } from '../server-flags.js';
import type { ServerFlags } from '../server-flags.js';
import { driftText } from '../sync/drift.js';
import { heldDocuments } from '../sync/held-documents.js';
import type { HeldDocument } from '../sync/held-documents.js';
import { inOrder } from '../sync/in-order.js';
import { independentRuns, planPush } from '../sync/plan-push.js';
import type { PushStep } from '../sync/plan-push.js';
import type { AddCommand } from './command.js';

/** Documents that are sent at a time: the evaluator stores together what comes together. */
const AT_A_TIME = 32;

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
  const loaded = loadSoundFiles(await findSomeDocuments([directory], 'nothing was sent'));
  const local = HELD_KINDS.flatMap((kind): FiledDocument<HeldKind>[] => loaded[kind]);
  refuseBroken(local, loaded);
  const client = await ApiClient.create(options, io);
  const held = await heldDocuments(client);
  const pusher = new Pusher(client, options, io.color);
  let failed = false;
  for (const run of independentRuns(planPush(local, held, options)))
    await inOrder(
      run,
      AT_A_TIME,
      (step) => pusher.take(step),
      (said) => {
        for (const { to, text } of said.texts) io[to](text);
        failed ||= said.failed;
      },
    );
  return failed ? EXIT.FAILED : EXIT.OK;
}

/** Nothing is sent when a document is broken in any way that can be seen here. */
function refuseBroken(local: readonly FiledDocument<HeldKind>[], { Guardrail, DetectorPack }: FiledDocuments): void {
  const seen = new Map<string, string>();
  const problems: { code: string; text: string }[] = [];
  const complain = (code: string, file: string, what: string): void =>
    void problems.push({ code, text: `${file}: ${code} ${what}` });
  for (const { kind, name, file } of local) {
    const other = seen.get(`${kind}/${name}`);
    if (other !== undefined)
      complain('GUARDSPAN_DUPLICATE_NAME', file, `${DOCUMENT_KINDS[kind].noun} "${name}" also stands in ${other}`);
    seen.set(`${kind}/${name}`, file);
  }
  for (const { file, name, revision, normal } of Guardrail) {
    const [revised] = bindGuardrails([{ revision, guardrail: normal }], { exceptions: [], packs: DetectorPack });
    // A pack that only the evaluator holds is there when the evaluator runs the tests.
    if (GuardrailSet.compile([revised!]).errors.some(({ code }) => code === 'GUARDSPAN_PACK_UNKNOWN')) continue;
    for (const { name: test, passed, message } of runGuardrailTests(revised!))
      if (!passed) complain('GUARDSPAN_TEST_FAILED', file, `${name}: test "${test}": ${message}`);
  }
  if (problems.length > 0) throw CliError.of(problems, 'nothing was sent; `guardspan check` says how to mend each');
}

interface Key {
  kind: HeldKind;
  name: string;
}

/** What a step says, in order, and whether it failed. */
class Said {
  readonly texts: { to: 'out' | 'err'; text: string }[] = [];
  failed = false;

  constructor(private readonly color: boolean) {}

  say(key: Key, what: string): void {
    this.texts.push({ to: 'out', text: `${textOf(key)} ${what}\n` });
  }

  show(text: string): void {
    this.texts.push({ to: 'out', text });
  }

  warn(text: string): void {
    this.texts.push({ to: 'err', text: `${text}\n` });
  }

  fail(key: Key, { code, message, hint }: Pick<CliError, 'code' | 'message' | 'hint'>): void {
    this.failed = true;
    this.texts.push({ to: 'err', text: errorText({ code, message: `${textOf(key)} ${message}`, hint }, this.color) });
  }

  /** A push ends a break-glass edit, so that who pushes hears of it first. */
  drift(held: HeldDocument | undefined): void {
    const drift = held === undefined ? '' : driftText(held);
    if (held !== undefined && drift !== '') this.warn(`${textOf(held)} ${drift}`);
  }
}

/** Carries steps out; those of one run may be carried out at the same time. */
class Pusher {
  constructor(
    private readonly client: ApiClient,
    private readonly options: PushOptions,
    private readonly color: boolean,
  ) {}

  async take(step: PushStep): Promise<Said> {
    const said = new Said(this.color);
    if (step.do === 'refuse') said.fail(step, { ...step, message: `refused: ${step.reason}` });
    else if (step.do === 'unchanged') said.say(step, 'unchanged');
    else if ('local' in step) await this.#put(step.local.source, step.held, step, said);
    else if (step.do === 'keep') {
      said.drift(step.held);
      said.say(step, 'is not in the directory; --prune deletes it');
    } else await this.#delete(step.held, said);
    return said;
  }

  async #delete(held: HeldDocument, said: Said): Promise<void> {
    const { revision, source } = held;
    this.#showDiff(held, source, '', said);
    if (this.options.dryRun) return said.say(held, 'would be deleted');
    const { status } = await this.client.request('DELETE', `${pathOf(held.kind, held.name)}?origin=git`, {
      headers: { 'if-match': `"${revision}"` },
      expected: [404, 412],
    });
    if (status === 412) return this.#conflict(held, '', said);
    const waits = 'proposed for deletion: it waits for an approver who is not the author';
    said.say(held, status === 404 ? 'is gone already' : status === 202 ? waits : 'deleted');
  }

  async #put(source: string, held: HeldDocument | undefined, key: Key, said: Said): Promise<void> {
    said.drift(held);
    this.#showDiff(key, held?.source ?? '', source, said);
    const query = new URLSearchParams({ origin: 'git' });
    if (this.options.dryRun) query.set('dryRun', 'true');
    if (this.options.allowPartial) query.set('allowPartial', 'true');
    let answer: Awaited<ReturnType<ApiClient['request']>>;
    try {
      answer = await this.client.request('PUT', `${pathOf(key.kind, key.name)}?${query.toString()}`, {
        body: source,
        headers: {
          'content-type': 'application/yaml',
          ...(held === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${held.revision}"` }),
        },
        expected: [412],
      });
    } catch (error) {
      if (!(error instanceof CliError) || error.exitCode !== EXIT.FAILED) throw error;
      return said.fail(key, error);
    }
    if (answer.status === 412) return this.#conflict(key, source, said);
    const { outcome, warnings = [] } = answer.body as { outcome: string; warnings?: string[] };
    const sentences: Record<string, string> = {
      valid: held === undefined ? 'would be created' : 'would be updated',
      proposed: 'proposed: it waits for an approver who is not the author',
    };
    said.say(key, sentences[outcome] ?? outcome);
    for (const warning of warnings) said.warn(`${textOf(key)}: ${warning}`);
  }

  /** Somebody changed it since it was read: what stands there now against what was to be sent. */
  async #conflict(key: Key, wanted: string, said: Said): Promise<void> {
    const { status, body } = await this.client.request('GET', pathOf(key.kind, key.name), { expected: [404] });
    const now = status === 404 ? '' : (body as { source: string }).source;
    said.show(patch(`evaluator/${key.name}`, `directory/${key.name}`, now, wanted));
    said.fail(key, {
      code: 'GUARDSPAN_PRECONDITION',
      message: 'conflict: somebody changed it meanwhile',
      hint: 'look at the difference above, then push again',
    });
  }

  #showDiff({ name }: Key, before: string, after: string, said: Said): void {
    if (this.options.diff) said.show(patch(`evaluator/${name}`, `directory/${name}`, before, after));
  }
}

function textOf({ kind, name }: Key): string {
  return `${singularOf(kind)}/${name}`;
}
