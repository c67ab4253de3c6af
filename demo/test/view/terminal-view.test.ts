import { describe, expect, it } from 'vitest';
import { createState } from '../../src/scenario/run-scenario.js';
import type { ScenarioState } from '../../src/scenario/run-scenario.js';
import { summarise } from '../../src/scenario/summary.js';
import { renderTerminal } from '../../src/view/terminal-view.js';

function state(change: Partial<ScenarioState> = {}): ScenarioState {
  return { ...createState('direct', 'http://127.0.0.1:7420'), startedAt: 1000, ...change };
}
const VERDICT = {
  id: 'v1',
  guardrail: 'slow-model',
  series: { service: 'assistant', model: 'large-model' },
  state: 'firing',
  message: 'p80 is 0.6 s',
  disposition: 'enforced',
  firstAt: 1010,
  releasedAt: 0,
};

describe('terminal view', () => {
  it('prints no escape sequence without colours, and the same text with them', () => {
    const full = state({ verdicts: [VERDICT], failures: ['something'], log: [{ at: 1002, text: 'phase: normal' }] });
    const plain = renderTerminal(full, 1012, false).join('\n');
    expect(plain).not.toContain('\x1b');
    const colored = renderTerminal(full, 1012, true).join('\n');
    expect(colored).toContain('\x1b[');
    // eslint-disable-next-line no-control-regex
    expect(colored.replace(/\x1b\[\d+m/g, '')).toBe(plain);
  });

  it('shows what is not known yet as a dash, not as a number', () => {
    const lines = renderTerminal(state(), 1000, false);
    expect(lines.join('\n')).toContain('coverage -   verdict to enforcement p50 -  p99 -');
    expect(lines).toContain('  none');
    expect(lines.join('\n')).not.toMatch(/NaN|null|undefined/);
  });

  it('shows counts, coverage, propagation and path', () => {
    const shown = state({
      path: 'collector',
      coverage: { guarded: 9, unguarded: 1, coverage: 0.9 },
      propagation: { p50: 4.2, p99: 12, count: 3 },
    });
    shown.tally.calls = 12345;
    shown.tally.actions.reroute = 17;
    const text = renderTerminal(shown, 1012, false).join('\n');
    for (const part of [
      '12 s',
      'apps → OpenTelemetry Collector → evaluator',
      'calls 12,345',
      'coverage 90.0 %',
      'p50 4.2 ms  p99 12 ms',
      'reroute 17',
    ])
      expect(text).toContain(part);
  });

  it('shows where a verdict holds, then after which time it was released', () => {
    const line = (verdict: typeof VERDICT): string =>
      renderTerminal(state({ verdicts: [verdict] }), 1012, false).find((text) => text.includes('slow-model'))!;
    expect(line(VERDICT)).toMatch(/slow-model +assistant \/ large-model +firing {2}p80 is 0.6 s/);
    expect(line({ ...VERDICT, releasedAt: 1014.5 })).toContain('released after 4.5 s');
  });

  it('ends with what failed', () => {
    const lines = renderTerminal(state({ failures: ['coverage is 0.5, not 1'] }), 1012, false);
    expect(lines.at(-1)).toBe('  failed: coverage is 0.5, not 1');
  });
});

describe('summary', () => {
  it('has the documented keys, from what was counted', () => {
    const done = state({
      coverage: { guarded: 10, unguarded: 0, coverage: 1 },
      propagation: { p50: 4, p99: 9, count: 2 },
      verdicts: [VERDICT, { ...VERDICT, id: 'v2', releasedAt: 1020 }],
    });
    done.tally.calls = 10;
    done.tally.actions.redact = 3;
    expect(summarise(done)).toMatchObject({
      calls: 10,
      coverage: 1,
      actions: { redact: 3, reroute: 0, throttle: 0, shutdown: 0 },
      false_actions: 0,
      released: 1,
      loop_ms: { p50: 4, p99: 9 },
      path: 'direct',
      failures: [],
    });
  });

  it('calls coverage that nobody measured 0', () => {
    expect(summarise(state()).coverage).toBe(0);
  });
});
