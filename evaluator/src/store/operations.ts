import type { Store } from './types.js';

/** Writes that may be made again without harm, and that nobody would repeat: kept and retried when a commit fails. */
export const RETAINED_WRITES = [
  'commitCheckpoint',
  'appendAudit',
  'putVerdict',
  'putDirectives',
  'putAlerts',
  'putWebhooks',
] as const;
/** Writes whose caller is told of a failed commit and decides itself. */
export const REPEATABLE_WRITES = [
  'putDocument',
  'putProposal',
  'deleteProposal',
  'releaseVerdict',
  'putFeedback',
  'putFacts',
  'putKillSwitches',
  'nextEpoch',
  'prune',
] as const;
export const READS = [
  'loadCheckpoint',
  'closedBuckets',
  'queryAudit',
  'documents',
  'documentHistory',
  'proposals',
  'verdicts',
  'verdict',
  'verdictReport',
  'activeDirectives',
  'feedback',
  'judgedVerdicts',
  'killSwitches',
  'alerts',
  'webhooks',
] as const;

export type WriteName = (typeof RETAINED_WRITES)[number] | (typeof REPEATABLE_WRITES)[number];
export type ReadName = (typeof READS)[number];

/** The same operations without the queue: what a database offers to its executor. */
export type Operations = {
  [K in WriteName | ReadName]: (...args: Parameters<Store[K]>) => Awaited<ReturnType<Store[K]>>;
};

/** One write of a batch. */
export interface WriteRequest {
  name: WriteName;
  args: readonly unknown[];
}
/** What came of one write of a committed batch. */
export type WriteResult = { ok: true; value: unknown } | { ok: false; message: string };

/** Runs batches and reads one at a time, in order. Rejects when the whole batch could not be committed; then nothing of it was. */
export interface Executor {
  write(batch: readonly WriteRequest[]): Promise<WriteResult[]>;
  read(name: ReadName, args: readonly unknown[]): Promise<unknown>;
  /** Called once if the executor ends by itself. */
  onExit(listener: (error: Error) => void): void;
  close(): Promise<void>;
}

/** How long things are kept, seconds. */
export interface Retention {
  /** Audit, and verdicts that are over. Default 184 days. */
  audit: number;
  /** Records of the audit; beyond, the oldest go before their time. Default 0: no bound. */
  auditRecords: number;
  /** Buckets. Default 90 days; at least the longest window or promise period. */
  buckets: number;
  /** Truths and late group labels. Default 184 days. */
  facts: number;
  /** While true nothing of the audit, the verdicts and the documents is deleted. Default false. */
  legalHold: boolean;
}
const DAY = 86_400;
export const DEFAULT_RETENTION: Retention = {
  audit: 184 * DAY,
  auditRecords: 0,
  buckets: 90 * DAY,
  facts: 184 * DAY,
  legalHold: false,
};
