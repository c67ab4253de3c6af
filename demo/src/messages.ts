/** From the scenario to an app. */
export type Command =
  | { type: 'phase'; name: string }
  /** Admissions only: which version is deployed. */
  | { type: 'deploy'; version: string }
  /** Admissions only: the scenario is over, and whoever still looks needs a trickle of calls. */
  | { type: 'rest' }
  | { type: 'stop' };

/** What the app itself saw of one call: nothing of ours, only the client's answer or error. */
export interface Observation {
  /** Seconds from epoch at which the call ended. */
  at: number;
  phase: string;
  /** The model that the app asked for. */
  asked: string;
  /** The model that answered, empty for an error. */
  answered: string;
  /** `name` of the error, empty for an answer. */
  error: string;
}

/** From an app to the scenario. */
export type Event =
  | { type: 'ready' }
  | { type: 'calls'; observations: Observation[] }
  /** Admissions only: every application of the table has been decided once. */
  | { type: 'table_done'; admitted: number; decided: number; wrong: number }
  /** Directives that this process applies now. */
  | { type: 'stopped' };
