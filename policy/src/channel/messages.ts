import type { Action, ActionType, InlinePoint, Mode, RevisedGuardrail } from '../document/types.js';
import type { Disposition, TraceStep, Verdict } from '../decide/types.js';

/** Raised with each change of the language or the messages that an older client cannot follow. */
export const FEATURE_LEVEL = 6;
/**
 * Length of the start buckets of a report. Seconds. A call is counted in the cell whose `bucket` is the wall clock of its start, rounded down to a multiple
 * of this; both sides must agree on it, so it changes only with {@link FEATURE_LEVEL}.
 */
export const REPORT_BUCKET = 10;

/** Which actions a patched client can take at which point. */
export interface Capability {
  client: string;
  /** Version of the patched module, empty when unknown. */
  version: string;
  at: InlinePoint;
  actions: ActionType[];
  streamed: boolean;
}
/** A place in this process where calls are guarded. `model` is `*` for a client that can call any model. */
export interface CallSite {
  client: string;
  model: string;
  version: string;
}
/** A target that the process declares for reroutes and fallbacks. */
export interface Target {
  name: string;
}
/** What the process's own configuration allows the evaluator to order. */
export interface LocalAllow {
  actions: ActionType[];
}
/** Identity of the process. */
export interface AgentResource {
  service: string;
  serviceVersion: string;
  environment: string;
  host: string;
  pid: number;
}

/** First message after the socket opens. */
export interface HelloMessage {
  type: 'hello';
  protocols: string[];
  featureLevel: number;
  /** Stable over restarts when the platform gives one, else random. */
  instance: string;
  /** Random per start. */
  incarnation: string;
  sdk: { name: string; version: string };
  resource: AgentResource;
  capabilities: Capability[];
  callSites: CallSite[];
  targets: Target[];
  /** Names of Rego engines that this process can ask; absent when none. */
  engines?: string[];
  /** Names of rewriters that this process declares; absent when none. */
  rewriters?: string[];
  allow: LocalAllow;
  have: { revision: string; epoch: number; directiveSeq: number };
}
/** Sent when call sites, capabilities or targets change after `hello`. */
export interface SitesMessage {
  type: 'sites';
  capabilities: Capability[];
  callSites: CallSite[];
  targets: Target[];
  /** Names of Rego engines that this process can ask; absent when none. */
  engines?: string[];
  /** Names of rewriters that this process declares; absent when none. */
  rewriters?: string[];
}
/** The set with this digest is in force. */
export interface AckMessage {
  type: 'ack';
  revision: string;
}
/** Some guard-rails of the set cannot be loaded here; the others are in force. */
export interface NackMessage {
  type: 'nack';
  revision: string;
  errors: { guardrail: string; revision: string; code: string; message: string }[];
}
/** Directives that are now applied, and those that are no longer. */
export interface AppliedMessage {
  type: 'applied';
  directives: string[];
  released: string[];
}
/** Absolute totals of this incarnation for one (model, version, start bucket). */
export interface ReportCell {
  model: string;
  version: string;
  /** Start of the bucket, seconds from epoch: a multiple of {@link REPORT_BUCKET}. */
  bucket: number;
  started: number;
  denied: number;
  finished: number;
  /** Key: a limit in seconds that the snapshot names, as decimal text. */
  finishedWithin: { [limit: string]: number };
  guarded: number;
  /** Key: a closed reason: `unpatched_client`, `raw_http`, `unreadable`, `foreign_span`, `disabled`, `no_guardrails`, `error`. */
  unguarded: { [reason: string]: number };
}
/** Sent each second when something changed. */
export interface ReportMessage {
  type: 'report';
  seq: number;
  /** The client's wall clock, seconds from epoch. */
  clock: number;
  cells: ReportCell[];
  /** What lowers coverage, named: reason and what was seen (host or module), with totals of this incarnation. */
  gaps: { reason: string; name: string; count: number }[];
  /** Feed records dropped in this incarnation. */
  feedDropped: number;
  /** Totals of this incarnation. */
  dispositions: { guardrail: string; disposition: Disposition; action: string; count: number }[];
}
/** One decision that is not a plain allow, for the audit. */
export interface DecisionRecord {
  traceId: string;
  spanId: string;
  callId: string;
  /** Seconds from epoch. */
  at: number;
  model: string;
  modelVersion: string;
  action: string;
  disposition: Disposition;
  verdicts: Verdict[];
  directive: string;
  rerouteTo: string;
  redactions: number;
  /** Texts that were rewritten; absent when none. */
  rewrites?: number;
}
/** Records for the audit, numbered without gaps; `seq` is the number of the last one. */
export interface DecisionsMessage {
  type: 'decisions';
  /** Of the last record; records are numbered without gaps per incarnation, `dropped` says how many numbers are missing before the first. */
  seq: number;
  records: DecisionRecord[];
  dropped: number;
}
/** Answers a ping; `clock` is the client's, in seconds from epoch. */
export interface PongMessage {
  type: 'pong';
  nonce: number;
  /** The client's wall clock, seconds from epoch. */
  clock: number;
}
/** Everything that a process says on the channel (docs/channel.md). */
export type ClientMessage =
  | HelloMessage
  | SitesMessage
  | AckMessage
  | NackMessage
  | AppliedMessage
  | ReportMessage
  | DecisionsMessage
  | PongMessage;

