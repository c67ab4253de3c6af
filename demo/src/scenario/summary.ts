import type { ScenarioState } from './run-scenario.js';

/** What `npm start -- --once --json` prints last. */
export interface Summary {
  calls: number;
  coverage: number;
  actions: { redact: number; reroute: number; throttle: number; shutdown: number };
  false_actions: number;
  released: number;
  loop_ms: { p50: number; p99: number };
  path: string;
  seconds: number;
  failures: string[];
}

/** The run in one object; every number was counted or measured in this run. */
export function summarise(state: ScenarioState): Summary {
  return {
    calls: state.tally.calls,
    coverage: state.coverage.coverage ?? 0,
    actions: state.tally.actions,
    false_actions: state.tally.falseActions,
    released: state.verdicts.filter((verdict) => verdict.releasedAt > 0).length,
    loop_ms: { p50: state.propagation.p50, p99: state.propagation.p99 },
    path: state.path,
    seconds: Math.round(Date.now() / 1000 - state.startedAt),
    failures: state.failures,
  };
}
