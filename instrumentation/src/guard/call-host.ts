import { CounterTable, TokenBucket } from '@guardspan/policy/runtime';
import type { Action, ActionType, DecideHost, HeldDirective, InlinePoint } from '@guardspan/policy/runtime';
import type { Clock } from './clock.js';
import type { DirectiveTable } from './directive-table.js';
import type { KillSwitches } from './kill-switches.js';
import { randomHex } from './random-ids.js';

/** What bounds the actions of one call. */
export interface CallBounds {
  can: Record<InlinePoint, readonly ActionType[]>;
  point: InlinePoint;
  model: string;
  service: string;
}

/** What the host of decisions stands on. */
export interface CallHostParts {
  clock: Clock;
  random: () => number;
  directives: DirectiveTable;
  kills: KillSwitches;
  allow: readonly ActionType[];
  hasTarget: (name: string) => boolean;
  /** False for a target that does not answer its check. */
  isUp: (name: string) => boolean;
  rego: NonNullable<DecideHost['rego']>;
}

const NOTHING: CallBounds = { can: { request: [], chunk: [], response: [] }, point: 'request', model: '', service: '' };

/**
 * What this process lends to the decision function. One object serves every call: a decision never waits, so `bounds`, set just before it, cannot be
 * another call's.
 */
export class CallHost implements DecideHost {
  bounds: CallBounds = NOTHING;
  /** Outlive a set of guard-rails. */
  readonly counters = new CounterTable();
  readonly #buckets = new Map<string, TokenBucket>();

  readonly rego: CallHostParts['rego'];

  constructor(private readonly parts: CallHostParts) {
    this.rego = parts.rego;
  }

  random(): number {
    return this.parts.random();
  }

  newId(): string {
    return randomHex(16);
  }

  now(): number {
    return this.parts.clock.monotonic();
  }

  tryAcquire(key: string, rate: number, burst: number): boolean {
    const leased = this.parts.directives.tryAcquire(key);
    if (leased !== null) return leased;
    const now = this.now();
    let bucket = this.#buckets.get(key);
    if (!bucket) this.#buckets.set(key, (bucket = new TokenBucket(rate, burst, now)));
    else bucket.resize(rate, burst, now);
    return bucket.take(now);
  }

  takeProbe(directive: HeldDirective): boolean {
    return this.parts.directives.takeProbe(directive.id);
  }

  forbids(action: Action, guardrail: string): 'forbidden_here' | 'unsupported_here' | 'killed' | null {
    const { can, point, model, service } = this.bounds;
    if (this.parts.kills.stops(guardrail, model, service)) return 'killed';
    if (!this.parts.allow.includes(action.type)) return 'forbidden_here';
    const target = action.type === 'reroute' ? action.to : action.type === 'shutdown' ? action.fallback : '';
    if (target !== '' && !this.parts.hasTarget(target)) return 'forbidden_here';
    // A shutdown is carried out without its fallback.
    if (action.type === 'reroute' && !this.parts.isUp(target)) return 'unsupported_here';
    const marks = action.type === 'annotate' || action.type === 'sample';
    if (!marks && !can[point].includes(action.type)) return 'unsupported_here';
    return null;
  }

  /** Forgets throttles and counters of guard-rails that are no longer loaded. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#buckets.keys()) if (!names.has(name)) this.#buckets.delete(name);
    this.counters.keepOnly((id) => names.has(id.slice(0, id.indexOf('/'))));
  }
}
