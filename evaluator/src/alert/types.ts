/** One alert over its life, as the outbox keeps it: it is sent to each Alertmanager until all of them know its end. Times in seconds from epoch. */
export interface AlertRow {
  /** Canonical JSON of `labels`: what Alertmanager tells alerts apart by. */
  key: string;
  /** Without the external labels, which every alert gets when it leaves. */
  labels: { [name: string]: string };
  annotations: { [name: string]: string };
  /** Name of the guard-rail; empty for a storm alert. */
  guardrail: string;
  startsAt: number;
  /** Since when nothing violates the guard-rail; 0 while something does. */
  quietSince: number;
  /** When the alert ended; 0 before. */
  endedAt: number;
  /** Key of the storm alert that names this one instead of its being sent; empty for an alert of its own. */
  foldedInto: string;
  /** No Alertmanager took it for so long that it was left to the Prometheus rule. */
  leftToRule: boolean;
  /** Trace of the call that opened it, or empty. */
  traceId: string;
  /** Grows with each change of what is sent. */
  version: number;
}

/** An alert in the form of Alertmanager's API (version 2, `postableAlert`). */
export interface WireAlert {
  labels: { [name: string]: string };
  annotations: { [name: string]: string };
  /** RFC 3339. */
  startsAt: string;
  endsAt: string;
  generatorURL: string;
}

/** Sends one request. Resolves to the status of the answer; rejects when there is none. */
export type PostAlerts = (body: string) => Promise<number>;

/** What an Alertmanager says of itself. */
export interface InstanceStatus {
  /** Differs after each of its starts. */
  start: string;
  /** True while it waits for its cluster: it takes alerts, and tells of them as they were when they came, however long ago that is by then. */
  settling: boolean;
}

/** How one Alertmanager takes what is sent to it. */
export interface InstanceState {
  url: string;
  /** Plain sentence why the last request failed, empty when it did not. */
  reason: string;
  /** Seconds from epoch since when every request fails; 0 when the last one did not. */
  failingSince: number;
  /** Seconds from epoch of the last accepted request; 0 for none. */
  lastSuccessAt: number;
  /** Alerts that it has to be told now. */
  waiting: number;
}
