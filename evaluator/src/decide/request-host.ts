import { killReaches, TokenBucket } from '@guardspan/policy';
import type { Action, ActionType, DecideHost, HeldDirective } from '@guardspan/policy';
import type { KillState } from '../http/deps.js';

/** Throttles and probes that are remembered; the oldest leave first. */
const MAX_BUCKETS = 4096;

/** What the host of decisions by request stands on. */
export interface RequestHostParts {
  /** Seconds, for throttles and probes. */
  now: () => number;
  /** 0 <= x < 1. */
  random: () => number;
  newId: () => string;
  /** How recovery is probed while a directive holds. */
  probeOf: (directive: string) => { share: number; perSecond: number };
  /** Stops of enforcement that hold. */
  kills: () => readonly KillState[];
}

/** Who asks, and what they can carry out. */
export interface Asker {
  can: readonly ActionType[];
  targets: readonly string[];
  model: string;
  service: string;
}

/** The host of one decision, bound to who asks. */
export interface AskedHost extends DecideHost {
  asker: Asker;
}

/** What the evaluator lends to the decision function when somebody asks it. A decision never waits, so `asker`, set just before it, cannot be another's. */
export class RequestHost implements AskedHost {
  asker: Asker = { can: [], targets: [], model: '', service: '' };
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(private readonly parts: RequestHostParts) {}

  random(): number {
    return this.parts.random();
  }

  newId(): string {
    return this.parts.newId();
  }

  now(): number {
    return this.parts.now();
  }

  tryAcquire(key: string, rate: number, burst: number): boolean {
    return rate > 0 && this.#bucket(`rate ${key}`, rate, burst).take(this.now());
  }

  takeProbe({ id }: HeldDirective): boolean {
    const { share, perSecond } = this.parts.probeOf(id);
    if (this.random() < share) return true;
    return perSecond > 0 && this.#bucket(`probe ${id}`, perSecond, perSecond).take(this.now());
  }

  forbids(action: Action, guardrail: string): 'forbidden_here' | 'unsupported_here' | 'killed' | null {
    const { can, targets, model, service } = this.asker;
    if (this.parts.kills().some(({ scope }) => killReaches(scope, guardrail, model, service))) return 'killed';
    if (!can.includes(action.type)) return 'unsupported_here';
    const target = action.type === 'reroute' ? action.to : action.type === 'shutdown' ? action.fallback : '';
    return target !== '' && !targets.includes(target) ? 'forbidden_here' : null;
  }

  #bucket(key: string, rate: number, burst: number): TokenBucket {
    const now = this.now();
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      if (this.#buckets.size >= MAX_BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value!);
      this.#buckets.set(key, (bucket = new TokenBucket(rate, burst, now)));
    } else bucket.resize(rate, burst, now);
    return bucket;
  }
}
