import { describe, expect, it } from 'vitest';
import { Backoff } from '../../src/channel/backoff.js';

describe('backoff', () => {
  it('doubles up to the cap, with full jitter', () => {
    const longest = new Backoff(() => 1);
    expect(Array.from({ length: 9 }, () => longest.next(0, false))).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
    const half = new Backoff(() => 0.5);
    expect(half.next(0, false)).toBe(0.25);
  });

  it('starts anew after a connection that lived', () => {
    const backoff = new Backoff(() => 1);
    for (let i = 0; i < 6; i++) backoff.next(1, false);
    expect(backoff.next(60, false)).toBe(0.5);
  });

  it('is never a tight loop, also after a clean close', () => {
    expect(new Backoff(() => 0).next(0, false)).toBeGreaterThanOrEqual(0.1);
  });

  it('asks slowly again after a refusal', () => {
    expect(new Backoff(() => 0).next(0, true)).toBeGreaterThanOrEqual(30);
  });
});
