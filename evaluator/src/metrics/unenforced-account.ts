import { compileCounted, directiveMatches, effectiveMode, METRIC, rolloutShare, scopeReader } from '@guardspan/policy';
import type { DecisionRecord, Directive, ModelCall, RecordedCall, RevisedGuardrail, Verdict } from '@guardspan/policy';
import type { ActiveDirective } from '../channel/directives/active-directive.js';
import type { Metrics } from './metrics.js';

/**
 * Why a call passed that a guard-rail in `enforce` refused. The first four are what the process itself said. `ignored`: it had confirmed the directive and its
 * record shows nothing of it. `unguarded`: it has no package of ours that could carry a directive out.
 */
export const UNENFORCED_REASONS = [
  'forbidden_here',
  'unsupported_here',
  'stale',
  'killed',
  'ignored',
  'unguarded',
] as const;
type Reason = (typeof UNENFORCED_REASONS)[number];

const REFUSING: ReadonlySet<string> = new Set(['deny', 'shutdown', 'throttle']);
const SAID: ReadonlySet<string> = new Set(UNENFORCED_REASONS.slice(0, 4));
/** Seconds for which a call may have been decided before a directive: as far as clocks may be apart without being corrected. */
const GRACE = 2;

/** Options of {@link UnenforcedAccount}. */
export interface UnenforcedOptions {
  metrics: Metrics;
  /** The guard-rail in force of this name. */
  guardrail: (name: string) => RevisedGuardrail | undefined;
  /** Directives in force. */
  held: () => readonly ActiveDirective[];
  /** When this start of a process confirmed a directive, seconds from epoch. */
  confirmedAt: (incarnation: string, directive: string) => number | undefined;
  /** True for a service without our package that asks before each call: what of its calls is a probe only its gateway knows. */
  asks: (service: string) => boolean;
  /** True when a kill switch stops this guard-rail for a call. */
  killed: (guardrail: string, call: ModelCall) => boolean;
}

/**
 * Counts calls that passed although a guard-rail in `enforce` refused them, by what processes say of their decisions and, where they say nothing, by the calls
 * that were received while a shutdown is in force.
 */
export class UnenforcedAccount {
  readonly #options: UnenforcedOptions;
  readonly #known = new Set<string>();
  /** Of guard-rails that shut down: which calls their directives are for. */
  readonly #acts = new WeakMap<RevisedGuardrail, (call: ModelCall) => boolean>();

  constructor(options: UnenforcedOptions) {
    this.#options = options;
  }

  /** Each reason begins at 0 when a guard-rail that refuses comes into force, so that a first call is an increase. */
  published(guardrails: readonly RevisedGuardrail[]): void {
    for (const { guardrail } of guardrails) {
      const { name } = guardrail.metadata;
      if (!REFUSING.has(guardrail.spec.action.type) || this.#known.has(name)) continue;
      this.#known.add(name);
      for (const reason of UNENFORCED_REASONS) this.#add(name, reason, 0, '');
    }
  }

  /** What processes decided. */
  decided(records: readonly DecisionRecord[]): void {
    for (const { action, verdicts, traceId } of records) {
      // Another guard-rail refused the call: it did not pass.
      if (REFUSING.has(action)) continue;
      for (const verdict of verdicts)
        if (wasRefused(verdict)) this.#add(verdict.guardrail, verdict.code as Reason, 1, traceId);
    }
  }

  /** Calls that were received and have ended. */
  count(calls: readonly RecordedCall[]): void {
    const shutdowns = this.#options
      .held()
      .filter(({ wire }) => wire.action.type === 'shutdown' && wire.mode === 'enforce');
    if (shutdowns.length === 0) return;
    for (const { call, id, sampled, incarnation } of calls) {
      if (REFUSING.has(call.decision.action) || call.decision.probe) continue;
      if (sampled && this.#options.asks(call.service)) continue;
      for (const { wire, issuedAt } of shutdowns) {
        const since = sampled ? issuedAt : this.#options.confirmedAt(incarnation, wire.id);
        if (since === undefined || call.startedAt < since + GRACE || !this.#isFor(wire, call)) continue;
        this.#add(wire.guardrail, sampled ? 'unguarded' : 'ignored', 1, id.traceId);
      }
    }
  }

  /** True when a process that holds the directive had to say something of it about this call, and did not. */
  #isFor(wire: Directive, call: ModelCall): boolean {
    if (call.decision.guardrails.includes(wire.guardrail) || !directiveMatches(wire, call)) return false;
    const revised = this.#options.guardrail(wire.guardrail);
    if (revised?.revision !== wire.revision || this.#options.killed(wire.guardrail, call)) return false;
    let acts = this.#acts.get(revised);
    if (acts === undefined) this.#acts.set(revised, (acts = actsOn(revised)));
    return acts(call);
  }

  #add(guardrail: string, reason: Reason, value: number, traceId: string): void {
    if (this.#known.has(guardrail))
      this.#options.metrics.add(METRIC.DENIALS_UNENFORCED, { guardrail, reason }, value, traceId);
  }
}

/** A guard-rail that decided, refused the call, and was kept from it. */
function wasRefused({ outcome, mode, action, disposition, code }: Verdict): boolean {
  return (
    outcome === 'violation' &&
    mode === 'enforce' &&
    REFUSING.has(action) &&
    (disposition === 'allow_failopen' || disposition === 'allow_stale') &&
    SAID.has(code)
  );
}

/** Which calls a windowed guard-rail acts on: those it counts, where it enforces. */
function actsOn({ guardrail }: RevisedGuardrail): (call: ModelCall) => boolean {
  const { spec } = guardrail;
  const { rollout } = spec;
  const counted = compileCounted(guardrail);
  const by = rollout === undefined ? null : scopeReader(rollout.by);
  return (call) =>
    counted.counts(call) &&
    call.startedAt < counted.expires &&
    effectiveMode(spec, call.environment) === 'enforce' &&
    (by === null || rolloutShare(rollout!.seed, by(call)) < rollout!.percent);
}
