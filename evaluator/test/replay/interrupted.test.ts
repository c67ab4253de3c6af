import type { RecordedCall, RevisedGuardrail } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.js';
import type { Engine } from '../../src/engine/types.js';
import { replay } from '../../src/replay/index.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { bits, calls, rules, seeded, START } from './recorded.js';

/** Calls as they come online: in batches, out of order, some twice. At each cut what was counted since the last commit is lost and sent again to an engine that starts from the store. */
async function online(list: RevisedGuardrail[], recorded: readonly RecordedCall[], cuts: number) {
  const random = seeded(11);
  const store = createMemoryStore();
  const verdicts: unknown[] = [];
  let pending: unknown[] = [];
  const begin = async (): Promise<Engine> => {
    const failed = (error: unknown): void => expect(error).toBeUndefined();
    const engine = createEngine({ newId: () => 'id', hashSeed: 1, onError: failed });
    const saved = await store.loadCheckpoint();
    engine.restore(saved.buckets, saved.series, saved.seen);
    engine.load(list, START);
    engine.onTransition(({ at, to, evidence }) => pending.push(bits([at, to, evidence!.evidence])));
    return engine;
  };
  const batches = recorded.length / 100;
  const cutAt = new Set<number>();
  while (cutAt.size < cuts) cutAt.add(Math.floor(random() * batches));
  let engine = await begin();
  for (let batch = 0; batch < batches; batch++) {
    const own = recorded.slice(batch * 100, batch * 100 + 100);
    const now = own.at(-1)!.call.startedAt + 0.5;
    const shuffled = own
      .map((one) => ({ one, key: random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ one }) => one);
    if (cutAt.has(batch)) {
      engine.accept(shuffled, now);
      pending = [];
      engine = await begin();
    }
    engine.accept([...shuffled, ...shuffled.slice(0, 10)], now);
    await store.commitCheckpoint(engine.takeCheckpoint());
    verdicts.push(...pending);
    pending = [];
  }
  engine.tick(recorded.at(-1)!.call.startedAt + 60);
  verdicts.push(...pending);
  await store.close();
  return {
    verdicts,
    reports: bits(
      engine.reports().map(({ state, evidence, recompute, causes }) => [state, evidence, recompute, causes]),
    ),
  };
}

describe('online and replay', () => {
  it.each([
    ['rateGap', '{rateGap: {attribute: sex, of: "output.label == \'approve\'", ratio: 0.8}}', 'robust'],
    ['rate', '{rate: {of: "output.label == \'refuse\'", max: 0.55}}', 'iid'],
  ])('give bit-equal evidence and the same verdicts for %s, also when cut off 20 times', async (_, test, mode) => {
    const list = rules(test, mode);
    const recorded = calls();
    const asReplayed = recorded.map(({ call, id }) => ({ call, id: id.spanId, traceId: '', facts: [] }));
    const { guardrails, timeline } = replay(list, asReplayed, null);
    expect(timeline.length).toBeGreaterThan(0);
    const reports = bits(
      guardrails[0]!.evidence.map(({ state, evidence, recompute, causes }) => [state, evidence, recompute, causes]),
    );
    const verdicts = timeline.map(({ at, to, evidence }) => bits([at, to, evidence!.evidence]));
    for (const cuts of [0, 20]) {
      const came = await online(list, recorded, cuts);
      expect(came.reports).toEqual(reports);
      expect(came.verdicts).toEqual(verdicts);
    }
  });
});
