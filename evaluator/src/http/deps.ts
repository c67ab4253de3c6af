import type { DecideAnswer } from '../decide/decision-service.js';
import type { DecideRequest } from '../decide/request-schema.js';
import type {
  Bindings,
  ClientMessage,
  Directive,
  HeldKind,
  HelloMessage,
  KillSwitch,
  LoadedDocument,
  RevisedGuardrail,
  ServerMessage,
} from '@guardspan/policy';
import type { AlertRow, InstanceState } from '../alert/types.js';
import type { WebhookRow } from '../alert/webhook/types.js';
import type { Authenticator, Principal } from '../auth/types.js';
import type { ModelsView } from '../metrics/models-view.js';
import type { LateFact, SeriesView } from '../engine/types.js';
import type { EvidenceReport } from '../engine/evidence/report.js';
import type { AuditEntry, DocumentKey, DocumentVersion, Judgement, ProposalRow, Store } from '../store/types.js';

/** What the API shows of one process. */
export interface FleetInstance {
  service: string;
  serviceVersion: string;
  environment: string;
  instance: string;
  incarnation: string;
  host: string;
  pid: number;
  sdk: string;
  featureLevel: number;
  /** How it is connected. */
  transport: 'websocket' | 'sync';
  /** False for one that left in the last ten minutes: it ended, or it was cut off and goes on with what it holds. */
  connected: boolean;
  /** Seconds from epoch. */
  connectedAt: number;
  lastSeen: number;
  /** Digest of the set that the process acknowledged; empty before the first. */
  revision: string;
  /** Seconds from epoch at which that set arrived there; 0 before the first. */
  acknowledgedAt: number;
  /** True when that is what the evaluator last published for it. */
  current: boolean;
  /** Guard-rails that it could not load. */
  errors: { guardrail: string; revision: string; code: string; message: string }[];
  /** Names of its declared reroute targets. */
  targets: string[];
  /** Names of its declared rewriters. */
  rewriters: string[];
  /** Actions that its own configuration forbids. */
  forbidden: string[];
  /** Ids of the directives that it applies. */
  applied: string[];
  /** Seconds that its wall clock is ahead of the evaluator's. */
  clockOffset: number;
}

/** Processes that cannot load a guard-rail, found before it is published. */
export interface IncompatibleInstance {
  service: string;
  instance: string;
  code: string;
  message: string;
}

/** The processes that are connected, and those that lately were. */
export interface FleetView {
  instances(): FleetInstance[];
  /** Null when the guard-rail can act somewhere or no matching process is connected yet; else a plain sentence why no matching process can carry out its action. */
  inert(guardrail: RevisedGuardrail): string | null;
  /** Live matching processes that could not load this guard-rail (feature level, unknown target). */
  incompatible(guardrail: RevisedGuardrail): IncompatibleInstance[];
}

/** A directive as the API shows it. */
export interface DirectiveState extends Directive {
  /** Seconds from epoch. */
  issuedAt: number;
  /** Seconds from epoch at which the lease ends unless it is renewed. */
  leaseUntil: number;
  /** 0 while it is active. */
  releasedAt: number;
  /** Instances that confirmed it. */
  appliedBy: number;
  /** Live instances that it matches. */
  matching: number;
}
/** A directive that waits for a person: `limits.maxScopes` is reached, or its document asks (`approval`). */
export interface PendingDirective {
  verdictId: string;
  guardrail: string;
  scope: { [field: string]: string };
  /** Seconds from epoch. */
  at: number;
  reason: 'max_scopes' | 'approval';
  /** Seconds from epoch at which `onTimeout` decides; 0 when it waits without end. */
  until: number;
  /** Empty when it waits without end. */
  onTimeout: 'execute' | 'cancel' | '';
}

/** The active directives. */
export interface DirectiveView {
  active(): DirectiveState[];
  pending(): PendingDirective[];
  /** Issues a pending directive. False when there is none for this verdict. */
  approve(verdictId: string, by: string): boolean;
  /** Leaves a pending directive unissued while its series fires. False when there is none for this verdict. */
  reject(verdictId: string, by: string): boolean;
}

/** Calls guarded of calls made, one row per service, model and version. */
export interface CoverageRow {
  service: string;
  model: string;
  version: string;
  guarded: number;
  /** Calls of `guarded` that were decided by request (`POST /api/v1/decide`). */
  byRequest: number;
  /** Key: closed reason (`unpatched_client`, `raw_http`, `unreadable`, `foreign_span`, `disabled`, `no_guardrails`, `error`). */
  unguarded: { [reason: string]: number };
  /** guarded / (guarded + unguarded); null without calls. */
  coverage: number | null;
}
export interface CoverageReport {
  rows: CoverageRow[];
  /** What lowers it, named. */
  gaps: { service: string; reason: string; name: string; count: number }[];
  /** Calls of the guarded ones that an exception exempted from a guard-rail. */
  exempted: { service: string; guardrail: string; count: number }[];
  guarded: number;
  unguarded: number;
  coverage: number | null;
}
export interface CoverageView {
  report(): CoverageReport;
}

