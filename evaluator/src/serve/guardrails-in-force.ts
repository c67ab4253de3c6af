import { asWatched, revisionOf, strictestMode } from '@guardspan/policy';
import type { RevisedGuardrail } from '@guardspan/policy';

/** The published guard-rails with those dropped to `warn` whose document asks for that when it over-reacts. */
export class GuardrailsInForce {
  #published: readonly RevisedGuardrail[] = [];
  /** Name to the revision that was found over-reacting. */
  readonly #dropped = new Map<string, string>();

  /** Replaces what is published; a new revision of a dropped guard-rail is in force as it is written. */
  publish(guardrails: readonly RevisedGuardrail[]): void {
    this.#published = guardrails;
    if (this.#dropped.size === 0) return;
    const revisions = new Map(guardrails.map(({ guardrail, revision }) => [guardrail.metadata.name, revision]));
    for (const [name, revision] of this.#dropped) if (revisions.get(name) !== revision) this.#dropped.delete(name);
  }

  /** Drops a guard-rail to `warn` until its document changes. False when nothing changes by it. */
  drop(name: string): boolean {
    const revised = this.#published.find(({ guardrail }) => guardrail.metadata.name === name);
    if (revised === undefined || this.#dropped.has(name)) return false;
    const { spec } = revised.guardrail;
    if (strictestMode(spec) !== 'enforce' || spec.limits.onExceed !== 'warn') return false;
    this.#dropped.set(name, revised.revision);
    return true;
  }

  list(): readonly RevisedGuardrail[] {
    if (this.#dropped.size === 0) return this.#published;
    return this.#published.map((revised) => {
      if (!this.#dropped.has(revised.guardrail.metadata.name)) return revised;
      const warned = asWatched(revised.guardrail);
      return { guardrail: warned, revision: revisionOf(warned) };
    });
  }
}
