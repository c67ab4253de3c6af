import type { Directive } from '@guardspan/policy';

/** A directive as the evaluator holds it. */
export interface ActiveDirective {
  /** What travels, without an instance's share; `expiresIn` is the full lease. */
  readonly wire: Directive;
  /** Canonical JSON of the series of the guard-rail that ask for it: it is released when none is left. */
  readonly holders: Set<string>;
  /** Seconds from epoch. */
  readonly issuedAt: number;
  /** Seconds from epoch. */
  renewedAt: number;
  /** 0 while it is active. */
  releasedAt: number;
}
