import { loadGuardrails, type RevisedGuardrail } from '@guardspan/policy';
import type { DocumentVersion, ProposalRow, Store } from '../../store/types.js';
import { ApiError } from '../api-error.js';
import type {
  DocumentService,
  EventPublisher,
  FleetView,
  IncompatibleInstance,
  PublishInput,
  PublishResult,
} from '../deps.js';

export interface DocumentServiceOptions {
  store: Store;
  fleet: Pick<FleetView, 'inert' | 'incompatible'>;
  events: EventPublisher;
  /** Seconds from epoch. */
  clock: () => number;
  /** See `ApiDeps.separateApprover`. */
  separateApprover: boolean;
  /** Called with the whole set, sorted by name, after each change is stored. */
  onPublished: (set: readonly RevisedGuardrail[]) => void;
}

/** The one way by which documents come into force. Changes run one after the other. */
export function createDocumentService(options: DocumentServiceOptions): DocumentService {
  const { store, fleet, events, clock, separateApprover } = options;
  const current = new Map<string, DocumentVersion>();
  const waiting = new Map<string, ProposalRow>();
  let tail: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = tail.then(work, work);
    tail = next.catch(() => undefined);
    return next;
  };
  const list = (): DocumentVersion[] => [...current.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const announce = (name: string, change: string, revision: string): void => {
    options.onPublished(list().map(({ revision, guardrail }) => ({ revision, guardrail })));
    events.publish({ type: 'document', at: clock(), data: { name, change, revision } });
  };
  const record = (name: string, actor: string, body: unknown): Promise<unknown> =>
    store.appendAudit([{ kind: 'document', at: clock(), actor, guardrail: name, traceId: '', verdictId: '', body }]);

  const dropProposal = async (name: string): Promise<boolean> => {
    if (!waiting.has(name)) return false;
    await store.deleteProposal(name);
    return waiting.delete(name);
  };

  const publish = async (input: PublishInput): Promise<PublishResult> => {
    const { revision, guardrail, source } = loadOne(input);
    const name = guardrail.metadata.name;
    const before = current.get(name);
    checkExpected(name, before, input.expected);
    checkOwner(name, before?.guardrail.metadata.managedBy ?? guardrail.metadata.managedBy, input.origin);
    checkOwner(name, guardrail.metadata.managedBy, input.origin);
    const document: RevisedGuardrail = { revision, guardrail };
    const { incompatible, warnings } = checkFleet(document, input);
    const reason = approvalReason(before, document);
    const approver = input.origin === 'git' && input.approver === '' ? 'git' : input.approver;
    const alone = approver === '' || approver === input.author;
    const version = {
      name,
      revision,
      guardrail,
      author: input.author,
      approver: reason !== '' && !separateApprover && approver === '' ? input.author : approver,
      at: clock(),
      source,
      deleted: false,
    };
    const unstored = { ...version, generation: (before?.generation ?? 0) + 1 };
    if (before?.revision === revision) return { version: before, outcome: 'unchanged', incompatible, warnings };
    const mustWait = reason !== '' && alone && separateApprover;
    if (input.dryRun) {
      const told = mustWait ? [...warnings, `It will need an approver: ${reason}`] : warnings;
      return { version: unstored, outcome: 'valid', incompatible, warnings: told };
    }
    if (mustWait) {
      const proposal: ProposalRow = { name, revision, author: input.author, at: clock(), source, reason };
      await store.putProposal(proposal);
      waiting.set(name, proposal);
      await record(name, input.author, { change: 'proposed', revision, reason });
      events.publish({ type: 'document', at: clock(), data: { name, change: 'proposed', revision } });
      return { version: unstored, outcome: 'proposed', incompatible, warnings };
    }
    const stored = await store.putDocument(version);
    current.set(name, stored);
    const outcome = before === undefined ? 'created' : 'updated';
    announce(name, outcome, revision);
    await dropProposal(name);
    await record(name, input.author, {
      change: outcome,
      revision,
      previous: before?.revision ?? '',
      approver: stored.approver,
      selfApproved: reason !== '' && alone,
      mode: guardrail.spec.mode,
      origin: input.origin,
      incompatible: incompatible.length,
    });
    return { version: stored, outcome, incompatible, warnings };
  };

  const checkFleet = (
    document: RevisedGuardrail,
    input: PublishInput,
  ): { incompatible: IncompatibleInstance[]; warnings: string[] } => {
    const inert = document.guardrail.spec.mode === 'off' ? null : fleet.inert(document);
    if (inert !== null && document.guardrail.spec.mode === 'enforce') {
      throw new ApiError(
        409,
        'GUARDSPAN_INERT',
        `It can act nowhere: ${inert}`,
        'Publish it with mode warn, or patch a client that can carry out its action.',
      );
    }
    const incompatible = fleet.incompatible(document);
    if (incompatible.length > 0 && !input.allowPartial && !input.dryRun) {
      throw new ApiError(
        409,
        'GUARDSPAN_INCOMPATIBLE',
        `${incompatible.length} connected processes cannot load it.`,
        'Upgrade or configure them, or publish with allowPartial.',
        {
          errors: incompatible.slice(0, 100).map((one) => ({
            code: one.code,
            message: `${one.service}/${one.instance}: ${one.message}`,
            line: 0,
            column: 0,
            path: '',
            hint: '',
          })),
        },
      );
    }
    return { incompatible, warnings: inert === null ? [] : [`It can act nowhere yet: ${inert}`] };
  };

  return {
    async start() {
      const problems: { name: string; code: string; message: string }[] = [];
      for (const version of await store.documents()) {
        const loaded = loadGuardrails(version.source, { file: version.name });
        const [first] = loaded.guardrails;
        const error = loaded.errors[0];
        if (error !== undefined || first === undefined) {
          problems.push({
            name: version.name,
            code: error?.code ?? 'GUARDSPAN_EMPTY',
            message: error?.message ?? 'no document',
          });
          continue;
        }
        current.set(version.name, { ...version, revision: first.revision, guardrail: first.guardrail });
      }
      for (const proposal of await store.proposals()) waiting.set(proposal.name, proposal);
      options.onPublished(list().map(({ revision, guardrail }) => ({ revision, guardrail })));
      return problems;
    },
    list,
    get: (name) => current.get(name),
    proposals: () => [...waiting.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    publish: (input) => inTurn(() => publish(input)),
    approve: (name, approver) =>
      inTurn(async () => {
        const proposal = waiting.get(name);
        if (proposal === undefined) throw notFound(`No change of ${name} waits for an approver.`);
        if (proposal.author === approver) {
          throw new ApiError(
            403,
            'GUARDSPAN_SECOND_PERSON',
            'The author of a change cannot approve it.',
            'Ask somebody else with the role approver.',
          );
        }
        return publish({
          text: proposal.source,
          file: name,
          origin: 'ui',
          author: proposal.author,
          approver,
          expected: undefined,
          dryRun: false,
          allowPartial: false,
        });
      }),
    reject: (name, by) =>
      inTurn(async () => {
        const revision = waiting.get(name)?.revision;
        if (!(await dropProposal(name))) return false;
        await record(name, by, { change: 'rejected', revision });
        return true;
      }),
    remove: ({ name, author, origin, expected }) =>
      inTurn(async () => {
        const before = current.get(name);
        if (before === undefined) throw notFound(`There is no guard-rail ${name}.`);
        checkExpected(name, before, expected);
        checkOwner(name, before.guardrail.metadata.managedBy, origin);
        const { generation: _, ...rest } = before;
        await store.putDocument({ ...rest, author, approver: '', at: clock(), deleted: true });
        current.delete(name);
        announce(name, 'deleted', before.revision);
        await dropProposal(name);
        await record(name, author, { change: 'deleted', revision: before.revision, origin });
      }),
  };
}

function loadOne(input: PublishInput): RevisedGuardrail & { source: string } {
  const { guardrails, errors } = loadGuardrails(input.text, { file: input.file });
  const [only] = guardrails;
  if (errors.length > 0) {
    throw new ApiError(422, 'GUARDSPAN_INVALID_DOCUMENT', errors[0]!.message, errors[0]!.hint, {
      errors: errors
        .slice(0, 100)
        .map(({ code, message, line, column, path, hint }) => ({ code, message, line, column, path, hint })),
    });
  }
  if (only === undefined || guardrails.length !== 1) {
    throw new ApiError(
      422,
      'GUARDSPAN_ONE_DOCUMENT',
      `The body holds ${guardrails.length} documents.`,
      'Send exactly one document.',
    );
  }
  const name = only.guardrail.metadata.name;
  if (input.name !== undefined && input.name !== name) {
    throw new ApiError(
      422,
      'GUARDSPAN_NAME',
      `The document is called ${name}, the path says ${input.name}.`,
      'Make them equal.',
    );
  }
  return { ...only, source: input.text };
}

/** Why this change needs an approver, or empty. */
function approvalReason(before: DocumentVersion | undefined, next: RevisedGuardrail): string {
  const { mode, action } = next.guardrail.spec;
  if (mode === 'enforce' && before?.guardrail.spec.mode !== 'enforce') return 'it raises the mode to enforce.';
  if (mode !== 'off' && action.type === 'shutdown') return 'its action is shutdown.';
  return '';
}

function checkExpected(name: string, before: DocumentVersion | undefined, expected: string | undefined): void {
  if (expected === undefined) return;
  const fits = expected === '*' ? before !== undefined : expected === (before?.revision ?? '');
  if (fits) return;
  throw new ApiError(
    412,
    'GUARDSPAN_PRECONDITION',
    before === undefined ? `There is no guard-rail ${name}.` : `${name} is at revision ${before.revision}.`,
    'Read it again, apply your change to what is there, and send its ETag.',
    before === undefined ? {} : { headers: { etag: `"${before.revision}"` } },
  );
}

function checkOwner(name: string, managedBy: 'git' | 'ui', origin: 'git' | 'ui'): void {
  if (managedBy === origin) return;
  throw new ApiError(
    409,
    managedBy === 'git' ? 'GUARDSPAN_MANAGED_BY_GIT' : 'GUARDSPAN_MANAGED_BY_UI',
    `${name} is owned by ${managedBy}.`,
    managedBy === 'git'
      ? 'Change it in its repository.'
      : 'Set metadata.managedBy to git, or delete it in the UI first.',
  );
}

function notFound(message: string): ApiError {
  return new ApiError(404, 'GUARDSPAN_NOT_FOUND', message, 'List what is there first.');
}
