/** Names of the steps of a drill, in their order. */
export const DRILL_STEPS = [
  'guard-rail',
  'process',
  'violation',
  'verdict',
  'directive',
  'blocked',
  'alert',
  'alertmanager',
  'receivers',
  'recovery',
] as const;
export type DrillStepName = (typeof DRILL_STEPS)[number];

/** One step of a drill. */
export interface DrillStep {
  step: DrillStepName;
  /** `skipped`: not asked for, or a step before it failed. */
  outcome: 'ok' | 'failed' | 'skipped';
  /** Milliseconds from the moment at which the violation was sent; of steps before it, from the beginning of the drill. */
  ms: number;
  /** What was seen, or why it failed. */
  detail: string;
}

/** What came of a drill. */
export interface DrillResult {
  drill: true;
  /** Seconds from epoch. */
  at: number;
  blocked: boolean;
  /** True when every step that was asked for went well. */
  ok: boolean;
  /** True when a server that the drill asked could not be reached. */
  unreachable: boolean;
  steps: DrillStep[];
  /** Alertmanagers that took the alert about a drill that was not blocked. */
  alerted: string[];
}
