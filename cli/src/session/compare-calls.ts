import type { RevisedGuardrail, WrittenCall } from '@guardspan/policy';
import { CallSession, SESSION_START } from './call-session.js';
import type { SessionOutcome } from './call-session.js';

/** A recorded call that comes out in another way. */
export interface ChangedCall {
  place: string;
  before: Pick<SessionOutcome, 'action' | 'disposition' | 'guardrails'>;
  after: Pick<SessionOutcome, 'action' | 'disposition' | 'guardrails'>;
}

/** What two sets of guard-rails make of the same recorded calls. */
export interface CallComparison {
  calls: number;
  changed: number;
  /** The first of them, {@link MAX_SHOWN} at most. */
  examples: ChangedCall[];
  /** Verdicts and times of firing of each guard-rail, before and after. */
  guardrails: { [name: string]: { before: Effect; after: Effect } };
}

/** What one guard-rail did over all calls. */
export interface Effect {
  /** Calls on which its verdict was not a pass. */
  verdicts: number;
  /** Times that one of its series began to fire. */
  fired: number;
}

/** Changed calls that a comparison keeps. */
export const MAX_SHOWN = 20;

/**
 * Runs recorded calls, in the order of their `startedAt` (0: right after the one before), through two sets of guard-rails on virtual time. One call is held at a time.
 */
export class CallComparator {
  readonly #sets: readonly [RevisedGuardrail[], RevisedGuardrail[]];
  #sessions: readonly [CallSession, CallSession] | undefined;
  readonly #result: CallComparison = { calls: 0, changed: 0, examples: [], guardrails: {} };

  constructor(before: readonly RevisedGuardrail[], after: readonly RevisedGuardrail[]) {
    this.#sets = [[...before], [...after]];
  }

  /** Takes the next call. */
  add(place: string, written: WrittenCall): void {
    const { startedAt } = written.call;
    const at = startedAt > 0 ? startedAt : 0;
    const start = at > 0 ? at : SESSION_START;
    this.#sessions ??= [new CallSession(this.#sets[0], start), new CallSession(this.#sets[1], start)];
    const [before, after] = this.#sessions.map((session) =>
      session.run({ ...written, call: structuredClone(written.call) }, Math.max(at, session.now)),
    ) as [SessionOutcome, SessionOutcome];
    this.#result.calls += 1;
    for (const [side, outcome] of [['before', before] as const, ['after', after] as const])
      for (const name of outcome.guardrails) this.#effect(name)[side].verdicts += 1;
    if (sameOutcome(before, after)) return;
    this.#result.changed += 1;
    if (this.#result.examples.length < MAX_SHOWN)
      this.#result.examples.push({ place, before: summary(before), after: summary(after) });
  }

  /** The comparison, after the last call; windows are given the time to close. */
  finish(): CallComparison {
    for (const [index, session] of (this.#sessions ?? []).entries()) {
      session.advance(session.now + settleTime(this.#sets[index as 0 | 1]));
      for (const { to, from, guardrail } of session.transitions)
        if (to === 'firing' && from !== 'probing') this.#effect(guardrail)[index === 0 ? 'before' : 'after'].fired += 1;
    }
    return this.#result;
  }

  #effect(name: string): { before: Effect; after: Effect } {
    return (this.#result.guardrails[name] ??= {
      before: { verdicts: 0, fired: 0 },
      after: { verdicts: 0, fired: 0 },
    });
  }
}

function settleTime(guardrails: readonly RevisedGuardrail[]): number {
  const times = guardrails.map(({ guardrail: { spec } }) =>
    spec.over === null ? 0 : spec.over.bucket + spec.over.settle + spec.for,
  );
  return Math.max(0, ...times);
}

function summary({ action, disposition, guardrails }: SessionOutcome): ChangedCall['before'] {
  return { action, disposition, guardrails };
}

function sameOutcome(a: SessionOutcome, b: SessionOutcome): boolean {
  return (
    a.action === b.action &&
    a.disposition === b.disposition &&
    a.to === b.to &&
    a.prompt === b.prompt &&
    a.output === b.output &&
    a.rewriters.join() === b.rewriters.join() &&
    a.guardrails.join() === b.guardrails.join()
  );
}
