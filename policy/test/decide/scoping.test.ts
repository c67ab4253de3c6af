import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../src/call/create-model-call.js';
import type { ModelCall } from '../../src/call/model-call.js';
import { requiredLevel } from '../../src/channel/required-level.js';
import { CounterTable } from '../../src/decide/counter-table.js';
import { GuardrailSet } from '../../src/decide/guardrail-set.js';
import { rolloutShare } from '../../src/decide/rollout-share.js';
import type { Decision, HeldDirective } from '../../src/decide/types.js';
import { loadGuardrails } from '../../src/document/load-guardrails.js';
import { strictestMode } from '../../src/document/effective-mode.js';
import type { InlinePoint, RevisedGuardrail } from '../../src/document/types.js';

function guardrail(keys: string, at: InlinePoint = 'request', when = 'true'): RevisedGuardrail {
  const { guardrails, errors } = loadGuardrails(
    `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: g}
spec:
  ${keys}
  at: ${at}
  when: "${when}"
  action: {deny: {}}
  mode: enforce
`,
    { file: 'g.yaml' },
  );
  expect(errors).toEqual([]);
  return guardrails[0]!;
}

type Part = Partial<ModelCall>;
let now = 0;
const counters = new CounterTable();

function decide(
  set: GuardrailSet,
  part: Part,
  point: InlinePoint = 'request',
  directives: readonly HeldDirective[] = [],
): Decision {
  return set.decide({
    point,
    call: { ...createModelCall(), ...part },
    texts: () => [],
    directives,
    freshness: 'live',
    host: {
      random: () => 0,
      newId: () => 'id',
      now: () => now,
      tryAcquire: () => false,
      takeProbe: () => false,
      forbids: () => null,
      counters,
    },
  });
}

const compiled = (revised: RevisedGuardrail): GuardrailSet => {
  const { set, errors } = GuardrailSet.compile([revised]);
  expect(errors).toEqual([]);
  return set;
};

