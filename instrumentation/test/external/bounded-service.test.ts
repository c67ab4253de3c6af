import { describe, expect, it, vi } from 'vitest';
import { BoundedService } from '../../src/external/bounded-service.js';
import { currentMark } from '../../src/guard/inside.js';
import { VirtualClock } from '../guard/fakes.js';

const never = (): Promise<never> => new Promise(() => undefined);

describe('a bounded service', () => {
  it('gives the answer, asked as traffic of our own', async () => {
    const service = new BoundedService('judge', new VirtualClock());
    await expect(service.ask(() => currentMark(), 1)).resolves.toEqual({ ok: true, value: 'own' });
  });

  it('gives up at the deadline, aborts, and drops what comes later', async () => {
    vi.useFakeTimers();
    try {
      const service = new BoundedService('judge', new VirtualClock());
      let aborted: AbortSignal | undefined;
      const answer = service.ask((signal) => ((aborted = signal), never()), 0.25);
      await vi.advanceTimersByTimeAsync(249);
      expect(aborted?.aborted).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      await expect(answer).resolves.toMatchObject({ ok: false, failure: 'deadline' });
      expect(aborted?.aborted).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('refuses more questions than may be under way, also those that hang beyond their deadline', async () => {
    const service = new BoundedService('judge', new VirtualClock(), { maxConcurrent: 1, breaker: { failures: 100 } });
    await expect(service.ask(never, 0.001)).resolves.toMatchObject({ failure: 'deadline' });
    await expect(service.ask(() => 1, 1)).resolves.toMatchObject({ failure: 'saturated' });
  });

  it('is left alone after failures in a row, then tried once, and says nothing of what the error said', async () => {
    const clock = new VirtualClock();
    const service = new BoundedService('judge', clock, { breaker: { failures: 2, openFor: 5 } });
    const fails = (): never => {
      throw new Error('secret text');
    };
    for (let i = 0; i < 2; i++) expect(JSON.stringify(await service.ask(fails, 1))).not.toContain('secret');
    expect(service.state).toBe('open');
    const asked = vi.fn(() => 1);
    await expect(service.ask(asked, 1)).resolves.toMatchObject({ failure: 'detector_error' });
    expect(asked).not.toHaveBeenCalled();
    clock.advance(5);
    expect(service.state).toBe('half-open');
    await expect(service.ask(asked, 1)).resolves.toEqual({ ok: true, value: 1 });
    expect(service.state).toBe('closed');
  });
});