/** A leased instruction from the evaluator. */
export interface Directive {
  id: string;
  epoch: number;
  /** Position in the directive log of this epoch. */
  seq: number;
  guardrail: string;
  revision: string;
  verdict: string;
  scope: { [field: string]: string };
  action: Action;
  mode: Mode;
  onStale: 'keep' | 'allow' | 'deny';
  probe: { share: number; perSecond: number };
  reason: { code: string; message: string; trace: TraceStep[]; traceId: string };
  /** Seconds from receipt, on the client's monotonic clock; at most 300. */
  expiresIn: number;
  /** This instance's share of a throttle's rate, calls per second; absent when the action has none. */
  share?: { rate: number; burst: number };
  /** This instance's share of the probes, per second. */
  probeShare?: number;
}
/** A scoped stop of enforcement. */
export interface KillSwitch {
  id: string;
  /** Empty fields match everything. */
  scope: { guardrail: string; model: string; service: string };
  reason: string;
  by: string;
  /** Seconds from receipt; 0 means until lifted. */
  expiresIn: number;
}

/** Answers `hello`: the evaluator's epoch, seconds between pings, and bounds on what it takes. */
export interface WelcomeMessage {
  type: 'welcome';
  protocol: string;
  epoch: number;
  /** Seconds between pings. */
  heartbeat: number;
  limits: { maxMessageBytes: number; maxReportCells: number; maxDecisions: number };
}
/** The whole state that this process needs. */
export interface SnapshotMessage {
  type: 'snapshot';
  /** Digest of the set. */
  revision: string;
  epoch: number;
  directiveSeq: number;
  guardrails: RevisedGuardrail[];
  directives: Directive[];
  kill: KillSwitch[];
  /** Seconds after which a call that has not ended is told on the feed (`guardspan.call.open`), and for which reports count `finishedWithin`. */
  limits: number[];
}
/** Change of the set from one digest to the next. */
export interface DeltaMessage {
  type: 'delta';
  from: string;
  revision: string;
  upsert: RevisedGuardrail[];
  remove: string[];
  limits: number[];
}
/** Directives that are new or changed. */
export interface DirectiveMessage {
  type: 'directive';
  epoch: number;
  directiveSeq: number;
  directives: Directive[];
}
/** Leases that last longer. */
export interface RenewMessage {
  type: 'renew';
  epoch: number;
  ids: string[];
  expiresIn: number;
}
/** Directives that hold no longer, and why. */
export interface ReleaseMessage {
  type: 'release';
  epoch: number;
  directiveSeq: number;
  ids: string[];
  reason: string;
}
/** This instance's parts of rates, bursts and probes. */
export interface ShareMessage {
  type: 'share';
  epoch: number;
  shares: { directive: string; rate: number; burst: number; probe: number }[];
}
/** The kill switches that hold now. */
export interface KillMessage {
  type: 'kill';
  kill: KillSwitch[];
}
/** Asks for a pong with the same nonce. */
export interface PingMessage {
  type: 'ping';
  nonce: number;
}
/** Decisions up to `seq` are on record. */
export interface DecidedMessage {
  type: 'decided';
  seq: number;
}
/** Everything that the evaluator says on the channel (docs/channel.md). */
export type ServerMessage =
  | WelcomeMessage
  | SnapshotMessage
  | DeltaMessage
  | DirectiveMessage
  | RenewMessage
  | ReleaseMessage
  | ShareMessage
  | KillMessage
  | PingMessage
  | DecidedMessage;

/** Close codes of the channel beyond those of RFC 6455. */
export const CLOSE = {
  /** The server is shutting down; reconnect with jitter. */
  RESTART: 1012,
  /** Too slow, or too many clients; reconnect with jitter. */
  TRY_LATER: 1013,
  /** A message that is no valid member of the protocol. */
  BAD_MESSAGE: 4400,
  /** The token is unknown or was revoked. Retry slowly. */
  UNAUTHORIZED: 4401,
  /** The token is not valid for this service. Retry slowly. */
  FORBIDDEN: 4403,
  /** No common protocol. Do not retry. */
  PROTOCOL: 4406,
  /** Another connection with the same instance and incarnation took over. */
  REPLACED: 4409,
} as const;