describe('what a guard-rail is about', () => {
  it('leaves out what `exclude` matches: AND of keys, OR inside a list', () => {
    const set = compiled(guardrail("exclude: {services: [a, 'b*'], tenants: [x]}"));
    expect(decide(set, { service: 'a', tenant: 'x' }).action).toBe('allow');
    expect(decide(set, { service: 'bb', tenant: 'x' }).action).toBe('allow');
    expect(decide(set, { service: 'bb', tenant: 'y' }).action).toBe('deny');
    expect(decide(set, { service: 'c', tenant: 'x' }).action).toBe('deny');
  });
  it('leaves out calls for which `where` is false, and does not count them as evaluated', () => {
    const set = compiled(guardrail('params: {tiers: [free]}\n  where: attrs.tier in params.tiers'));
    expect(decide(set, { attrs: { tier: 'free' } }).action).toBe('deny');
    expect(decide(set, { attrs: { tier: 'paid' } })).toMatchObject({ action: 'allow', evaluated: 0, verdicts: [] });
  });
  it('asks the failure table when `where` cannot be evaluated', () => {
    const set = compiled(guardrail("where: attrs.tier == 'free'"));
    expect(decide(set, {}).verdicts).toMatchObject([{ outcome: 'not_evaluated', disposition: 'deny_failclosed' }]);
  });
  it('takes the mode of the first override that matches the environment', () => {
    const revised = guardrail("overrides: [{environments: ['test*'], mode: 'off'}, {environments: ['*'], mode: warn}]");
    const set = compiled(revised);
    expect(decide(set, { environment: 'testing' })).toMatchObject({ evaluated: 0, verdicts: [] });
    expect(decide(set, { environment: 'production' }).verdicts).toMatchObject([
      { mode: 'warn', disposition: 'would_act' },
    ]);
    expect(strictestMode(revised.guardrail.spec)).toBe('enforce');
  });
  it('acts by an override although its own mode is off', () => {
    const { guardrail: written, ...rest } = guardrail('overrides: [{environments: [live], mode: enforce}]');
    const set = compiled({ ...rest, guardrail: { ...written, spec: { ...written.spec, mode: 'off' } } });
    expect(decide(set, { environment: 'live' }).action).toBe('deny');
    expect(decide(set, { environment: 'test' }).action).toBe('allow');
  });
  it('says of an expired guard-rail that it did not run', () => {
    const set = compiled(guardrail('expires: 2027-06-30'));
    const expiry = Date.parse('2027-06-30') / 1000;
    expect(decide(set, { startedAt: expiry - 1 }).action).toBe('deny');
    expect(decide(set, { startedAt: expiry })).toMatchObject({
      action: 'allow',
      evaluated: 0,
      verdicts: [{ outcome: 'not_evaluated', code: 'expired', disposition: 'not_evaluated' }],
    });
  });
  it('does not let a directive act on calls that its guard-rail does not match', () => {
    const { guardrails } = loadGuardrails(
      `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: w}
spec:
  match: {models: [m]}
  exclude: {tenants: [vip]}
  over: {window: 1m, groupBy: [service], signals: {calls: {count: "true"}}}
  when: calls > 1
  action: {throttle: {rate: 0}}
  mode: enforce
`,
      { file: 'w.yaml' },
    );
    const set = compiled(guardrails[0]!);
    const directive: HeldDirective = {
      id: 'd',
      guardrail: 'w',
      revision: guardrails[0]!.revision,
      verdict: 'v',
      scope: { service: 's' },
      action: { type: 'throttle', rate: 0, burst: 0, status: 429, retryAfter: 0 },
      mode: 'enforce',
      code: 'threshold',
      message: '',
      trace: [],
      onStale: 'allow',
      stale: false,
    };
    const model = { ...createModelCall().model, name: 'm' };
    const acts = (part: Part): string => decide(set, { service: 's', ...part }, 'request', [directive]).action;
    expect(acts({ model })).toBe('throttle');
    expect(acts({ model: { ...model, name: 'other' } })).toBe('allow');
    expect(acts({ model, tenant: 'vip' })).toBe('allow');
  });
  it('needs a client of level 2 only when it is used', () => {
    expect(requiredLevel(guardrail('description: x').guardrail)).toBe(1);
    expect(requiredLevel(guardrail('expires: 2027-06-30').guardrail)).toBe(2);
  });
});

describe('rollout', () => {
  it('judges everybody, and acts for its share of the keys only', () => {
    const set = compiled(guardrail('rollout: {percent: 30, by: tenant}'));
    const tenants = Array.from({ length: 2000 }, (_, index) => `tenant-${index}`);
    const dispositions = tenants.map((tenant) => decide(set, { tenant }).verdicts[0]!.disposition);
    expect(new Set(dispositions)).toEqual(new Set(['enforced', 'would_act']));
    const share = dispositions.filter((one) => one === 'enforced').length / tenants.length;
    expect(share).toBeGreaterThan(0.26);
    expect(share).toBeLessThan(0.34);
  });
  it('changes nothing for a guard-rail that only warns', () => {
    const set = compiled(
      guardrail("rollout: {percent: 1, by: tenant}\n  overrides: [{environments: ['*'], mode: warn}]"),
    );
    for (const tenant of ['a', 'b', 'c'])
      expect(decide(set, { tenant }).verdicts).toMatchObject([{ mode: 'warn', disposition: 'would_act' }]);
  });
  it('is the same in every language', () => {
    expect(
      [
        ['', ''],
        ['spend', 'acme'],
        ['spend', 'Zürich'],
        ['other', 'acme'],
      ].map(([seed, key]) => rolloutShare(seed!, key!).toFixed(6)),
    ).toMatchInlineSnapshot(`
      [
        "2.137250",
        "12.474221",
        "12.817335",
        "21.406788",
      ]
    `);
  });
  it('places every key between 0 and 100', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (seed, key) => {
        expect(rolloutShare(seed, key)).toBeGreaterThanOrEqual(0);
        expect(rolloutShare(seed, key)).toBeLessThan(100);
      }),
    );
  });
});

