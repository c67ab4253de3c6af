import type { DecideHost, HeldDirective, RevisedGuardrail } from '@guardspan/policy';
import { directiveMatches, seriesMode, TokenBucket } from '@guardspan/policy';
import type { ModelCall } from '@guardspan/policy';
import type { Transition } from '@guardspan/evaluator';

/** What a directive lets through. */
interface Held {
  directive: HeldDirective;
  throttle: TokenBucket;
  probes: TokenBucket;
}

/** Actions under which recovery is judged on probes. */
const PROBED = new Set(['reroute', 'throttle', 'shutdown']);

/**
 * The part of a service and of the evaluator's channel that is needed on virtual time: directives follow the engine's transitions at once, one process
 * holds them, and chance is replaced by exact shares, so that a run is the same each time.
 */
export class VirtualProcess implements DecideHost {
  readonly #now: () => number;
  readonly #held = new Map<string, Held>();
  readonly #throttles = new Map<string, TokenBucket>();
  readonly #probeDebt = new Map<string, number>();
  readonly #guardrails: ReadonlyMap<string, RevisedGuardrail>;
  #ids = 0;
  #spread = 0;

  /** @param now Virtual time, seconds. */
  constructor(guardrails: readonly RevisedGuardrail[], now: () => number) {
    this.#now = now;
    this.#guardrails = new Map(guardrails.map((revised) => [revised.guardrail.metadata.name, revised]));
  }

  /** Takes a transition of the engine: a series that fires gets its directive, unless its guard-rail acts on `limits.maxScopes` scopes already; one that is ok again loses it. */
  follow({ guardrail, revision, series, to, verdictId, code, message, trace }: Transition): void {
    const revised = this.#guardrails.get(guardrail);
    if (revised === undefined) return;
    const { spec } = revised.guardrail;
    const id = `${guardrail} ${JSON.stringify(series)}`;
    if (to === 'ok') this.#held.delete(id);
    const mode = seriesMode(spec, series);
    if (to !== 'firing' || mode !== 'enforce' || this.#held.has(id)) return;
    const mine = [...this.#held.values()].filter(({ directive }) => directive.guardrail === guardrail).length;
    if (mine >= spec.limits.maxScopes) return;
    const scope = Object.fromEntries(spec.scope.map((field) => [field, series[field] ?? '']));
    const { action, onStale, probe } = spec;
    const now = this.#now();
    const limit = action.type === 'throttle' ? action : { rate: 0, burst: 0 };
    // As a process does: probes begin with none at hand.
    const probes = new TokenBucket(probe.perSecond, 0, now);
    probes.resize(probe.perSecond, probe.perSecond, now);
    this.#held.set(id, {
      directive: {
        ...{ id, guardrail, revision, verdict: verdictId, scope, action, mode, code, message, trace, onStale },
        stale: false,
      },
      throttle: new TokenBucket(limit.rate, limit.burst, now),
      probes,
    });
  }

  /** Directives whose scope holds the call. */
  directivesFor(call: ModelCall): HeldDirective[] {
    return [...this.#held.values()].map(({ directive }) => directive).filter((one) => directiveMatches(one, call));
  }

  // A low-discrepancy sequence: of any run of n calls, `percent` of them act to within a few.
  random(): number {
    this.#spread = (this.#spread + 0.618_033_988_749_895) % 1;
    return this.#spread;
  }

  newId(): string {
    return (++this.#ids).toString(16).padStart(32, '0');
  }

  now(): number {
    return this.#now();
  }

  tryAcquire(key: string, rate: number, burst: number): boolean {
    const now = this.#now();
    const held = this.#held.get(key);
    if (held !== undefined) return held.throttle.take(now);
    let bucket = this.#throttles.get(key);
    if (bucket === undefined) this.#throttles.set(key, (bucket = new TokenBucket(rate, burst, now)));
    return bucket.take(now);
  }

  takeProbe({ id, guardrail, action }: HeldDirective): boolean {
    const held = this.#held.get(id);
    const probe = this.#guardrails.get(guardrail)?.guardrail.spec.probe;
    if (held === undefined || probe === undefined || !PROBED.has(action.type)) return false;
    const debt = (this.#probeDebt.get(id) ?? 0) + probe.share;
    this.#probeDebt.set(id, debt >= 1 ? debt - 1 : debt);
    return debt >= 1 || held.probes.take(this.#now());
  }

  forbids(): null {
    return null;
  }
}
