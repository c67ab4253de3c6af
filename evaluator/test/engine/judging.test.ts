import { compileWindowed } from '@guardspan/policy';
import { expect, test } from 'vitest';
import { rowsOf } from '../../src/count/rows-of.js';
import { documents, record, start } from './support.js';

const T0 = 1_800_000_000;
const RULE = (name: string, when: string, rest: string, more = '') =>
  documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: ${name}}
spec:
  over: {window: 20s, groupBy: [model], minSamples: 5, signals: {errors: {ratio: "error.type != ''"}}, ${rest}}
  when: "${when}"
  action: {annotate: {attributes: {a: b}}}
  mode: warn
  ${more}
`);
const calls = (from: number, n: number, at: number, error = '') =>
  Array.from({ length: n }, (_, i) => record(from + i, at, { error }));

test('with `every` above 0, judges at the start of a bucket and not before', () => {
  const { engine, transitions } = start(RULE('closing', 'errors > 0.5', 'every: 5s'), T0);
  engine.accept(calls(1, 10, T0 + 1, 'x'), T0 + 1);
  engine.tick(T0 + 4.9);
  expect(transitions).toEqual([]);
  engine.tick(T0 + 5);
  expect(transitions.map(({ to, at }) => [to, at])).toEqual([['firing', T0 + 5]]);
});

test('with `every: 0s`, judges a series once for each batch that touched it', () => {
  let judged = 0;
  const { engine } = start(RULE('batch', 'errors > 0.5', 'every: 0s'), T0, {
    compile: (guardrail) => {
      const compiled = compileWindowed(guardrail);
      return {
        ...compiled,
        breach: (env) => {
          judged++;
          return compiled.breach(env);
        },
      };
    },
  });
  engine.accept(calls(1, 10, T0), T0);
  expect(judged).toBe(1);
  engine.accept(calls(100, 10, T0), T0 + 0.1);
  engine.accept([], T0 + 0.1);
  expect(judged).toBe(2);
});

test('drops calls from the window with their bucket, and forgets a series that is empty', () => {
  const { engine } = start(RULE('expiry', 'errors > 0.5', 'every: 5s'), T0);
  engine.accept(calls(1, 7, T0 + 1), T0 + 1);
  engine.accept(calls(100, 3, T0 + 12), T0 + 12);
  const samples = (now: number) => {
    engine.tick(now);
    return engine.series()[0]?.signals.errors!.samples;
  };
  expect([samples(T0 + 24.9), samples(T0 + 25), samples(T0 + 34.9), samples(T0 + 35)]).toEqual([10, 3, 3, 0]);
  // An empty series goes once a checkpoint has taken what it counted.
  engine.takeCheckpoint();
  expect(samples(T0 + 40)).toBeUndefined();
});

test('with `onNoData: fire`, fires when a series that was warm falls silent, and says why', () => {
  const { engine, transitions } = start(RULE('silent', 'errors > 0.5', 'every: 5s', 'onNoData: fire'), T0);
  engine.accept(calls(1, 10, T0 + 1), T0 + 1);
  for (let now = T0 + 5; now < T0 + 25; now += 5) engine.tick(now);
  expect(transitions).toEqual([]);
  engine.tick(T0 + 25);
  expect(transitions).toMatchObject([
    { from: 'ok', to: 'firing', code: 'no_data', message: 'Fewer than 5 calls in the window.' },
  ]);
});

test('keeps the revision that runs when the next one does not compile', () => {
  const errors: unknown[] = [];
  const { engine, transitions } = start(RULE('kept', 'errors > 0.5', 'every: 0s'), T0, {
    onError: (error) => errors.push(error),
    compile: (guardrail) => {
      if (guardrail.guardrail.spec.when.includes('0.9')) throw new Error('cannot be compiled');
      return compileWindowed(guardrail);
    },
  });
  engine.accept(calls(1, 4, T0, 'x'), T0);
  engine.load(RULE('kept', 'errors > 0.9', 'every: 0s'), T0 + 1);
  expect(errors).toHaveLength(1);
  engine.accept(calls(100, 1, T0 + 1, 'x'), T0 + 1);
  expect(transitions).toMatchObject([{ to: 'firing', signals: { errors: { value: 1, samples: 5 } } }]);
});

test('counts calls once that are sent again after a restart, whether or not the checkpoint had them', () => {
  const rules = RULE('replayed', 'errors > 0.5', 'every: 5s');
  const first = start(rules, T0);
  first.engine.accept(calls(1, 10, T0 + 1), T0 + 1);
  const stored = first.engine.takeCheckpoint();
  // Lost with the process: nobody was told that these were durable, so they are sent again.
  first.engine.accept(calls(11, 10, T0 + 2), T0 + 2);
  const second = start(rules, T0 + 3);
  second.engine.restore(rowsOf(stored.buckets), stored.series, stored.seen);
  second.engine.accept(calls(1, 20, T0 + 2), T0 + 3);
  second.engine.accept(calls(1, 20, T0 + 2), T0 + 3.1);
  expect(second.engine.series()[0]!.signals.errors!.samples).toBe(20);
  expect(second.engine.stats()).toMatchObject({ accepted: 40, duplicates: 30 });
});

test('tells calls apart by every field that some guard-rail matches or groups by', () => {
  const byTenant = RULE('tenants', 'errors > 0.5', 'every: 0s').concat(
    documents(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: versions}
spec:
  match: {versions: ["2.*"]}
  over: {window: 20s, every: 0s, groupBy: [tenant, attrs.lang], signals: {errors: {ratio: "error.type != ''"}}}
  when: "errors > 0.5"
  action: {annotate: {attributes: {a: b}}}
`),
  );
  const { engine } = start(byTenant, T0);
  const batch = ['1.0', '2.0', '2.1'].flatMap((version, v) =>
    ['acme', 'zeta'].map((tenant, t) => {
      const made = record(1 + v * 2 + t, T0);
      made.call.model.version = version;
      made.call.tenant = tenant;
      made.call.attrs.lang = v === 2 ? 'de' : 'en';
      return made;
    }),
  );
  engine.accept(batch, T0);
  const views = engine
    .series('versions')
    .map(({ series, signals }) => [series.tenant, series['attrs.lang'], signals.errors!.samples]);
  expect(views.sort()).toEqual([
    ['acme', 'de', 1],
    ['acme', 'en', 1],
    ['zeta', 'de', 1],
    ['zeta', 'en', 1],
  ]);
  expect(engine.series('tenants').map(({ signals }) => signals.errors!.samples)).toEqual([6]);
});
