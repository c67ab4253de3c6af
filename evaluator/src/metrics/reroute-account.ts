import { METRIC } from '@guardspan/policy';
import type { RecordedCall, RevisedGuardrail } from '@guardspan/policy';
import type { Metrics } from './metrics.js';

/** Counts what became of calls that were sent to another target. Only targets that a guard-rail in force names are a label. */
export class RerouteAccount {
  readonly #metrics: Metrics;
  #targets = new Set<string>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** Targets of guard-rails begin at 0 when they come into force, so that a first failure is an increase. */
  published(guardrails: readonly RevisedGuardrail[]): void {
    const before = this.#targets;
    this.#targets = new Set(
      guardrails.flatMap(({ guardrail }) => (guardrail.spec.action.type === 'reroute' ? guardrail.spec.action.to : [])),
    );
    for (const target of this.#targets)
      if (!before.has(target))
        for (const outcome of ['answered', 'failed']) this.#metrics.add(METRIC.REROUTES, { target, outcome }, 0);
  }

  count(calls: readonly RecordedCall[]): void {
    for (const { call, id } of calls) {
      const target = call.decision.rerouteTo;
      if (target === '' || !this.#targets.has(target)) continue;
      const outcome = call.error.type === '' ? 'answered' : 'failed';
      this.#metrics.add(METRIC.REROUTES, { target, outcome }, 1, id.traceId);
    }
  }
}
