/** Time as the guard sees it; tests pass their own. */
export interface Clock {
  /** Seconds from any fixed point, never going back. */
  monotonic(): number;
  /** Seconds from epoch. */
  wall(): number;
}

/** The clocks of this process. */
export const systemClock: Clock = {
  monotonic: () => performance.now() / 1000,
  wall: () => Date.now() / 1000,
};
