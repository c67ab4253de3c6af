import type { Judge } from './judge.js';

/** State of {@link securedJudge}; JSON. */
export interface SecuredState {
  own: unknown;
  robust: unknown;
}

/** The robust evidence may be this factor short of what the promise asks: where it bears `iid` out, that is wrong at most so many times as often as promised. */
export const SECURED_FACTOR = 3;

/**
 * Puts a robust judge of the same test beside `own`, whose mode is `iid`: the evidence is that of `own`, `robustly` that of the other, which holds however alike the calls
 * of a bucket are (docs/statistics.md, section 8).
 */
export function securedJudge(own: Judge, robust: Judge): Judge<SecuredState> {
  return {
    initial: () => ({ own: own.initial(), robust: robust.initial() }),
    step: (state, bucket, arm, moment) => ({
      own: own.step(state.own, bucket, arm, moment),
      robust: robust.step(state.robust, bucket, arm, moment),
    }),
    ...(own.renew === undefined
      ? {}
      : {
          renew: (state: SecuredState) => ({
            own: own.renew!(state.own),
            robust: robust.renew!(state.robust),
          }),
        }),
    evidence: (state) => own.evidence(state.own),
    robustly: (state) => robust.evidence(state.robust),
    gain: (before, after) => own.gain(before, after),
    effect: (totals, arm, state) => own.effect(totals, arm, state?.own),
    ...(own.reference === undefined ? {} : { reference: (state: SecuredState) => own.reference!(state.own) }),
    information: (totals, arm, state) => own.information(totals, arm, state?.own),
    whole: (bucket) => own.whole(bucket),
  };
}
