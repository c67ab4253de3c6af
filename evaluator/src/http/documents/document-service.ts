import { DOCUMENT_KINDS, isHeldKind, loadDocuments } from '@guardspan/policy';
import type { Guardrail, HeldKind, LoadedDocument } from '@guardspan/policy';
import type { AuditEntry, DocumentKey, DocumentVersion, ProposalRow, Store } from '../../store/types.js';
import { ApiError } from '../api-error.js';
import type {
  DocumentService,
  EventPublisher,
  FleetView,
  PublishedDocuments,
  PublishInput,
  PublishResult,
  RemoveInput,
  RemoveResult,
} from '../deps.js';
import { approvalReason } from './approval-reason.js';
import { breakGlassOf, breakGlassRecord, versionBefore } from './break-glass.js';
import { bindingEntries, documentEntry } from './document-records.js';
import { DocumentBook, keyText } from './document-book.js';
import { documentWarnings } from './document-warnings.js';
import { checkFleet } from './fleet-check.js';
import { checkLinked } from './linked-check.js';
import { loadOne } from './load-one.js';
import { runOwnTests } from './own-tests.js';
import { publishTogether } from './publish-together.js';
import type { Change, Waiting } from './publish-together.js';
import { checkExpected, checkOwner, notFound } from './preconditions.js';

export interface DocumentServiceOptions {
  store: Store;
  fleet: Pick<FleetView, 'inert' | 'incompatible'>;
  events: EventPublisher;
  /** Seconds from epoch. */
  clock: () => number;
  /** See `ApiDeps.separateApprover`. */
  separateApprover: boolean;
  /** Told why a break-glass edit could not be taken back; it is tried again. */
  onError: (error: unknown) => void;
  /** Called with everything in force after a change is stored; once for changes that were stored together. */
  onPublished: (published: PublishedDocuments) => void;
  /** Asked between two documents of many: lets others work when it is time. Default: never. */
  pause?: () => Promise<void> | undefined;
}

/** Seconds until a break-glass edit that could not be taken back is tried again. */
const RETRY_AFTER = 30;

