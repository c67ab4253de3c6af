import { createModelCall } from '@guardspan/policy';
import { compileWindowed } from '@guardspan/policy';
import { expect, test } from 'vitest';
import { BucketWindow } from '../../src/count/bucket-window.js';
import { CallReaders } from '../../src/count/call-reader.js';
import { layoutOf } from '../../src/count/layout.js';
import { createSignalEnv, readsOfAll, readsOfConditions, readSignals } from '../../src/engine/read-signals.js';
import { groupOf } from '../count/support.js';
import { documents } from './support.js';

const compiled = compileWindowed(
  documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: all}
spec:
  over:
    window: 60s
    every: 5s
    signals:
      failed: {count: "error.type != ''"}
      failures: {rate: "error.type != ''"}
      share: {ratio: "error.type != ''", among: "duration < 4.5"}
      unread: {ratio: "error.type != ''"}
      tokens: {sum: usage.totalTokens}
      cost: {mean: usage.cost}
      median: {quantile: 0.5, of: duration}
  when: "lower.share > 0.5 && tokens > 1"
  action: {annotate: {attributes: {a: b}}}
`)[0]!,
);

function filled(): BucketWindow {
  const readers = new CallReaders();
  const window = new BucketWindow(layoutOf(compiled.signals, readers));
  for (let i = 1; i <= 5; i++) {
    const call = createModelCall();
    call.duration = i;
    call.usage.totalTokens = 10 * i;
    // The last two report no cost: they are not part of the mean.
    call.usage.cost = i > 3 ? NaN : 0.25 * i;
    call.error.type = i % 2 === 1 ? 'timeout' : '';
    readers.next();
    window.add(groupOf([call]), 0, 1, i);
  }
  return window;
}

test('gives each function its value and its denominator', () => {
  const window = filled();
  const env = createSignalEnv();
  readSignals(window, 30, readsOfAll(window.layout), env);
  expect(env.value).toMatchObject({ failed: 3, failures: 0.1, share: 0.5, tokens: 150, cost: 0.5 });
  expect(Math.abs(env.value.median! - 3)).toBeLessThan(3 * 0.0109);
  expect(env.samples).toEqual({ failed: 5, failures: 5, share: 4, unread: 5, tokens: 5, cost: 3, median: 5 });
  expect(env.lower.share).toBeCloseTo(0.150039, 5);
  expect(env.upper.share).toBeCloseTo(0.849961, 5);
  expect(env.lower.tokens).toBeNaN();
});

test('has no value where there is no data', () => {
  const window = new BucketWindow(layoutOf(compiled.signals, new CallReaders()));
  const env = createSignalEnv();
  readSignals(window, 30, readsOfAll(window.layout), env);
  expect(env.value).toEqual({ failed: 0, failures: 0, share: NaN, unread: NaN, tokens: 0, cost: NaN, median: NaN });
});

test('reads for a judgement what the conditions name, and intervals only where they name them', () => {
  const window = filled();
  const reads = readsOfConditions(window.layout, compiled);
  expect(reads.map(({ signal, interval }) => [signal.name, interval])).toEqual([
    ['share', true],
    ['tokens', false],
  ]);
});
