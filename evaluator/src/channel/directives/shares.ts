import type { Action, Probe, ShareMessage } from '@guardspan/policy';

/** One instance's part of what a directive allows over its whole scope. */
export type Share = Omit<ShareMessage['shares'][number], 'directive'>;

/**
 * Splits the rate of a throttle and the probes of a directive evenly over the live instances that it reaches.
 *
 * @param instances Live matching instances; 0 counts as one, so that the first to come does not exceed the budget.
 * @returns Calls per second, calls at the start, probes per second. None is rounded: four processes with a burst of one begin with a quarter of a call
 * each, and not with four calls. A process's bucket still fills up to one whole call.
 */
export function shareOf(action: Action, probe: Pick<Probe, 'perSecond'>, instances: number): Share {
  const parts = Math.max(1, instances);
  const throttle = action.type === 'throttle' ? action : { rate: 0, burst: 0 };
  return {
    rate: throttle.rate / parts,
    burst: throttle.rate > 0 ? throttle.burst / parts : 0,
    probe: probe.perSecond / parts,
  };
}
