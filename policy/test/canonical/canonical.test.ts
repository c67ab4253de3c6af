import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, formatDuration, parseDuration, setDigest, sha256Hex } from '../../src/runtime.js';

it('canonical JSON reads back to the same value and does not depend on the order of keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 300, seed: 5 },
  );
});

it('hashes as node:crypto does', () => {
  for (const text of ['', 'abc', 'é😀', 'x'.repeat(1000)])
    expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
});

it('gives one digest to a set whatever its order, and another to another set', () => {
  const entry = (name: string, revision: string): { revision: string; guardrail: { metadata: { name: string } } } => ({
    revision,
    guardrail: { metadata: { name } },
  });
  const [a, b] = [entry('a', '1'), entry('b', '2')];
  expect(setDigest([a, b])).toBe(setDigest([b, a]));
  expect(setDigest([a, b])).not.toBe(setDigest([entry('a', '2'), entry('b', '1')]));
});

it.each([
  ['250ms', 0.25],
  ['10s', 10],
  ['1.5m', 90],
  ['24h', 86_400],
  ['90d', 7_776_000],
  ['0s', 0],
])('%s is %d seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
  expect(parseDuration(formatDuration(seconds))).toBe(seconds);
});

it.each(['', '5', 'm', '5 m', '-5s', '1e3s', '5y'])('refuses the duration %j', (text) => {
  expect(() => parseDuration(text)).toThrow('is not a duration');
});
