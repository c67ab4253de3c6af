/** Actions that the faults of the scenario ask for. */
export type FaultAction = 'reroute' | 'throttle' | 'shutdown';

/** A stretch of the scenario in which something is wrong on purpose: the truth by which actions are judged. */
export interface Fault {
  phase: string;
  model: string;
  action: FaultAction;
  /** Guard-rail that has to act. */
  guardrail: string;
  /** Seconds from epoch; NaN before it begins. */
  from: number;
  /** NaN while it lasts. */
  until: number;
  /** First time that the app saw the action; NaN before. */
  firstAction: number;
  /** When the evaluator released; NaN before. */
  released: number;
}

/** Seconds after the end of a fault in which the action may still be seen: recovery is judged on probes, not at once. */
export const RECOVERY_LIMIT = 20;

/** Creates a fault that has not begun. */
export function createFault(fault: Pick<Fault, 'phase' | 'model' | 'action' | 'guardrail'>): Fault {
  return { ...fault, from: NaN, until: NaN, firstAction: NaN, released: NaN };
}

/** True when an action on a call of `model` that ended at `at` is explained by a fault. */
export function explained(faults: readonly Fault[], model: string, action: FaultAction, at: number): boolean {
  return faults.some(
    (fault) =>
      fault.model === model &&
      fault.action === action &&
      at >= fault.from &&
      (Number.isNaN(fault.until) || at <= fault.until + RECOVERY_LIMIT),
  );
}