/** The one way by which documents come into force. Changes run one after the other. */
export function createDocumentService(options: DocumentServiceOptions): DocumentService {
  const { store, fleet, events, clock, separateApprover } = options;
  const book = new DocumentBook();
  const waiting = new Map<string, ProposalRow>();
  let tail: Promise<unknown> = Promise.resolve();
  /** Publications that still wait for their turn: those which come meanwhile join them. */
  let joined: Waiting[] | undefined;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    // What comes after this must not overtake it.
    joined = undefined;
    const next = tail.then(work, work);
    tail = next.catch(() => undefined);
    return next;
  };
  const guardrails = (): Guardrail[] => book.list('Guardrail').map(({ normal }) => normal);
  const tell = ({ kind, name }: DocumentKey, change: string, revision: string): void =>
    events.publish({ type: 'document', at: clock(), data: { kind, name, change, revision } });
  const takeEffect = ({ key, change, revision }: Change): void => {
    options.onPublished(book.published());
    tell(key, change, revision);
  };
  const propose = async (proposal: ProposalRow): Promise<Change> => {
    const { author, revision, base: previous, reason, origin, why } = proposal;
    checkWaiting(waiting.get(keyText(proposal)), proposal);
    const change = proposal.change === 'delete' ? 'deletion_proposed' : 'proposed';
    const body = { change, revision, previous, reason, origin, why };
    await store.putProposal(proposal, { audit: [documentEntry(proposal, clock(), author, body)] });
    waiting.set(keyText(proposal), proposal);
    return { key: proposal, change, revision, inForce: false };
  };

  /** Checks a publication against what is in force. What it comes to when nothing is to be stored, else what stores it and enters it into the book. */
  const prepare = (
    input: PublishInput,
    document: LoadedDocument<HeldKind>,
    endsProposal: boolean,
  ): PublishResult | (() => Promise<Change & { result: PublishResult }>) => {
    const { why = '' } = input;
    const { kind, name, revision, normal, source } = document;
    const key: DocumentKey = { kind, name };
    const before = book.get(key);
    if (before?.revision !== revision) runOwnTests(document, book.bindings());
    checkExpected(key, before, input.expected);
    const breakGlass = breakGlassOf(before, { kind, name, revision, normal }, input, clock());
    const kept = input.keepsBreakGlass === true && before?.breakGlass?.base === revision;
    if (kept) return { version: before, outcome: 'unchanged', incompatible: [], warnings: [] };
    // What its repository holds was approved there.
    const back = before?.breakGlass?.base === revision;
    const reason = back ? '' : approvalReason(before, { kind, name, normal }, guardrails);
    const alone = isAlone(input);
    const version: DocumentVersion = {
      ...key,
      revision,
      normal,
      generation: (before?.generation ?? 0) + 1,
      author: input.author,
      approver: reason !== '' && alone && !separateApprover ? input.author : input.approver,
      at: clock(),
      source,
      deleted: false,
      why,
      breakGlass,
    };
    const changes = book.changesBy(key, version);
    checkLinked(key, changes);
    const checked = checkFleet(fleet, version, changes, input);
    const { incompatible } = checked;
    const warnings = [...checked.warnings, ...documentWarnings(version, book, clock())];
    if (before?.revision === revision && before.breakGlass === null)
      return { version: before, outcome: 'unchanged', incompatible, warnings };
    const mustWait = reason !== '' && alone && separateApprover;
    if (input.dryRun) {
      const told = mustWait ? [...warnings, `It will need an approver: ${reason}`] : warnings;
      return { version, outcome: 'valid', incompatible, warnings: told };
    }
    const base = before?.revision ?? '';
    if (mustWait) {
      const { author, origin, allowPartial } = input;
      const at = clock();
      const glass = breakGlass === null ? 0 : (input.breakGlass ?? 0);
      const rest = { reason, base, origin, allowPartial, why, breakGlass: glass };
      const proposal = { ...key, change: 'put' as const, revision, author, at, source, ...rest };
      const result: PublishResult = { version, outcome: 'proposed', incompatible, warnings };
      return async () => ({ ...(await propose(proposal)), result });
    }
    const outcome = before === undefined ? 'created' : 'updated';
    const { generation: _, ...unnumbered } = version;
    const { author, approver, at } = version;
    const entry = documentEntry(key, at, author, {
      change: outcome,
      revision,
      previous: base,
      approver,
      selfApproved: reason !== '' && alone,
      ...(kind === 'Guardrail' && 'mode' in normal.spec ? { mode: normal.spec.mode } : {}),
      origin: input.origin,
      why,
      ...breakGlassRecord(before, breakGlass),
      incompatible: incompatible.length,
    });
    const audit = [entry, ...bindingEntries(book, changes, version, at, author, approver)];
    return async () => {
      const stored = await store.putDocument(unnumbered, { endsProposal, audit });
      if (endsProposal) waiting.delete(keyText(key));
      book.set(stored);
      const result: PublishResult = { version: stored, outcome, incompatible, warnings };
      return { key, change: outcome, revision, inForce: true, result };
    };
  };
  const publishNow = async (input: PublishInput): Promise<PublishResult> => {
    const ready = prepare(input, loadOne(input), true);
    if (!(ready instanceof Function)) return ready;
    const { result, ...change } = await ready();
    if (change.inForce) takeEffect(change);
    else tell(change.key, change.change, change.revision);
    return result;
  };
  const publishJoined = (input: PublishInput): Promise<PublishResult> =>
    new Promise((resolve, reject) => {
      const one: Waiting = { input, resolve, reject };
      if (joined !== undefined) return void joined.push(one);
      const all = [one];
      void inTurn(async () => {
        if (joined === all) joined = undefined;
        await publishTogether(all, {
          read: loadOne,
          prepare: (next, document) => prepare(next, document, false),
          pause: options.pause ?? (() => undefined),
          done(changes) {
            if (changes.some(({ inForce }) => inForce)) options.onPublished(book.published());
            for (const { key, change, revision } of changes) tell(key, change, revision);
          },
        });
      });
      joined = all;
    });

  const remove = async (input: RemoveInput, endsProposal = false): Promise<RemoveResult> => {
    const { key, author, origin, why = '' } = input;
    const before = book.get(key);
    if (before === undefined) throw notFound(`There is no ${DOCUMENT_KINDS[key.kind].noun} ${key.name}.`);
    checkExpected(key, before, input.expected);
    checkOwner(key.name, before.normal.metadata.managedBy, origin);
    const { revision } = before;
    const changes = book.changesBy(key, undefined);
    checkLinked(key, changes);
    const reason = approvalReason(before, undefined, guardrails);
    const alone = isAlone(input);
    const at = clock();
    if (reason !== '' && alone && separateApprover) {
      const rest = { author, at, source: '', reason, base: revision, origin, allowPartial: false, why, breakGlass: 0 };
      const { change } = await propose({ ...key, change: 'delete', revision, ...rest });
      tell(key, change, revision);
      return { version: before, outcome: 'proposed' };
    }
    const { generation: _, ...rest } = before;
    const approver = reason !== '' && alone ? author : reason === '' ? '' : input.approver;
    const body = { change: 'deleted', revision, approver, selfApproved: reason !== '' && alone, origin, why };
    const audit: AuditEntry[] = [
      documentEntry(key, at, author, body),
      ...bindingEntries(book, changes, undefined, at, author, approver),
    ];
    const version = await store.putDocument(
      { ...rest, author, approver, at, deleted: true, why, breakGlass: null },
      { endsProposal, audit },
    );
    if (endsProposal) waiting.delete(keyText(key));
    book.delete(key);
    takeEffect({ key, change: 'deleted', revision, inForce: true });
    return { version, outcome: 'deleted' };
  };

  /** Puts back what the repository asked for. Nothing that was approved is asked again, and no process is: it was in force before. */
  const revert = async (key: DocumentKey): Promise<void> => {
    const before = book.get(key);
    if (before === undefined || before.breakGlass === null || before.breakGlass.until > clock()) return;
    const base = versionBefore(await store.documentHistory(key), before.breakGlass);
    if (base === undefined) throw notFound(`The version before the break-glass edit of ${key.name} is gone.`);
    const document = loadOne({ text: base.source, file: key.name, key });
    runOwnTests(document, book.bindings());
    const { revision, normal } = document;
    const at = clock();
    const { source, author, approver } = base;
    const why = 'The break-glass edit has expired.';
    const rest = { ...key, revision, normal, author, approver, at, source, deleted: false, why };
    const version = { ...rest, generation: before.generation + 1, breakGlass: null };
    const changes = book.changesBy(key, version);
    checkLinked(key, changes);
    const body = { change: 'reverted', revision, previous: before.revision, ...breakGlassRecord(before, null), why };
    const { generation: _, ...unnumbered } = version;
    const stored = await store.putDocument(unnumbered, {
      audit: [
        documentEntry(key, at, 'evaluator', body),
        ...bindingEntries(book, changes, version, at, 'evaluator', approver),
      ],
    });
    book.set(stored);
    takeEffect({ key, change: 'reverted', revision, inForce: true });
  };
  /** Seconds from epoch before which no edit is taken back: after a failure it is not tried again at once. */
  let notBefore = -Infinity;
  let reverting = false;

  /** True when what the proposal would replace is not in force any more. */
  const isStale = (proposal: ProposalRow): boolean => (book.get(proposal)?.revision ?? '') !== proposal.base;

  return {
    async start() {
      const problems: { name: string; code: string; message: string }[] = [];
      for (const version of await store.documents()) {
        const { kind, name } = version;
        const { documents, errors } = loadDocuments(version.source, { file: name });
        const first = isHeldKind(kind) ? documents[kind][0] : undefined;
        const [error] = errors;
        if (error !== undefined || first === undefined) {
          const { code, message } = error ?? { code: 'GUARDSPAN_EMPTY', message: 'no document' };
          problems.push({ name, code, message });
          continue;
        }
        book.set({ ...version, revision: first.revision, normal: first.normal });
      }
      for (const proposal of await store.proposals()) waiting.set(keyText(proposal), proposal);
      options.onPublished(book.published());
      return problems;
    },
    drifted: () => book.all().filter(({ breakGlass }) => breakGlass !== null),
    tick() {
      const now = clock();
      if (reverting || now < notBefore) return;
      const due = book.all().filter(({ breakGlass }) => breakGlass !== null && breakGlass.until <= now);
      if (due.length === 0) return;
      reverting = true;
      void inTurn(async () => {
        for (const key of due)
          await revert(key).catch((error: unknown) => {
            notBefore = clock() + RETRY_AFTER;
            options.onError(error);
          });
        reverting = false;
      });
    },
    list: (kind) => book.list(kind),
    get: (key) => book.get(key),
    proposals: () =>
      [...waiting.values()]
        .sort((a, b) => (keyText(a) < keyText(b) ? -1 : 1))
        .map((proposal) => ({ ...proposal, stale: isStale(proposal) })),
    publish: publishJoined,
    remove: (input) => inTurn(() => remove(input)),
    approve: (key, approver, expected) =>
      inTurn(async () => {
        const proposal = waiting.get(keyText(key));
        if (proposal === undefined) throw notFound(`No change of ${key.name} waits for an approver.`);
        checkApproval(proposal, approver, expected, isStale(proposal));
        const { source: text, author, origin, allowPartial, why } = proposal;
        const rest = { origin, author, approver, expected: undefined, why };
        const glass = proposal.breakGlass === 0 ? {} : { breakGlass: proposal.breakGlass };
        if (proposal.change === 'put')
          return publishNow({ ...rest, ...glass, text, key, file: key.name, dryRun: false, allowPartial });
        const { version } = await remove({ ...rest, key }, true);
        return { version, outcome: 'deleted', incompatible: [], warnings: [] };
      }),
    reject: (key, by, reason) =>
      inTurn(async () => {
        const proposal = waiting.get(keyText(key));
        if (proposal === undefined) return false;
        const { revision, author } = proposal;
        const body = { change: 'rejected', revision, author, reason };
        await store.deleteProposal(key, { audit: [documentEntry(key, clock(), by, body)] });
        waiting.delete(keyText(key));
        tell(key, 'rejected', revision);
        return true;
      }),
  };
}

