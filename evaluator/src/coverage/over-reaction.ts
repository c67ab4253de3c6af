import type { RevisedGuardrail } from '@guardspan/policy';
import { matchesModel } from '../channel/fleet/process-match.js';
import type { ReportGrowth } from './coverage.js';

/** Length of a slice of the window, seconds. */
const SLICE = 10;
/** Dispositions under which something was done to the call. */
const ACTED = new Set(['enforced', 'enforced_stale', 'deny_failclosed', 'deny_stale']);

interface Slice {
  start: number;
  calls: number;
  acted: number;
}

/** An inline guard-rail that acts on too large a share of its calls. */
export interface OverReaction {
  guardrail: string;
  /** 0..1 */
  share: number;
  calls: number;
}

/** Watches which share of their calls inline guard-rails act on (`limits.maxActedShare`): the guard may be the incident. */
export class OverReactionWatch {
  readonly #slices = new Map<string, Slice[]>();

  /** Takes what one report added. `guardrails` are those that its process holds. */
  accept(growth: ReportGrowth, guardrails: readonly RevisedGuardrail[], now: number): void {
    if (growth.guarded.length === 0 && growth.dispositions.length === 0) return;
    const actedOn = new Map<string, number>();
    for (const { guardrail, disposition, action, count } of growth.dispositions)
      // A sample changes nothing about a call, and its share is what its author wants.
      if (ACTED.has(disposition) && action !== 'sample') actedOn.set(guardrail, (actedOn.get(guardrail) ?? 0) + count);
    for (const { guardrail } of guardrails) {
      const { match, at } = guardrail.spec;
      if (at === null) continue;
      const { name } = guardrail.metadata;
      let calls = 0;
      for (const { model, version, count } of growth.guarded) if (matchesModel(match, model, version)) calls += count;
      const acted = actedOn.get(name) ?? 0;
      if (calls === 0 && acted === 0) continue;
      const slice = this.#slice(name, now);
      slice.calls += calls;
      slice.acted += acted;
    }
  }

  /** Inline guard-rails above their limit now. */
  check(guardrails: readonly RevisedGuardrail[], now: number): OverReaction[] {
    const found: OverReaction[] = [];
    const names = new Set<string>();
    for (const { guardrail } of guardrails) {
      const { name } = guardrail.metadata;
      names.add(name);
      const { maxActedShare, maxActedWindow, maxActedMinCalls } = guardrail.spec.limits;
      const slices = (this.#slices.get(name) ?? []).filter(({ start }) => start > now - maxActedWindow);
      if (slices.length === 0) this.#slices.delete(name);
      else this.#slices.set(name, slices);
      const calls = slices.reduce((sum, slice) => sum + slice.calls, 0);
      const acted = slices.reduce((sum, slice) => sum + slice.acted, 0);
      if (calls >= maxActedMinCalls && acted / calls > maxActedShare)
        found.push({ guardrail: name, share: acted / calls, calls });
    }
    for (const name of this.#slices.keys()) if (!names.has(name)) this.#slices.delete(name);
    return found;
  }

  #slice(name: string, now: number): Slice {
    const start = Math.floor(now / SLICE) * SLICE;
    let slices = this.#slices.get(name);
    if (slices === undefined) this.#slices.set(name, (slices = []));
    const last = slices.at(-1);
    if (last !== undefined && last.start >= start) return last;
    const slice = { start, calls: 0, acted: 0 };
    slices.push(slice);
    return slice;
  }
}
