import { createModelCall, loadGuardrails } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { createBaseline, replay } from '../../src/replay/index.js';
import type { ReplayCall } from '../../src/replay/index.js';

const MONDAY = Date.UTC(2026, 0, 5) / 1000;

/** A call each minute; nights take `night` seconds, days 4, both give or take one. */
function calls(from: number, days: number, night: number): ReplayCall[] {
  return Array.from({ length: days * 24 * 60 }, (_, i) => {
    const call = createModelCall();
    call.model.name = 'm';
    call.startedAt = from + i * 60;
    call.duration = (Math.floor(i / 60) % 24 < 6 ? night : 4) + (i % 3) - 1;
    return { call, id: `row ${i}`, traceId: '', facts: [] };
  });
}

function load(reference: string): ReturnType<typeof loadGuardrails> {
  return loadGuardrails(
    `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: slow }
spec:
  over:
    every: 1h
    groupBy: [model]
    test: { mean: { of: duration, range: [0, 10], ${reference} } }
    promise: { falseAlarms: 1, per: 30d }
    maxSeries: 1
  action: { annotate: { attributes: { a: b } } }
  mode: warn
`,
    { file: 'g.yaml' },
  );
}

describe('the baseline of a mean by hour', () => {
  const { baseline, confidence } = createBaseline(load('max: 9').guardrails[0]!, calls(MONDAY, 14, 2), 'hourOfDay');
  const block = JSON.stringify(baseline);

  it('is counted from calls, with the bounds that the test reckons with', () => {
    expect(baseline).toMatchObject({ calls: 14 * 24 * 60, season: { by: 'hourOfDay' } });
    const { season } = baseline as { season: { calls: number[]; means: number[] } };
    expect(season.calls).toEqual(new Array(24).fill(14 * 60));
    expect(season.means[3]).toBeCloseTo(2, 4);
    expect(season.means[12]).toBeCloseTo(4, 4);
    expect(confidence[1]).toMatch(/^hourOfDay 0: mean 2, between 1\.\d+ and 2\.\d+$/);
  });

  it('is a document in which a slow night fires, a usual one does not, and the limit in force is shown', () => {
    const { guardrails, errors } = load(`baseline: ${block}`);
    expect(errors).toEqual([]);
    const [usual] = replay(guardrails, calls(MONDAY + 28 * 86_400, 7, 2), null).guardrails;
    expect(usual!.evidence[0]!.evidence.crossedAt).toBe(-1);
    expect(usual!.evidence[0]!.reach!.fromStart).toBeGreaterThan(3.5);
    const slow = replay(guardrails, calls(MONDAY + 28 * 86_400, 7, 7), null);
    expect(slow.timeline.map(({ to }) => to)).toContain('firing');
    const { baseline: shown } = slow.guardrails[0]!.evidence[0]!;
    // In seconds, and of a day hour: the recording ends at 23:59.
    expect(shown).toMatchObject({ kind: 'anchor', season: 'hourOfDay', moved: 1, spent: false });
    expect(shown!.limit).toBeGreaterThan(4);
    expect(shown!.limit).toBeLessThan(4.7);
  });

  it('is refused when its cells do not fit', () => {
    const wrong = { ...baseline, calls: 7 };
    expect(load(`baseline: ${JSON.stringify(wrong)}`).errors.map(({ code }) => code)).toEqual([
      'GUARDSPAN_DOC_TEST_BASELINE',
    ]);
    expect(load('max: 3, moving: { window: 7d }').errors.map(({ code }) => code)).toContain(
      'GUARDSPAN_DOC_TEST_BASELINE',
    );
  });

  it('may move beside', () => {
    const { guardrails, errors } = load(`baseline: ${block}, moving: { window: 7d, budget: 1.2 }`);
    expect(errors).toEqual([]);
    const moved = replay(guardrails, calls(MONDAY + 28 * 86_400, 21, 2), null).guardrails[0]!.evidence[0]!;
    expect(moved.evidence.crossedAt).toBe(-1);
    expect(moved.baseline).toMatchObject({ kind: 'rolling', budget: 1.2, spent: false });
  });
});
