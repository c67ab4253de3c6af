import { createModelCall } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { replay } from '../../src/replay/index.js';
import type { ReplayCall } from '../../src/replay/index.js';
import { documents } from '../engine/support.js';

const START = 1_800_000_000;
const RULES = documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: errors}
spec:
  over:
    every: 10s
    groupBy: [model]
    test: {rate: {of: "error.type != ''", max: 0.02}}
    promise: {falseAlarms: 1, per: 30d}
    explainBy: [features.region, features.device, features.plan]
  action: {annotate: {attributes: {bad: 'yes'}}}
  mode: warn
`);
const FIELDS = {
  region: ['north', 'south', 'east', 'west'],
  device: ['phone', 'desk', 'tv'],
  plan: ['free', 'paid', 'team'],
};

/** Numbers in [0, 1), the same on every machine. */
function seeded(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** 10 calls a second for 800 s, 1 % of which fail; from 300 s on 15 % of those with one value of one field do. */
function shifted(seed: number): { calls: ReplayCall[]; field: string; value: string } {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const field = pick(Object.keys(FIELDS) as (keyof typeof FIELDS)[]);
  const value = pick(FIELDS[field]);
  const calls = Array.from({ length: 8_000 }, (_, i): ReplayCall => {
    const call = createModelCall();
    call.model.name = 'm';
    call.startedAt = START + i / 10;
    for (const [name, values] of Object.entries(FIELDS)) call.features[name] = pick(values);
    const hit = i >= 3_000 && call.features[field] === value;
    call.error.type = random() < (hit ? 0.15 : 0.01) ? 'timeout' : '';
    return { call, id: `c${i}`, traceId: '', facts: [] };
  });
  return { calls, field, value };
}

describe('the explanation of a shift with one planted cause', () => {
  it('ranks it first in at least 95 of 100', () => {
    let [fired, first] = [0, 0];
    for (let seed = 0; seed < 100; seed++) {
      const { calls, field, value } = shifted(seed);
      const verdict = replay(RULES, calls, null).timeline.find(({ to }) => to === 'firing');
      if (verdict === undefined) continue;
      fired++;
      const cause = verdict.evidence!.causes[0]!;
      if (cause.field === `features.${field}` && cause.value === value) first++;
    }
    expect(fired).toBeGreaterThanOrEqual(95);
    expect(first).toBeGreaterThanOrEqual(95);
  }, 60_000);
});