/** What came of verdicts in the last hour. `DispositionHistory` implements it. */
export interface DispositionView {
  /** Slices oldest first; `step` in seconds, `since` in seconds from epoch: nothing is known before. */
  read(
    now: number,
    guardrail?: string,
  ): {
    step: number;
    since: number;
    items: { start: number; calls: number; counts: { [disposition: string]: number } }[];
  };
}

/** A kill switch as the API shows it. */
export type KillState = KillSwitch & {
  /** Seconds from epoch. */
  at: number;
  /** Seconds from epoch; 0 means until lifted. */
  until: number;
};
/** The scoped stops of enforcement. The API checks who may and says what goes on record; this stores, expires, sends to processes and publishes events. */
export interface KillControl {
  list(): KillState[];
  /**
   * Stored in one transaction with what `audit` makes of it, then in force. Rejects with StoreError when the store refuses: when the disk takes no writes
   * the switch is listed and in force all the same, and recorded later (bounded); otherwise nothing has changed.
   * `expiresIn` in seconds, 0 until lifted.
   */
  engage(
    input: {
      id: string;
      scope: KillSwitch['scope'];
      reason: string;
      by: string;
      expiresIn: number;
    },
    audit: (state: KillState) => AuditEntry,
  ): Promise<KillState>;
  /** Stores the end of one, then ends it; when the store refuses it stays in force. Resolves to what was lifted, or undefined when there is no such switch. */
  lift(id: string, audit: (state: KillState) => AuditEntry): Promise<KillState | undefined>;
}

/** The channel by pull, for processes that cannot hold a websocket. */
export interface AgentSync {
  /**
   * Messages since a cursor for one process. `since` is the cursor of the last answer, empty at first: then a whole snapshot comes.
   * The service was already checked against the principal.
   */
  pull(input: {
    service: string;
    environment: string;
    featureLevel: number;
    instance: string;
    incarnation: string;
    since: string;
    principal: Principal;
  }): Promise<{ cursor: string; messages: ServerMessage[] }>;
  /**
   * Carries out what one process says, then answers as {@link pull} does. Decisions are on record when it resolves and `decided` is among the messages.
   * `hello` is of a service that was already checked against the principal, and speaks a common protocol.
   */
  exchange(input: {
    hello: HelloMessage;
    messages: readonly Exclude<ClientMessage, HelloMessage>[];
    since: string;
  }): Promise<{ cursor: string; messages: ServerMessage[] }>;
}

/** What the API needs of the engine. `Engine` fits. */
export interface SeriesControl {
  series(guardrail?: string): SeriesView[];
  release(guardrail: string, series: { [field: string]: string }, now: number, by: string): boolean;
  /** Takes late facts; for each whether its call is known (counted into an open bucket, or waiting for the fact). */
  facts(facts: readonly LateFact[], now: number): boolean[];
  /** What explains a verdict of a guard-rail with a test; undefined when no series holds it any more. */
  explain(verdictId: string): EvidenceReport | undefined;
  /** What explains each series of guard-rails with a test. */
  reports(guardrail?: string, limit?: number): EvidenceReport[];
}

/** What the evaluator itself tells the on-call tools. `DirectAlerts` (alert/direct-alerts.ts) fits. */
export interface AlertView {
  /** Alerts that last, and those whose end is still repeated. */
  alerts(): AlertRow[];
  instances(): InstanceState[];
}

/** Messages to receivers of the user's own. `WebhookQueue` (alert/webhook/webhook-queue.ts) fits. */
export interface WebhookControl {
  /** What waits, and dead letters, oldest first. */
  rows(): WebhookRow[];
  /** Puts dead letters on their way again; all of them without ids. Returns how many. */
  replay(ids: readonly string[] | undefined): number;
}

/** Types of the event stream. */
export const EVENT_TYPES = [
  'alert',
  'document',
  'verdict',
  'directive',
  'fleet',
  'kill',
  'feedback',
  'override',
] as const;
export type ApiEventType = (typeof EVENT_TYPES)[number];
/** One event of `GET /api/v1/events`. Holds no content. */
export interface ApiEvent {
  type: ApiEventType;
  /** Seconds from epoch. */
  at: number;
  /** JSON value; small (a name, ids, a state). */
  data: { [key: string]: unknown };
}
/** Fan-out to the event stream. `createEventLog` (http/event-log.ts) implements it; every step of the evaluator may publish. */
export interface EventPublisher {
  publish(event: ApiEvent): void;
}
/** An event with its place in the stream of this process start. */
export interface NumberedEvent extends ApiEvent {
  /** `<start>-<n>`; opaque to clients. */
  id: string;
}
export interface EventStream extends EventPublisher {
  /**
   * Replays what is still held after `lastEventId` (all that is not held any more is told by `gap`), then follows.
   * Returns the unsubscriber.
   */
  subscribe(lastEventId: string, listener: (event: NumberedEvent) => void): { gap: boolean; stop: () => void };
}

