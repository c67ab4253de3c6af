import { heldDirective, scopeReader, TokenBucket } from '@guardspan/policy/runtime';
import type { Directive, HeldDirective, ModelCall, ShareMessage } from '@guardspan/policy/runtime';
import type { Clock } from './clock.js';

interface Entry {
  held: HeldDirective;
  directive: Directive;
  /** Seconds, monotonic. */
  expiresAt: number;
  rate: TokenBucket | null;
  probes: TokenBucket;
  /** Fields of the scope besides model and version. */
  rest: { read: (call: ModelCall) => string; value: string }[];
}

const NONE: readonly HeldDirective[] = [];
/** A lease never runs longer than this, whatever a message says. Seconds. */
const MAX_LEASE = 300;
/** Wall clock running ahead of the monotonic clock by more than this means that the machine slept. Seconds. */
const SLEEP_TOLERANCE = 5;
const MAX_CACHED_MODELS = 4096;

/**
 * The directives that this process holds, each under a lease on the monotonic clock from receipt. A lease that ended makes its directive stale: it is
 * kept, so that `onStale` can decide, until the evaluator speaks again. Never written to disk.
 */
export class DirectiveTable {
  #epoch = 0;
  #seq = 0;
  readonly #entries = new Map<string, Entry>();
  readonly #byModel = new Map<string, Map<string, readonly Entry[]>>();
  #cached = 0;
  #skew: number;

  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {
    this.#skew = clock.wall() - clock.monotonic();
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Position in the directive log of the epoch up to which this process has followed. */
  get seq(): number {
    return this.#seq;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The directives, for status and for what a connection reports as applied. */
  list(): HeldDirective[] {
    const now = this.#now();
    return [...this.#entries.values()].map((entry) => this.#refreshed(entry, now));
  }

  /** Takes a whole state in place of what was held. Returns the ids that are gone. */
  replace(epoch: number, seq: number, directives: readonly Directive[]): string[] {
    const kept = new Set(directives.map(({ id }) => id));
    const gone = [...this.#entries.keys()].filter((id) => !kept.has(id));
    for (const id of gone) this.#entries.delete(id);
    this.#epoch = epoch;
    this.#seq = seq;
    for (const directive of directives) this.#put(directive);
    this.#changed();
    return gone;
  }

  /** Adds or renews directives. Those of an older epoch than the table's are ignored; a newer epoch drops what was held. Returns what was applied and dropped. */
  apply(epoch: number, seq: number, directives: readonly Directive[]): { applied: string[]; dropped: string[] } {
    const dropped = this.#enter(epoch);
    if (dropped === null) return { applied: [], dropped: [] };
    this.#seq = Math.max(this.#seq, seq);
    for (const directive of directives) this.#put(directive);
    this.#changed();
    return { applied: directives.map(({ id }) => id), dropped };
  }

  /** Extends leases of those ids that are held. Returns what a newer epoch dropped. */
  renew(epoch: number, ids: readonly string[], expiresIn: number): string[] {
    const dropped = this.#enter(epoch);
    if (dropped === null) return [];
    const now = this.#now();
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (entry) entry.expiresAt = now + Math.min(expiresIn, MAX_LEASE);
    }
    return dropped;
  }

  /** Ends directives. Returns the ids that were held. */
  release(epoch: number, seq: number, ids: readonly string[]): string[] {
    const dropped = this.#enter(epoch);
    if (dropped === null) return [];
    this.#seq = Math.max(this.#seq, seq);
    const released = ids.filter((id) => this.#entries.delete(id));
    this.#changed();
    return [...dropped, ...released];
  }

  /** Sets this process's part of rates and probes. */
  share(epoch: number, shares: ShareMessage['shares']): void {
    if (epoch !== this.#epoch) return;
    const now = this.#now();
    for (const { directive, rate, burst, probe } of shares) {
      const entry = this.#entries.get(directive);
      if (!entry) continue;
      entry.rate?.resize(rate, burst, now);
      entry.probes.resize(probe, probe, now);
    }
  }

  /** The directives whose scope the call is in. Costs a field read while none is held. @param now Monotonic seconds, and @param wall those from epoch: a call has looked at both clocks already. */
  match(call: ModelCall, now: number, wall: number): readonly HeldDirective[] {
    if (this.#entries.size === 0) return NONE;
    const candidates = this.#byModel.get(call.model.name)?.get(call.model.version) ?? this.#index(call);
    if (candidates.length === 0) return NONE;
    this.#awake(now, wall);
    const found: HeldDirective[] = [];
    for (const entry of candidates) if (inRest(entry, call)) found.push(this.#refreshed(entry, now));
    return found;
  }

  /** Takes one call from the throttle of a directive; null when it is not one of ours. */
  tryAcquire(id: string): boolean | null {
    const entry = this.#entries.get(id);
    if (!entry) return null;
    return entry.rate?.take(this.#now()) ?? true;
  }

  /** True when the next call is let through as a probe: a share of the calls, and at least so many a second. */
  takeProbe(id: string): boolean {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    return this.random() < entry.directive.probe.share || entry.probes.take(this.#now());
  }

  /** Null when the message is of the past. */
  #enter(epoch: number): string[] | null {
    if (epoch < this.#epoch) return null;
    if (epoch === this.#epoch) return [];
    const dropped = [...this.#entries.keys()];
    this.#entries.clear();
    this.#epoch = epoch;
    this.#seq = 0;
    this.#changed();
    return dropped;
  }

  #put(directive: Directive): void {
    const now = this.#now();
    const known = this.#entries.get(directive.id);
    const { action, scope, probe } = directive;
    const share = directive.share ?? (action.type === 'throttle' ? action : { rate: 0, burst: 0 });
    const probes = directive.probeShare ?? probe.perSecond;
    const rate = known?.rate ?? (action.type === 'throttle' ? new TokenBucket(share.rate, share.burst, now) : null);
    const probeBucket = known?.probes ?? new TokenBucket(probes, 0, now);
    rate?.resize(share.rate, share.burst, now);
    probeBucket.resize(probes, probes, now);
    this.#entries.set(directive.id, {
      directive,
      expiresAt: now + Math.min(directive.expiresIn, MAX_LEASE),
      rate,
      probes: probeBucket,
      rest: Object.keys(scope)
        .filter((field) => field !== 'model' && field !== 'model_version')
        .map((field) => ({ read: scopeReader(field), value: scope[field]! })),
      held: heldDirective(directive),
    });
  }

  #refreshed(entry: Entry, now: number): HeldDirective {
    const stale = now >= entry.expiresAt;
    if (stale !== entry.held.stale) entry.held = { ...entry.held, stale };
    return entry.held;
  }

  /** Monotonic time, after {@link #awake}. */
  #now(): number {
    const now = this.clock.monotonic();
    this.#awake(now, this.clock.wall());
    return now;
  }

  /** Time that a machine slept is not on the monotonic clock, so leases are shortened by it. */
  #awake(now: number, wall: number): void {
    const skew = wall - now;
    const slept = skew - this.#skew;
    if (slept > SLEEP_TOLERANCE) for (const entry of this.#entries.values()) entry.expiresAt -= slept;
    if (Math.abs(slept) > SLEEP_TOLERANCE) this.#skew = skew;
  }

  #index(call: ModelCall): readonly Entry[] {
    const { name, version } = call.model;
    const found = [...this.#entries.values()].filter(({ directive: { scope } }) => {
      return (scope['model'] ?? name) === name && (scope['model_version'] ?? version) === version;
    });
    if (this.#cached >= MAX_CACHED_MODELS) this.#changed();
    let versions = this.#byModel.get(name);
    if (!versions) this.#byModel.set(name, (versions = new Map()));
    versions.set(version, found);
    this.#cached += 1;
    return found;
  }

  #changed(): void {
    this.#byModel.clear();
    this.#cached = 0;
  }
}

function inRest({ rest }: Entry, call: ModelCall): boolean {
  for (const { read, value } of rest) if (read(call) !== value) return false;
  return true;
}
