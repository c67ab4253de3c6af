import { BoundedService } from '../external/bounded-service.js';
import type { Clock } from './clock.js';
import type { SiteRegistry } from './site-registry.js';
import type { TargetDefinition } from './types.js';

/** Seconds between two questions to one target. */
const EVERY = 10;
/** Seconds in which a target must answer. */
const DEADLINE = 5;

interface Checked {
  service: BoundedService;
  /** Monotonic seconds. */
  due: number;
}

/** Asks each declared target that says how (`check`) whether it can answer, before it is used and then again and again. */
export class TargetChecks {
  readonly #known = new WeakMap<TargetDefinition, Checked>();

  constructor(
    private readonly sites: SiteRegistry,
    private readonly clock: Clock,
  ) {}

  /** To be called every second or so: asks those that are due. Never throws. */
  tick(): void {
    const now = this.clock.monotonic();
    for (const target of this.sites.checkedTargets()) {
      let checked = this.#known.get(target);
      if (checked === undefined) {
        // Left alone by no breaker: the period is its own.
        const bounds = { maxConcurrent: 1, breaker: { failures: Number.MAX_SAFE_INTEGER } };
        checked = { service: new BoundedService(`target ${target.name}`, this.clock, bounds), due: now };
        this.#known.set(target, checked);
      }
      if (now < checked.due) continue;
      checked.due = now + EVERY;
      const asked = checked.service.ask(async () => {
        if ((await target.check!()) === false) throw new Error('it says that it cannot answer');
      }, DEADLINE);
      void asked.then(({ ok }) => this.sites.setUp(target, ok));
    }
  }
}