/** True when nobody but the author stands behind a change. */
function isAlone({ author, approver }: Pick<PublishInput, 'author' | 'approver'>): boolean {
  return approver === '' || approver === author;
}

/** Nobody's proposal is replaced by that of somebody else, who may not have seen it. @throws ApiError 409 */
function checkWaiting(waiting: ProposalRow | undefined, next: ProposalRow): void {
  if (waiting === undefined || waiting.author === next.author) return;
  throw new ApiError(
    409,
    'GUARDSPAN_PROPOSAL_WAITS',
    `A change of ${next.name} by ${waiting.author} waits for an approver.`,
    'Have it approved, or reject it with a reason; then propose yours.',
  );
}

function checkApproval(
  { name, author, revision }: ProposalRow,
  approver: string,
  expected: string | undefined,
  stale: boolean,
): void {
  if (author === approver) {
    throw new ApiError(
      403,
      'GUARDSPAN_SECOND_PERSON',
      'The author of a change cannot approve it.',
      'Ask somebody else with the role approver.',
    );
  }
  if (expected !== undefined && expected !== '*' && expected !== revision) {
    throw new ApiError(
      412,
      'GUARDSPAN_PRECONDITION',
      `The change of ${name} that waits is ${revision}.`,
      'Read what waits now, and approve that.',
    );
  }
  if (!stale) return;
  throw new ApiError(
    409,
    'GUARDSPAN_PROPOSAL_STALE',
    `${name} was changed after this was proposed.`,
    'Apply the change to what is in force now, and propose it again.',
  );
}
