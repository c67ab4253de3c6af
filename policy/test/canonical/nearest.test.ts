import { describe, expect, it } from 'vitest';
import { nearestName } from '../../src/canonical/nearest.js';

const KEYS = ['when', 'where', 'until', 'action', 'match', 'mode', 'for'];

describe('the name that was probably meant', () => {
  it.each([
    ['wen', 'when'],
    ['whne', 'when'],
    ['When', 'when'],
    ['actoin', 'action'],
    ['acttions', 'action'],
    ['fro', 'for'],
    ['wheree', 'where'],
  ])('of %s is %s', (written, meant) => {
    expect(nearestName(written, KEYS)).toBe(meant);
  });

  it.each(['', 'x', 'bogus', 'condition', 'fo0bar', 'when'.repeat(40)])('of %j is none', (written) => {
    expect(nearestName(written, KEYS)).toBeUndefined();
  });

  it('is the only one that the written is a part of', () => {
    expect(nearestName('cost', ['llm-privacy', 'llm-cost', 'latency'])).toBe('llm-cost');
    expect(nearestName('llm', ['llm-privacy', 'llm-cost', 'latency'])).toBeUndefined();
  });

  it('is the first of equally near ones, and the nearest of several', () => {
    expect(nearestName('bat', ['cat', 'hat'])).toBe('cat');
    expect(nearestName('hats', ['cats', 'hat', 'hats_'])).toBe('cats');
    expect(nearestName('rate', ['rates', 'rate'])).toBe('rate');
  });
});
