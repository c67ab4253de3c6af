import type { AgentResource, CallSite, Capability, LocalAllow, NackMessage, Target } from '@guardspan/policy';

/** How a process talks to the evaluator. */
export type InstanceTransport = 'websocket' | 'sync';

/** What the evaluator knows about one start of one process. */
export interface Instance {
  /** `<instance>/<incarnation>`. */
  readonly key: string;
  readonly instance: string;
  readonly incarnation: string;
  readonly resource: AgentResource;
  readonly sdk: { name: string; version: string };
  readonly featureLevel: number;
  readonly transport: InstanceTransport;
  capabilities: Capability[];
  callSites: CallSite[];
  targets: Target[];
  /** Names of its Rego engines. */
  engines: string[];
  /** Names of its rewriters. */
  rewriters: string[];
  allow: LocalAllow;
  connected: boolean;
  /** Seconds from epoch. */
  readonly since: number;
  /** Seconds from epoch of the last message. */
  lastSeen: number;
  /** Digest of the set that is in force there; empty before its first acknowledgement. */
  revision: string;
  /** Seconds from epoch at which it first said so; 0 before. */
  acknowledgedAt: number;
  /** Guard-rails of the newest set that cannot be loaded there. */
  nacks: NackMessage['errors'];
  /** Ids of the directives that it said it applies, and when it first did, seconds from epoch. */
  readonly applied: Map<string, number>;
  /** Seconds by which its wall clock is ahead of ours; NaN until measured. */
  clockOffset: number;
  /** Round trip in seconds of the measurement behind {@link clockOffset}. */
  clockRoundTrip: number;
  feedDropped: number;
  /** Number of the last decision record that is on record. */
  decidedSeq: number;
}
