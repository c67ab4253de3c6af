import type { Directive, HeldKind, KillSwitch, NormalForms } from '@guardspan/policy';
import type { AlertRow } from '../alert/types.js';
import type { WebhookStore } from '../alert/webhook/types.js';
import type { BucketTotals, Checkpoint, SeriesCheckpoint } from '../engine/types.js';

/** Kinds of the audit. One chain over all of them. */
export const AUDIT_KINDS = [
  'verdict',
  'decision',
  'directive',
  'document',
  'feedback',
  'override',
  'kill',
  'system',
] as const;
/** One of {@link AUDIT_KINDS}. */
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** What is appended to the audit. Holds no content. */
export interface AuditEntry {
  kind: AuditKind;
  /** Seconds from epoch. */
  at: number;
  /** Who: a token's name, `evaluator`, or `agent:<service>/<instance>`. */
  actor: string;
  /** Name of the guard-rail, or empty. */
  guardrail: string;
  /** Trace id, or empty. */
  traceId: string;
  /** Id of the verdict, or empty. */
  verdictId: string;
  /** JSON value, bounded (64 KiB). */
  body: unknown;
}
/** An entry with its place in the chain: hash = sha256(previous hash || canonical JSON of {seq, ...entry}). */
export interface AuditRecord extends AuditEntry {
  seq: number;
  previous: string;
  hash: string;
}
export interface AuditQuery {
  kind?: AuditKind;
  guardrail?: string;
  traceId?: string;
  verdictId?: string;
  /** Exclusive lower bound of seq. */
  after?: number;
  /** Newest first when true. */
  descending?: boolean;
  /** At most 1000. */
  limit?: number;
}

/** What a change puts on record: written in the transaction of the change itself, so that there are both or neither. */
export interface Audited {
  /** Appended after the change; nothing is appended when nothing changed. */
  audit?: readonly AuditEntry[];
}

/** Which document. */
export interface DocumentKey<K extends HeldKind = HeldKind> {
  kind: K;
  /** Unique within its kind. */
  name: string;
}

/** A change of what a repository owns that was not made there. */
export interface BreakGlass {
  /** Revision that the repository asked for. */
  base: string;
  /** Seconds from epoch: then the document goes back to `base`. */
  until: number;
}

/** A stored version of a document. */
export interface DocumentVersion<K extends HeldKind = HeldKind> extends DocumentKey<K> {
  revision: string;
  /** Its normal form. */
  normal: NormalForms[K];
  /** Increases by one with each change of this document. */
  generation: number;
  author: string;
  approver: string;
  at: number;
  /** The authored text (YAML or JSON). */
  source: string;
  deleted: boolean;
  /** Why it was changed, in the words of its author; empty when none were given. */
  why: string;
  /** Null when it is what its owner asked for. */
  breakGlass: BreakGlass | null;
}

/** A windowed verdict as the API shows it; the row is the newest state, the audit holds the history. */
export interface VerdictRow {
  id: string;
  guardrail: string;
  revision: string;
  series: { [field: string]: string };
  mode: string;
  action: string;
  disposition: string;
  state: string;
  code: string;
  message: string;
  firstAt: number;
  lastAt: number;
  /** 0 while it lasts. */
  releasedAt: number;
  signals: unknown;
  trace: unknown;
  exampleTraceIds: string[];
  /** Sequence of the audit record that opened it. */
  auditSeq: number;
}

/** What people say of a verdict. */
export const JUDGEMENTS = ['right', 'false_alarm', 'unclear'] as const;
export type Judgement = (typeof JUDGEMENTS)[number];
/** A judgement of a verdict by an operator. */
export interface FeedbackRow {
  verdictId: string;
  judgement: Judgement;
  by: string;
  reason: string;
  at: number;
}
/** What people say of the verdicts that a guard-rail came to in one mode. A verdict counts once: as most of those who judged it say. */
export interface JudgedVerdicts {
  mode: string;
  /** All of them, judged or not. */
  verdicts: number;
  right: number;
  falseAlarm: number;
  /** Judged, and neither: people say that it is unclear, or as many say this as that. */
  unclear: number;
  /** Seconds from epoch at which the first of them began. */
  since: number;
}
/** A late truth or group label. Idempotent by (kind, trace or call id, span, name). */
export interface FactRow {
  kind: 'truth' | 'group';
  traceId: string;
  spanId: string;
  callId: string;
  name: string;
  value: string;
  at: number;
}

