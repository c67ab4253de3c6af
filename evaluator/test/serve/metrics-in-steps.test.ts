import { createModelCall } from '@guardspan/policy';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { Authenticator } from '../../src/auth/types.js';
import { loadConfig } from '../../src/config/load-config.js';
import type { Pace } from '../../src/engine/slices.js';
import { assemble } from '../../src/serve/assemble.js';
import { createMemoryStore } from '../../src/store/memory-store.js';

const T0 = 1_700_000_000;
const SERIES = 10_000;
const MODELS = 100;
/** Calls of the busiest tenant of a model. */
const BUSY = 12;
/** Steps that a slice is given. */
const STEPS = 250;
const DOCUMENTS = [
  `over: {window: 60s, every: 0s, groupBy: [tenant, model], signals: {failed: {ratio: "error.type != ''"}}}
  when: "failed > 2.0"`,
  `over: {every: 1s, groupBy: [tenant, model], maxSeries: ${SERIES}, test: {rate: {of: "error.type != ''", max: 0.5}}, promise: {falseAlarms: 1, per: 90d}}`,
].map(
  (spec, index) => `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: g${index}}
spec:
  match: {services: [shop]}
  ${spec}
  action: {annotate: {attributes: {a: b}}}
  mode: warn
`,
);

it('fills the gauges of ten thousand series in slices, and one scrape waits for another', async () => {
  let slices = 0;
  let steps = 0;
  let longest = 0;
  const pace: Pace = {
    slice() {
      slices++;
      steps = 0;
      return () => {
        longest = Math.max(longest, ++steps);
        return steps >= STEPS;
      };
    },
    later: (resume) => void setImmediate(resume),
  };
  const auth: Authenticator = {
    singleUser: true,
    authenticate: () => ({ ok: false, reason: 'missing', retryAfter: 0 }),
  };
  let ids = 0;
  const store = createMemoryStore();
  const assembly = await assemble(loadConfig({ flags: { singleUser: true, store: 'memory' } }), {
    ...{ store, auth, pace, log: pino({ level: 'silent' }), now: () => T0 },
    newId: () => (++ids).toString(16).padStart(32, '0'),
  });
  try {
    for (const text of DOCUMENTS)
      await assembly.documents.publish({
        ...{ text, file: 'a.yaml', origin: 'git', author: 'git:a.yaml', approver: 'git' },
        ...{ expected: undefined, dryRun: false, allowPartial: true },
      });
    const calls = Array.from({ length: SERIES + MODELS * (BUSY - 1) }, (_, n) => {
      // Beyond one call of each series, those of the first tenant.
      const series = n < SERIES ? n : n % MODELS;
      const call = { ...createModelCall(), startedAt: T0, service: 'shop', tenant: `t${Math.floor(series / MODELS)}` };
      call.model.name = `m${series % MODELS}`;
      const id = { traceId: String(n + 1).padStart(32, '1'), spanId: String(n + 1).padStart(16, '2'), callId: '' };
      return { call, id, source: 'feed' as const, sampled: false, instance: 'i', incarnation: 'n' };
    });
    assembly.sink.accept(calls, T0);
    await assembly.sink.durable();

    slices = longest = 0;
    await Promise.all([assembly.refresh(), assembly.refresh()]);
    // A step for each series; two for those of a test.
    expect(slices).toBeGreaterThanOrEqual((3 * SERIES) / STEPS);
    expect(slices).toBeLessThan((2 * 3 * SERIES) / STEPS);
    expect(longest).toBe(STEPS);
    const { text } = await assembly.metrics.scrape();
    // Of the tenants of a model the busiest is read.
    const shown = text.match(/^guardspan_signal_samples\{guardrail="g0",.*,signal="failed"\} (.*)$/gm);
    expect(shown).toHaveLength(MODELS);
    expect(new Set(shown!.map((line) => line.split(' ').at(-1)))).toEqual(new Set([String(BUSY)]));
    expect(text).toContain('guardspan_guardrail_promise_kept{guardrail="g1"} 1\n');
  } finally {
    await assembly.close();
    await store.close();
  }
});
