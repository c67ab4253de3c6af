import { describe, expect, it } from 'vitest';
import { Breaker } from '../../src/external/breaker.js';

describe('a breaker', () => {
  it('opens after failures in a row and not before', () => {
    const breaker = new Breaker({ failures: 3, openFor: 10 });
    for (const now of [0, 1]) {
      expect(breaker.admit(now)).toBe(true);
      breaker.failed(now);
    }
    breaker.admit(2);
    breaker.succeeded();
    for (const now of [3, 4, 5]) {
      expect(breaker.admit(now)).toBe(true);
      breaker.failed(now);
    }
    expect(breaker.state(6)).toBe('open');
    expect(breaker.admit(6)).toBe(false);
  });

  it('lets one request through when half-open; success closes it', () => {
    const breaker = new Breaker({ failures: 1, openFor: 10 });
    breaker.admit(0);
    breaker.failed(0);
    expect(breaker.state(10)).toBe('half-open');
    expect([breaker.admit(10), breaker.admit(10)]).toEqual([true, false]);
    breaker.succeeded();
    expect(breaker.state(10)).toBe('closed');
    expect(breaker.admit(10)).toBe(true);
  });

  it('opens for another period when the request that it let through fails', () => {
    const breaker = new Breaker({ failures: 1, openFor: 10 });
    breaker.admit(0);
    breaker.failed(0);
    expect(breaker.admit(10)).toBe(true);
    breaker.failed(11);
    expect(breaker.admit(20)).toBe(false);
    expect(breaker.admit(21)).toBe(true);
  });
});