/** A change of a document that waits for an approver; at most one for each document. */
export interface ProposalRow extends DocumentKey {
  /** `delete`: the document leaves; `revision` is then the one that leaves, and `source` is empty. */
  change: 'put' | 'delete';
  revision: string;
  author: string;
  /** Seconds from epoch. */
  at: number;
  /** The authored text (YAML or JSON). */
  source: string;
  /** Why an approver is needed. */
  reason: string;
  /** Why it is changed, in the words of its author; empty when none were given. */
  why: string;
  /** Revision that was in force when it was proposed; empty when there was none. */
  base: string;
  origin: 'git' | 'ui';
  /** Publish although connected processes cannot load it. */
  allowPartial: boolean;
  /** Seconds for which a break-glass edit holds once it is approved; 0 when it is none. */
  breakGlass: number;
}

export interface StoreStatus {
  /** True when the last commit failed; the previous good state keeps working and commits are retried. */
  degraded: boolean;
  /** Plain sentence, empty when healthy. */
  reason: string;
  /** Writes that wait. */
  pending: number;
  lastCommitSeconds: number;
}

/** Durable state. All writes are queued and group-committed (250 ms at most); a returned promise resolves after its commit and rejects with StoreError. */
export interface Store extends WebhookStore {
  /** The checkpoint is handed over, not copied: nobody may change it afterwards. */
  commitCheckpoint(checkpoint: Checkpoint): Promise<void>;
  loadCheckpoint(): Promise<{
    buckets: BucketTotals[];
    series: SeriesCheckpoint[];
    seen: { slice: number; ids: Uint8Array }[];
  }>;
  /** Calls (no probes) of one series in buckets that begin from `from` on and before `to`, oldest first. */
  closedBuckets(query: {
    revision: string;
    series: string;
    from: number;
    to: number;
    limit: number;
  }): Promise<{ bucket: number; totals: Uint8Array }[]>;

  appendAudit(entries: readonly AuditEntry[]): Promise<AuditRecord[]>;
  queryAudit(query: AuditQuery): Promise<AuditRecord[]>;

  /** `endsProposal`: the change of this document that waits is dropped with it. */
  putDocument(
    version: Omit<DocumentVersion, 'generation'>,
    options?: Audited & { endsProposal?: boolean },
  ): Promise<DocumentVersion>;
  /** Newest version of each document that is not deleted. */
  documents(): Promise<DocumentVersion[]>;
  documentHistory(key: DocumentKey): Promise<DocumentVersion[]>;

  putProposal(row: ProposalRow, options?: Audited): Promise<void>;
  proposals(): Promise<ProposalRow[]>;
  /** False when none of this document waits. */
  deleteProposal(key: DocumentKey, options?: Audited): Promise<boolean>;

  /** Ignored when the stored verdict is over and this row is not. `report` is what explains it, a JSON value; what is stored stays when it is left out. */
  putVerdict(row: VerdictRow, report?: unknown): Promise<void>;
  /** What {@link putVerdict} took as the report of a verdict. The newest 10,000 are kept. */
  verdictReport(id: string): Promise<unknown>;
  /** Ends a verdict by hand, at `at` (seconds from epoch). False, and nothing changed, when there is none or it is over. */
  releaseVerdict(id: string, at: number, options?: Audited): Promise<boolean>;
  verdicts(query: { guardrail?: string; active?: boolean; before?: number; limit?: number }): Promise<VerdictRow[]>;
  verdict(id: string): Promise<VerdictRow | undefined>;

  putDirectives(directives: readonly (Directive & { issuedAt: number; releasedAt: number })[]): Promise<void>;
  activeDirectives(): Promise<(Directive & { issuedAt: number; releasedAt: number })[]>;

  putFeedback(row: FeedbackRow, options?: Audited): Promise<void>;
  feedback(verdictId: string): Promise<FeedbackRow[]>;
  /** By mode, in the order of their names. */
  judgedVerdicts(guardrail: string): Promise<JudgedVerdicts[]>;
  putFacts(rows: readonly FactRow[]): Promise<{ accepted: number; duplicates: number }>;

  /** Adds or replaces by id. A switch that was lifted has an `until` in the past. */
  putKillSwitches(switches: readonly (KillSwitch & { at: number; until: number })[], options?: Audited): Promise<void>;
  killSwitches(): Promise<(KillSwitch & { at: number; until: number })[]>;

  /** Adds or replaces alerts of the outbox by key, and forgets others. */
  putAlerts(rows: readonly AlertRow[], remove: readonly string[]): Promise<void>;
  alerts(): Promise<AlertRow[]>;

  /** Reads, adds one, stores and returns: the new epoch, durable before it is returned. */
  nextEpoch(): Promise<number>;

  status(): StoreStatus;
  /** Deletes what is older than its retention. */
  prune(now: number): Promise<void>;
  close(): Promise<void>;
}
