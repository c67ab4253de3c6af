import type { RevisedGuardrail } from '@guardspan/policy';
import { matchesModel, matchesProcess } from '../channel/fleet/process-match.js';
import type { ProcessIdentity } from '../channel/fleet/process-match.js';
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

  /** Takes what one report added. `guardrails` are those in force. */
  accept(growth: ReportGrowth, identity: ProcessIdentity, guardrails: readonly RevisedGuardrail[], now: number): void {
    for (const { guardrail } of guardrails) {
      const { match, at } = guardrail.spec;
      if (at === null || !matchesProcess(match, identity)) continue;
      const { name } = guardrail.metadata;
      let calls = 0;
      for (const { model, version, count } of growth.guarded) if (matchesModel(match, model, version)) calls += count;
      let acted = 0;
      for (const entry of growth.dispositions)
        if (entry.guardrail === name && ACTED.has(entry.disposition)) acted += entry.count;
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
