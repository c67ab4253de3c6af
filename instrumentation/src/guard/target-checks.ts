import { BoundedService } from '../external/bounded-service.js';
import type { Clock } from './clock.js';

/** Seconds between two questions to one target. */
const EVERY = 10;
/** Seconds in which a target must answer. */
const DEADLINE = 5;

/** What is declared by name and may say how it is checked. */
export interface Declared {
  readonly name: string;
  readonly check?: () => boolean | void | PromiseLike<boolean | void>;
}

/** Who keeps what is declared. */
export interface Declarations<T extends Declared> {
  /** Those that say how they are checked. */
  checked(): readonly T[];
  /** What came of a check. */
  setUp(declared: T, up: boolean): void;
}

interface Checked {
  service: BoundedService;
  /** Monotonic seconds. */
  due: number;
}

/** Asks each declared target (or rewriter) that says how (`check`) whether it can answer, before it is used and then again and again. */
export class TargetChecks<T extends Declared> {
  readonly #known = new WeakMap<T, Checked>();

  constructor(
    private readonly declarations: Declarations<T>,
    private readonly clock: Clock,
    private readonly noun = 'target',
  ) {}

  /** To be called every second or so: asks those that are due. Never throws. */
  tick(): void {
    const now = this.clock.monotonic();
    for (const target of this.declarations.checked()) {
      let checked = this.#known.get(target);
      if (checked === undefined) {
        // Left alone by no breaker: the period is its own.
        const bounds = { maxConcurrent: 1, breaker: { failures: Number.MAX_SAFE_INTEGER } };
        checked = { service: new BoundedService(`${this.noun} ${target.name}`, this.clock, bounds), due: now };
        this.#known.set(target, checked);
      }
      if (now < checked.due) continue;
      checked.due = now + EVERY;
      const asked = checked.service.ask(async () => {
        if ((await target.check!()) === false) throw new Error('it says that it cannot answer');
      }, DEADLINE);
      void asked.then(({ ok }) => this.declarations.setUp(target, ok));
    }
  }
}
