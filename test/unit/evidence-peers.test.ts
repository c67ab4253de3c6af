import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adwin, pageHinkley } from '../src/bench/evidence/peers.js';
import type { Watch } from '../src/bench/evidence/peers.js';

type Stream = [seed: number, calls: number, change: number, before: number, after: number];
interface River {
  streams: { stream: Stream; pageHinkley: number; adwin: number }[];
}
// Made by make_river.py beside it.
const river = JSON.parse(readFileSync(new URL('../fixtures/river/river.json', import.meta.url), 'utf8')) as River;

/** Index of the call at which the detector first fires, asked after each `clock` calls; -1 for never. */
function found(watch: Watch, [seed, calls, change, before, after]: Stream, clock: number): number {
  let state = seed;
  for (let i = 0; i < calls; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const s = state / 2 ** 32 < (i < change ? before : after) ? 1 : 0;
    if (watch({ s, n: 1, sa: 0, na: 0 }) && (i + 1) % clock === 0) return i;
  }
  return -1;
}

describe('the detectors that the benchmark compares with are those of River', () => {
  it('Page-Hinkley finds at the same call', () => {
    for (const { stream, pageHinkley: expected } of river.streams) {
      expect(found(pageHinkley(), stream, 1), stream.join()).toBe(expected);
    }
  });

  it('ADWIN finds at the same call', () => {
    for (const { stream, adwin: expected } of river.streams) {
      expect(found(adwin(), stream, 32), stream.join()).toBe(expected);
    }
  }, 60_000);
});