describe('counters', () => {
  it('count a call at the request, itself included, for each key on its own', () => {
    const set = compiled(
      guardrail("counters: {calls: {count: 'true', per: [tenant], window: 1m}}", 'request', 'calls > 2'),
    );
    const actions = ['a', 'a', 'b', 'a', 'a', 'b'].map((tenant) => decide(set, { tenant }).action);
    expect(actions).toEqual(['allow', 'allow', 'allow', 'deny', 'deny', 'allow']);
    now += 61;
    expect(decide(set, { tenant: 'a' }).action).toBe('allow');
  });
  it('that read the answer are counted when it is there, and a new set goes on with them', () => {
    const keys =
      'params: {limit: 100}\n  counters: {tokens: {sum: usage.totalTokens, per: [attrs.session], window: 1m}}';
    const make = (): GuardrailSet => compiled(guardrail(keys, 'request', 'tokens > params.limit'));
    const part = { attrs: { session: 's' }, usage: { ...createModelCall().usage, totalTokens: 60 } };
    const first = make();
    for (const _ of [1, 2]) {
      expect(decide(first, part).action).toBe('allow');
      decide(first, part, 'response');
    }
    expect(decide(make(), part).action).toBe('deny');
    expect(decide(make(), { ...part, attrs: { session: 't' } }).action).toBe('allow');
  });
  it('stand in the message with their totals, and other braces as they are', () => {
    const keys =
      "message: '{calls} of {tenant}, {calls} in all'\n  counters: {calls: {count: 'true', per: [tenant], window: 1m}}";
    const set = compiled(guardrail(keys, 'request', 'calls > 1'));
    decide(set, {});
    expect(decide(set, {}).end?.message).toBe('2 of {tenant}, 2 in all');
  });
  it('leave out numbers that are unknown', () => {
    const set = compiled(
      guardrail('counters: {cost: {sum: usage.cost, per: [tenant], window: 1m}}', 'response', 'cost > 0'),
    );
    expect(decide(set, { tenant: 'nan' }, 'response').action).toBe('allow');
  });
  it('tell tool calls apart by name and arguments', () => {
    const set = compiled(
      guardrail("counters: {repeats: {count: 'true', per: [toolCalls], window: 1m}}", 'response', 'repeats > 1'),
    );
    const ask = (id: number): string =>
      decide(set, { toolCalls: [{ name: 'read', arguments: { id } }] }, 'response').action;
    expect([ask(1), ask(2), ask(1)]).toEqual(['allow', 'allow', 'deny']);
  });
});

describe('CounterTable', () => {
  it('holds at least what the last 11/12 of the window brought, and at most what the whole window did', () => {
    const event = fc.record({
      wait: fc.double({ min: 0, max: 30, noNaN: true }),
      amount: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 100 }),
        (events, window) => {
          const table = new CounterTable();
          const seen: { at: number; amount: number }[] = [];
          let at = 0;
          for (const { wait, amount } of events) {
            at += wait;
            table.add('c', 'k', amount, window, at);
            seen.push({ at, amount });
          }
          const since = (start: number): number =>
            seen.filter((one) => one.at > start).reduce((sum, one) => sum + one.amount, 0);
          const total = table.total('c', 'k', window, at);
          expect(total).toBeGreaterThanOrEqual(since(at - (window * 11) / 12 + 1e-6));
          expect(total).toBeLessThanOrEqual(since(at - window - 1e-6));
        },
      ),
    );
  });
  it('forgets the key that was counted longest ago when it is full, and counts that', () => {
    const table = new CounterTable(2);
    for (const key of ['a', 'b', 'a', 'c']) table.add('n', key, 1, 60, 0);
    expect(['a', 'b', 'c'].map((key) => table.total('n', key, 60, 0))).toEqual([2, 0, 1]);
    expect([table.size, table.forgotten]).toEqual([2, 1]);
  });
  it('keeps the counters of loaded guard-rails only', () => {
    const table = new CounterTable();
    table.add('old/n', 'k', 1, 60, 0);
    table.add('new/n', 'k', 1, 60, 0);
    table.keepOnly((counter) => counter.startsWith('new/'));
    expect([table.total('old/n', 'k', 60, 0), table.total('new/n', 'k', 60, 0)]).toEqual([0, 1]);
  });
});
