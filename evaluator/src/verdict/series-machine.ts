import type { Guardrail } from '@guardspan/policy';
import type { SeriesInput, SeriesState } from '../engine/types.js';

/** Why a series is released from outside: a person, a change of the document, or its end by `expires`. */
export type ReleaseCode = 'operator' | 'document_changed' | 'expired';
/** Why a transition happened: from outside, or by an evaluation. */
export type TransitionCode = 'condition' | 'no_data' | 'recovered' | 'probe_breach' | ReleaseCode;

/** State of one series. Times in seconds from epoch; plain JSON, so that a checkpoint can hold it. */
export interface Machine {
  state: SeriesState;
  /** When `state` was entered. */
  since: number;
  /** From when the breach (pending) or the recovery (probing) holds without a break; -1 when it does not. */
  holdFrom: number;
  /** No change into `firing` before this. */
  cooldownUntil: number;
  /** What made it pending or firing. */
  cause: 'condition' | 'no_data';
}

/** What a guard-rail's document says about time and recovery. */
export interface MachineParameters {
  /** Seconds that a breach must hold before firing, and a recovery on probes before release. */
  for: number;
  /** Seconds after a release without a second action. */
  cooldown: number;
  onNoData: 'ok' | 'keep' | 'fire';
  /** What recovery is judged on: probes; ordinary calls, when nothing is withheld; or never, when only a person releases. */
  recovery: 'probes' | 'calls' | 'operator';
}

/** What recovery is judged on, as a document's mode, action and probes say. */
export function recoveryOf({
  mode,
  action,
  probe,
  rollout,
}: Pick<Guardrail['spec'], 'mode' | 'action' | 'probe' | 'rollout'>): MachineParameters['recovery'] {
  // A rollout of 0 % withholds nothing.
  if (mode !== 'enforce' || action.type === 'annotate' || action.type === 'sample' || rollout?.percent === 0)
    return 'calls';
  return probe.share > 0 || probe.perSecond > 0 ? 'probes' : 'operator';
}

/** Outcome of a step; `code` is empty when the state did not change. */
export interface Step {
  machine: Machine;
  code: TransitionCode | '';
}

/** The state of a series that was never evaluated. */
export function initialMachine(now: number): Machine {
  return { state: 'ok', since: now, holdFrom: -1, cooldownUntil: -1, cause: 'condition' };
}

/**
 * The one state machine (ok → pending → firing → probing → ok). Pure. `noData` hides the other two inputs, and a breach hides a
 * recovery. A clock that went back restarts the running hold; it can lengthen `for` or `cooldown` by at most one full length.
 */
export function step(before: Machine, input: SeriesInput, now: number, parameters: MachineParameters): Step {
  const machine = anchored(before, now, parameters);
  const breach = !input.noData && input.breach;
  const recovered = !input.noData && !input.breach && input.recovered;
  switch (machine.state) {
    case 'ok':
    case 'pending': {
      const silent = input.noData && parameters.onNoData === 'fire';
      if (!breach && !silent) {
        const stay = machine.state === 'ok' || (input.noData && parameters.onNoData === 'keep');
        return stay ? { machine, code: '' } : enter(machine, 'ok', 'recovered', now);
      }
      const cause = breach ? 'condition' : 'no_data';
      const holdFrom = machine.state === 'pending' ? machine.holdFrom : now;
      const caused: Machine = { ...machine, cause, holdFrom };
      if (now - holdFrom >= parameters.for && now >= machine.cooldownUntil) {
        return enter(caused, 'firing', cause, now);
      }
      if (machine.state === 'ok') return { ...enter(caused, 'pending', cause, now, now) };
      return { machine: caused, code: '' };
    }
    case 'firing':
      if (!recovered || parameters.recovery === 'operator') return { machine, code: '' };
      if (parameters.recovery === 'calls') return released(machine, 'recovered', now, parameters);
      return enter(machine, 'probing', 'recovered', now, now);
    case 'probing':
      if (input.noData) return { machine, code: '' };
      if (breach) return enter(machine, 'firing', 'probe_breach', now);
      if (!recovered) return { machine: { ...machine, holdFrom: -1 }, code: '' };
      if (machine.holdFrom < 0) return { machine: { ...machine, holdFrom: now }, code: '' };
      if (now - machine.holdFrom < parameters.for) return { machine, code: '' };
      return released(machine, 'recovered', now, parameters);
  }
}

/** Ends an action by hand, because the document changed or because it expired: `ok` from any state, with the cool-down of a release. */
export function release(machine: Machine, code: ReleaseCode, now: number, parameters: MachineParameters): Step {
  return released(machine, code, now, parameters);
}

function released(machine: Machine, code: TransitionCode, now: number, parameters: MachineParameters): Step {
  return enter({ ...machine, cooldownUntil: now + parameters.cooldown }, 'ok', code, now);
}

function enter(machine: Machine, state: SeriesState, code: TransitionCode, now: number, holdFrom = -1): Step {
  return { machine: { ...machine, state, since: now, holdFrom }, code };
}

function anchored(machine: Machine, now: number, parameters: MachineParameters): Machine {
  const cooldownUntil = Math.min(machine.cooldownUntil, now + parameters.cooldown);
  if (machine.since <= now && cooldownUntil === machine.cooldownUntil) return machine;
  return {
    ...machine,
    since: Math.min(machine.since, now),
    holdFrom: Math.min(machine.holdFrom, now),
    cooldownUntil,
  };
}
