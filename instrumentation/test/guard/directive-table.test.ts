import { createModelCall } from '@guardspan/policy/runtime';
import type { ModelCall } from '@guardspan/policy/runtime';
import { describe, expect, it } from 'vitest';
import { DirectiveTable } from '../../src/guard/directive-table.js';
import { directive, VirtualClock } from './fakes.js';

function callOf(model: string, changes: Partial<ModelCall> = {}): ModelCall {
  return { ...createModelCall(), model: { ...createModelCall().model, name: model, version: '1' }, ...changes };
}

function table(random = 0.99): { clock: VirtualClock; held: DirectiveTable } {
  const clock = new VirtualClock();
  return { clock, held: new DirectiveTable(clock, () => random) };
}

describe('directive table', () => {
  it('matches calls by model, version and the other fields of the scope', () => {
    const { clock, held } = table();
    held.apply(1, 1, [
      directive('a', { scope: { model: 'credit' } }),
      directive('b', { scope: { model: 'credit', model_version: '2' } }),
      directive('c', { scope: { model: 'credit', tenant: 'acme' } }),
      directive('d', { scope: { service: 'loans' } }),
    ]);
    const ids = (call: ModelCall): string[] => held.match(call, clock.monotonic(), clock.wall()).map(({ id }) => id);
    expect(ids(callOf('credit'))).toEqual(['a']);
    expect(ids(callOf('credit', { tenant: 'acme' }))).toEqual(['a', 'c']);
    expect(ids(callOf('other', { service: 'loans' }))).toEqual(['d']);
    expect(ids(callOf('other'))).toEqual([]);
  });

  it('makes a directive stale when its lease ends, and fresh again when it is renewed', () => {
    const { clock, held } = table();
    held.apply(1, 1, [directive('a')]);
    clock.advance(59.9);
    expect(held.match(callOf('credit'), clock.monotonic(), clock.wall())[0]?.stale).toBe(false);
    clock.advance(0.2);
    expect(held.match(callOf('credit'), clock.monotonic(), clock.wall())[0]?.stale).toBe(true);
    held.renew(1, ['a'], 60);
    expect(held.match(callOf('credit'), clock.monotonic(), clock.wall())[0]?.stale).toBe(false);
  });

  it('never leases for more than five minutes, whatever the message says', () => {
    const { clock, held } = table();
    held.apply(1, 1, [directive('a', { expiresIn: 1e9 })]);
    clock.advance(301);
    expect(held.match(callOf('credit'), clock.monotonic(), clock.wall())[0]?.stale).toBe(true);
  });

  it('is stale at once after the machine slept through the lease', () => {
    const { clock, held } = table();
    held.apply(1, 1, [directive('a', { expiresIn: 60 })]);
    clock.sleep(120);
    expect(held.match(callOf('credit'), clock.monotonic(), clock.wall())[0]?.stale).toBe(true);
  });

  it('does not end leases when the wall clock goes back, nor prolong them', () => {
    const { clock, held } = table();
    held.apply(1, 1, [directive('a', { expiresIn: 60 })]);
    clock.sleep(-3600);
    expect(held.match(callOf('credit'), clock.monotonic(), clock.wall())[0]?.stale).toBe(false);
    clock.advance(61);
    expect(held.match(callOf('credit'), clock.monotonic(), clock.wall())[0]?.stale).toBe(true);
  });

  it('drops directives of an older epoch and ignores messages of one', () => {
    const { held } = table();
    held.apply(1, 5, [directive('a')]);
    expect(held.apply(2, 1, [directive('b', { epoch: 2 })])).toEqual({ applied: ['b'], dropped: ['a'] });
    expect(held.apply(1, 6, [directive('c')])).toEqual({ applied: [], dropped: [] });
    expect(held.release(1, 7, ['b'])).toEqual([]);
    expect(held.list().map(({ id }) => id)).toEqual(['b']);
    expect([held.epoch, held.seq]).toEqual([2, 1]);
  });

  it('takes a whole state in place of what was held', () => {
    const { held } = table();
    held.apply(1, 1, [directive('a'), directive('b')]);
    expect(held.replace(1, 9, [directive('b'), directive('c')])).toEqual(['a']);
    expect(held.list().map(({ id }) => id)).toEqual(['b', 'c']);
    expect(held.seq).toBe(9);
  });

  it('releases, and says which of the ids were held', () => {
    const { clock, held } = table();
    held.apply(1, 1, [directive('a')]);
    expect(held.release(1, 2, ['a', 'unknown'])).toEqual(['a']);
    expect(held.match(callOf('credit'), clock.monotonic(), clock.wall())).toEqual([]);
  });

  it('throttles at its share of the rate, also after the share changed', () => {
    const { clock, held } = table();
    const action = { type: 'throttle', rate: 40, burst: 4, status: 429, retryAfter: 0 } as const;
    held.apply(1, 1, [directive('a', { action, share: { rate: 10, burst: 1 } })]);
    const passed = (seconds: number): number => {
      let count = 0;
      for (let i = 0; i < seconds * 1000; i++) {
        clock.advance(0.001);
        if (held.tryAcquire('a')) count += 1;
      }
      return count;
    };
    expect(passed(10)).toBeGreaterThanOrEqual(99);
    expect(passed(10)).toBeLessThanOrEqual(101);
    held.share(1, [{ directive: 'a', rate: 20, burst: 2, probe: 0 }]);
    const doubled = passed(10);
    expect(doubled).toBeGreaterThanOrEqual(198);
    expect(doubled).toBeLessThanOrEqual(202);
    expect(held.tryAcquire('not-a-directive')).toBeNull();
  });

  it('begins with its part of the burst, which four processes share', () => {
    const action = { type: 'throttle', rate: 4, burst: 1, status: 429, retryAfter: 0 } as const;
    const processes = Array.from({ length: 4 }, () => table());
    const passed = (): number => processes.filter(({ held }) => held.tryAcquire('a')).length;
    for (const { held } of processes) held.apply(1, 1, [directive('a', { action, share: { rate: 1, burst: 0.25 } })]);
    expect(passed()).toBe(0);
    for (const { clock } of processes) clock.advance(0.75);
    expect(passed()).toBe(4);
    expect(passed()).toBe(0);
  });

  it('probes a share of the calls', () => {
    const clock = new VirtualClock();
    let next = 0;
    const held = new DirectiveTable(clock, () => (next++ % 50) / 50);
    held.apply(1, 1, [directive('a', { probe: { share: 0.02, perSecond: 0 } })]);
    let probes = 0;
    for (let i = 0; i < 1000; i++) if (held.takeProbe('a')) probes += 1;
    expect(probes).toBe(20);
  });

  it('probes at least so many calls a second as its share says', () => {
    const { clock, held } = table();
    held.apply(1, 1, [directive('a', { probe: { share: 0, perSecond: 4 }, probeShare: 2 })]);
    let probes = 0;
    for (let i = 0; i < 1000; i++) {
      clock.advance(0.01);
      if (held.takeProbe('a')) probes += 1;
    }
    expect(probes).toBeGreaterThanOrEqual(19);
    expect(probes).toBeLessThanOrEqual(21);
  });

  it('never probes when neither a share nor a rate is written', () => {
    const { clock, held } = table(0);
    held.apply(1, 1, [directive('a')]);
    clock.advance(1000);
    expect(held.takeProbe('a')).toBe(false);
  });
});
