import type { DecideHost } from '../../src/index.js';

/** A process that lends nothing special to a decision: chance is 0, time stands still, no throttle has room, nothing is probed or forbidden. */
export const QUIET_HOST: DecideHost = {
  random: () => 0,
  newId: () => 'id',
  now: () => 0,
  tryAcquire: () => false,
  takeProbe: () => false,
  forbids: () => null,
};
