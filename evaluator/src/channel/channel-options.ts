import type { DecisionRecord, ReportMessage } from '@guardspan/policy';
import type { Authenticator } from '../auth/types.js';
import type { EventPublisher } from '../http/deps.js';
import type { Metrics } from '../metrics/metrics.js';
import type { DirectiveManager } from './directives/directive-manager.js';
import type { Fleet } from './fleet/fleet.js';
import type { Instance } from './fleet/instance.js';
import type { KillSwitches } from './kill-switches.js';
import type { Publication } from './publication.js';

/** What the channel stands on. */
export interface ChannelOptions {
  /** Seconds from epoch. */
  now: () => number;
  auth: Authenticator;
  fleet: Fleet;
  directives: DirectiveManager;
  kill: KillSwitches;
  publication: Publication;
  metrics: Metrics;
  events: EventPublisher;
  /** A report came in. */
  onReport: (instance: Instance, report: ReportMessage) => void;
  /** Decisions came in; resolves when they are on record, which is then told to the process. */
  onDecisions: (instance: Instance, records: readonly DecisionRecord[], dropped: number) => Promise<void>;
  /** Seconds between pings. */
  heartbeat: number;
  maxConnections: number;
  /** Bytes of one message of a client. Default 1 MiB. */
  maxMessageBytes?: number;
  /** Seconds in which `hello` must come. Default 10. */
  helloTimeout?: number;
}
