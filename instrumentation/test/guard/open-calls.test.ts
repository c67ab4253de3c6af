import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_WATCHED, OpenCalls } from '../../src/guard/open-calls.js';
import type { OpenCall } from '../../src/guard/open-calls.js';

interface Told extends OpenCall {
  told: number[];
}
const call = (startedAt: number): Told => {
  const told: number[] = [];
  return { list: null, previous: null, next: null, startedAt, told, tellOpen: (elapsed) => told.push(elapsed) };
};

describe('calls that have not ended', () => {
  it('are told once for each limit that they pass, and not after their end', () => {
    const open = new OpenCalls();
    open.limits = [5, 1];
    const [long, short] = [call(0), call(0)];
    open.add(long);
    open.add(short);
    for (let now = 0; now < 20; now += 0.25) {
      if (now === 3) open.delete(short);
      open.tick(now);
    }
    expect(long.told).toEqual([1.25, 5.25]);
    expect(short.told).toEqual([1.25]);
    expect(open.size).toBe(0);
  });

  it('are told once when they pass two limits between two looks', () => {
    const open = new OpenCalls();
    open.limits = [1, 2];
    const one = call(0);
    open.add(one);
    open.tick(9);
    open.tick(10);
    expect(one.told).toEqual([9]);
  });

  it('are not watched without limits, nor beyond the bound', () => {
    const open = new OpenCalls();
    open.add(call(0));
    expect(open.size).toBe(0);
    open.limits = [1];
    for (let i = 0; i < MAX_WATCHED + 10; i++) open.add(call(i));
    expect(open.size).toBe(MAX_WATCHED);
  });

  it('follow limits that change', () => {
    const open = new OpenCalls();
    open.limits = [1];
    const one = call(0);
    open.add(one);
    open.limits = [3];
    open.tick(2);
    expect(one.told).toEqual([]);
    open.tick(4);
    expect(one.told).toEqual([4]);
  });

  it('keep their count whatever happens in whatever order', () => {
    const step = fc.oneof(
      fc.record({ add: fc.constant(true) }),
      fc.record({ end: fc.nat({ max: 50 }) }),
      fc.record({ wait: fc.double({ min: 0, max: 3, noNaN: true }) }),
      fc.record({ limits: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const open = new OpenCalls();
        open.limits = [1, 4];
        const calls: Told[] = [];
        let now = 0;
        for (const one of steps) {
          if ('add' in one) {
            calls.push(call(now));
            open.add(calls.at(-1)!);
          } else if ('end' in one) {
            const ended = calls[one.end];
            if (ended !== undefined) open.delete(ended);
          } else if ('wait' in one) open.tick((now += one.wait));
          else open.limits = one.limits;
          expect(open.size).toBeGreaterThanOrEqual(0);
          expect(open.size).toBeLessThanOrEqual(calls.length);
        }
        for (const each of calls) open.delete(each);
        expect(open.size).toBe(0);
      }),
    );
  });
});
