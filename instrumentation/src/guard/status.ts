import type { HeldDirective, KillSwitch, NackMessage, ReportMessage } from '@guardspan/policy/runtime';
import type { SettingProblem } from '../config/setting-problems.js';
import type { LinkState } from '../channel/link.js';
import type { LoadedClient } from '../loader/clients.js';
import type { EngineStatus } from '../rego/rego-engines.js';

/** What the guard of this process is doing now. */
export interface GuardStatus {
  /** False until `startGuard()` and after `stopGuard()`. */
  running: boolean;
  service: string;
  instance: string;
  incarnation: string;
  /** `none`: no evaluator is configured. */
  connection: LinkState | 'none';
  /** How messages travel now: `pull` also while the network lets no websocket through. */
  channel: 'websocket' | 'pull' | 'none';
  /** Why the last connection ended; empty when it stands. */
  connectionError: string;
  freshness: 'live' | 'stale' | 'none';
  /** Digest of the guard-rail set in force; empty when there is none. */
  revision: string;
  guardrails: number;
  /** Guard-rails that are not in force here as written, and why. */
  errors: NackMessage['errors'];
  /** Settings of this process that are wrong, and what holds in their place. */
  settings: readonly SettingProblem[];
  epoch: number;
  directives: HeldDirective[];
  /** Totals of this incarnation; `coverage` is NaN before the first call. */
  coverage: { calls: number; guarded: number; coverage: number };
  /** What lowers coverage, named. */
  gaps: ReportMessage['gaps'];
  feed: { queued: number; dropped: number };
  /** Decisions that wait for the evaluator, and those that were lost. */
  decisions: { waiting: number; dropped: number };
  /** Client modules that were loaded, also those that could not be patched. */
  clients: LoadedClient[];
  kill: { disabled: boolean; file: boolean; switches: KillSwitch[] };
  /** Streamed answers that were guarded while they arrived, and the UTF-16 code units that a text of one had to wait at most. */
  stream: { answers: number; heldMax: number };
  /** Rego engines of this process, and what they did. */
  rego: EngineStatus[];
  /** Calls that could not be guarded because of a problem in the guard itself. */
  failures: number;
  /** Why the last-known-good guard-rails could not be written; empty when they were. */
  snapshotError: string;
}
