import type { RecordedCall, RevisedGuardrail } from '@guardspan/policy';
import { documents, record } from '../engine/support.js';

/** Start of the recording, seconds from epoch. */
export const START = 1_800_000_000;
/** A document whose test is this one, in this mode. */
export const rules = (test: string, mode: string): RevisedGuardrail[] =>
  documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: tested}
spec:
  over:
    every: 10s
    groupBy: [model]
    test: ${test}
    promise: {falseAlarms: 1, per: 30d}
    mode: ${mode}
    explainBy: [features.region]
  action: {annotate: {attributes: {broken: 'yes'}}}
  mode: warn
`);

/** Numbers in [0, 1), the same on every machine. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** 20 calls a second for 800 s; from 250 s on women are approved less often. */
export function calls(): RecordedCall[] {
  const random = seeded(5);
  return Array.from({ length: 16_000 }, (_, i) => {
    const one = record(i + 1, START + i / 20);
    one.call.group = { sex: random() < 0.5 ? 'f' : 'm' };
    one.call.features = { region: random() < 0.5 ? 'north' : 'south' };
    const p = i >= 5_000 && one.call.group.sex === 'f' ? 0.1 : 0.5;
    one.call.output.label = random() < p ? 'approve' : 'refuse';
    return one;
  });
}

/** What is compared: JSON, without traces, which a replay of files need not know. */
export const bits = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, one: unknown) => (key === 'exampleTraceIds' || key === 'suppressed' ? null : one)),
  );
