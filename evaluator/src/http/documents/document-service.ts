import { loadGuardrails, strictestMode, type RevisedGuardrail } from '@guardspan/policy';
import type { Audited, DocumentVersion, ProposalRow, Store } from '../../store/types.js';
import { ApiError } from '../api-error.js';
import type {
  DocumentService,
  EventPublisher,
  FleetView,
  IncompatibleInstance,
  PublishInput,
  PublishResult,
} from '../deps.js';
import { approvalReason } from './approval-reason.js';
import { loadOne } from './load-one.js';

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
  const record = (name: string, actor: string, body: unknown): Audited => ({
    audit: [{ kind: 'document', at: clock(), actor, guardrail: name, traceId: '', verdictId: '', body }],
  });

  const publish = async (input: PublishInput, endsProposal = false): Promise<PublishResult> => {
    const { revision, guardrail, source } = loadOne(input);
    const name = guardrail.metadata.name;
    const before = current.get(name);
    checkExpected(name, before, input.expected);
    checkOwner(name, before?.guardrail.metadata.managedBy ?? guardrail.metadata.managedBy, input.origin);
    checkOwner(name, guardrail.metadata.managedBy, input.origin);
    const document: RevisedGuardrail = { revision, guardrail };
    const { incompatible, warnings } = checkFleet(document, input);
    const reason = approvalReason(before, document);
    const alone = input.approver === '' || input.approver === input.author;
    const version = {
      name,
      revision,
      guardrail,
      author: input.author,
      approver: reason !== '' && alone && !separateApprover ? input.author : input.approver,
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
    const base = before?.revision ?? '';
    if (mustWait) {
      const { author, origin, allowPartial } = input;
      const proposal: ProposalRow = { name, revision, author, at: clock(), source, reason, base, origin, allowPartial };
      await store.putProposal(
        proposal,
        record(name, author, { change: 'proposed', revision, previous: base, reason, origin }),
      );
      waiting.set(name, proposal);
      events.publish({ type: 'document', at: clock(), data: { name, change: 'proposed', revision } });
      return { version: unstored, outcome: 'proposed', incompatible, warnings };
    }
    const outcome = before === undefined ? 'created' : 'updated';
    const stored = await store.putDocument(version, {
      endsProposal,
      ...record(name, input.author, {
        change: outcome,
        revision,
        previous: base,
        approver: version.approver,
        selfApproved: reason !== '' && alone,
        mode: guardrail.spec.mode,
        origin: input.origin,
        incompatible: incompatible.length,
      }),
    });
    if (endsProposal) waiting.delete(name);
    current.set(name, stored);
    announce(name, outcome, revision);
    return { version: stored, outcome, incompatible, warnings };
  };

  /** True when what the proposal would replace is not in force any more. */
  const isStale = ({ name, base }: ProposalRow): boolean => (current.get(name)?.revision ?? '') !== base;

  const checkFleet = (
    document: RevisedGuardrail,
    input: PublishInput,
  ): { incompatible: IncompatibleInstance[]; warnings: string[] } => {
    const inert = strictestMode(document.guardrail.spec) === 'off' ? null : fleet.inert(document);
    if (inert !== null && strictestMode(document.guardrail.spec) === 'enforce') {
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
    proposals: () =>
      [...waiting.values()]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((proposal) => ({ ...proposal, stale: isStale(proposal) })),
    publish: (input) => inTurn(() => publish(input)),
    approve: (name, approver, expected) =>
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
        if (expected !== undefined && expected !== '*' && expected !== proposal.revision) {
          throw new ApiError(
            412,
            'GUARDSPAN_PRECONDITION',
            `The change of ${name} that waits is ${proposal.revision}.`,
            'Read what waits now, and approve that.',
          );
        }
        if (isStale(proposal)) {
          throw new ApiError(
            409,
            'GUARDSPAN_PROPOSAL_STALE',
            `${name} was changed after this was proposed.`,
            'Apply the change to what is in force now, and propose it again.',
          );
        }
        const { source: text, author, origin, allowPartial } = proposal;
        return publish(
          { text, file: name, origin, author, approver, expected: undefined, dryRun: false, allowPartial },
          true,
        );
      }),
    reject: (name, by) =>
      inTurn(async () => {
        const proposal = waiting.get(name);
        if (proposal === undefined) return false;
        await store.deleteProposal(name, record(name, by, { change: 'rejected', revision: proposal.revision }));
        waiting.delete(name);
        events.publish({
          type: 'document',
          at: clock(),
          data: { name, change: 'rejected', revision: proposal.revision },
        });
        return true;
      }),
    remove: ({ name, author, origin, expected }) =>
      inTurn(async () => {
        const before = current.get(name);
        if (before === undefined) throw notFound(`There is no guard-rail ${name}.`);
        checkExpected(name, before, expected);
        checkOwner(name, before.guardrail.metadata.managedBy, origin);
        const { generation: _, ...rest } = before;
        const { revision } = before;
        await store.putDocument(
          { ...rest, author, approver: '', at: clock(), deleted: true },
          record(name, author, { change: 'deleted', revision, origin }),
        );
        current.delete(name);
        announce(name, 'deleted', revision);
      }),
  };
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