/** What a publication asks for. */
export interface PublishInput {
  /** YAML or JSON text with exactly one document. */
  text: string;
  /** The same, for who has read it already: the text is not read again. */
  loaded?: LoadedDocument<HeldKind>;
  /** Kind and name that the document must have; undefined to take its own. */
  key?: DocumentKey;
  /** Used in the places of errors. */
  file: string;
  /** Where it comes from: `git` is the directory of documents or a pipeline's token, `ui` a person at the API. */
  origin: 'git' | 'ui';
  author: string;
  /** Name of the approver, `git` when it was reviewed in its repository, or empty. */
  approver: string;
  /** `*` any existing, a revision, or empty for "must not exist"; undefined to skip the check (directory of documents). */
  expected: string | undefined;
  dryRun: boolean;
  /** Publish although connected processes cannot load it. */
  allowPartial: boolean;
  /** Why it is changed, in the words of the author. */
  why?: string;
  /** Seconds for which a change of what a repository owns holds although it was not made there. Absent: it is no such change. */
  breakGlass?: number;
  /** Leave a break-glass edit in force while the repository still says what it said before. */
  keepsBreakGlass?: boolean;
}
/** What is in force after a change. */
export interface PublishedDocuments {
  /** As they are written, sorted by name. */
  guardrails: readonly RevisedGuardrail[];
  /** What the documents of other kinds say about them. */
  bindings: Bindings;
}
/** Documents: the only way in. Implemented by `createDocumentService` (http/documents/document-service.ts). */
export interface DocumentService {
  /** Loads what the store holds and calls `onPublished`. Documents that no longer load are kept out and reported. */
  start(): Promise<{ name: string; code: string; message: string }[]>;
  /** Newest version of each document of a kind, sorted by name. */
  list<K extends HeldKind>(kind: K): readonly DocumentVersion<K>[];
  get<K extends HeldKind>(key: DocumentKey<K>): DocumentVersion<K> | undefined;
  /** Changes that wait for an approver, by kind and name. */
  proposals(): readonly Proposal[];
  /** Throws ApiError (validation, ownership, precondition, inert, incompatible); resolves after the store has it and `onPublished` ran. */
  publish(input: PublishInput): Promise<PublishResult>;
  /**
   * Brings a proposal into force. `expected` is the revision of the proposal that the approver read; undefined to skip the check.
   * Throws ApiError when the approver is its author, when another proposal waits by now, and when the document was changed since.
   */
  approve(key: DocumentKey, approver: string, expected?: string): Promise<PublishResult>;
  /** Drops a proposal, with the reason on record. False when there is none. */
  reject(key: DocumentKey, by: string, reason: string): Promise<boolean>;
  /** Takes a document out of force, or proposes that. Throws ApiError (not found, ownership, precondition). */
  remove(input: RemoveInput): Promise<RemoveResult>;
  /** Documents that differ from their repository by a break-glass edit. */
  drifted(): readonly DocumentVersion[];
  /** Takes back the break-glass edits whose time is over. Call it each second; never throws. */
  tick(): void;
}
/** What a removal asks for. */
export interface RemoveInput {
  key: DocumentKey;
  author: string;
  /** As {@link PublishInput.approver}. */
  approver: string;
  origin: 'git' | 'ui';
  expected: string | undefined;
  /** As {@link PublishInput.why}. */
  why?: string;
}
export interface RemoveResult {
  version: DocumentVersion;
  /** `proposed`: it is still in force, an approver is needed. */
  outcome: 'deleted' | 'proposed';
}
/** A change that waits for somebody other than its author. */
export interface Proposal extends ProposalRow {
  /** True when what it would replace is not in force any more: it cannot be approved. */
  stale: boolean;
}
export interface PublishResult {
  version: DocumentVersion;
  /** `proposed`: nothing is in force yet, an approver is needed. */
  outcome: 'created' | 'updated' | 'unchanged' | 'valid' | 'proposed' | 'deleted';
  /** Processes that will not load it (only with `allowPartial` or a dry run). */
  incompatible: IncompatibleInstance[];
  /** Plain sentences. */
  warnings: string[];
}

/** Everything that the API stands on. */
export interface ApiDeps {
  store: Store;
  auth: Authenticator;
  documents: DocumentService;
  engine: SeriesControl;
  fleet: FleetView;
  directives: DirectiveView;
  coverage: CoverageView;
  dispositions: DispositionView;
  kill: KillControl;
  alerts: AlertView;
  webhooks: WebhookControl;
  sync: AgentSync;
  /** Decides by request and puts it on record; `actor` is the name of the token. Never throws. */
  decide: (request: DecideRequest, actor: string) => DecideAnswer;
  events: EventStream;
  /** Told of each judgement of a verdict once it is kept. */
  judged: (guardrail: string, judgement: Judgement) => void;
  models: ModelsView;
  /** Seconds from epoch. */
  clock: () => number;
  /** 16 random bytes in hexadecimal. */
  newId: () => string;
  /** False when one person may approve their own changes; then each such change is recorded so. */
  separateApprover: boolean;
  /** Of this evaluator. */
  version: string;
  /** Bytes of a request body. Default 1 MiB. */
  maxBodyBytes?: number;
  /** Event streams that may be open at a time. Default 64. */
  maxEventStreams?: number;
  /** Seconds between comments that keep an event stream open. Default 15. */
  eventHeartbeat?: number;
}
