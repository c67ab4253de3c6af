import { killReaches } from '@guardspan/policy/runtime';
import type { KillSwitch } from '@guardspan/policy/runtime';
import type { Clock } from './clock.js';

/** Every reason for which this process may not enforce: the local file, and the kill switches of the evaluator, which may end. */
export class KillSwitches {
  /** Set while the local kill file exists. */
  file = false;
  #switches: { kill: KillSwitch; endsAt: number }[] = [];

  constructor(private readonly clock: Clock) {}

  /** Takes the whole list in place of the last. */
  replace(kills: readonly KillSwitch[]): void {
    const now = this.clock.monotonic();
    this.#switches = kills.map((kill) => ({ kill, endsAt: kill.expiresIn > 0 ? now + kill.expiresIn : Infinity }));
  }

  /** The switches that hold now. */
  active(): KillSwitch[] {
    if (this.#switches.length === 0) return [];
    const now = this.clock.monotonic();
    this.#switches = this.#switches.filter(({ endsAt }) => endsAt > now);
    return this.#switches.map(({ kill }) => kill);
  }

  /** True when nothing of this guard-rail may be enforced for this model. */
  stops(guardrail: string, model: string, service: string): boolean {
    if (this.file) return true;
    if (this.#switches.length === 0) return false;
    return this.active().some(({ scope }) => killReaches(scope, guardrail, model, service));
  }
}
