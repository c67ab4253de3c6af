import { AsyncResource } from 'node:async_hooks';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterEach, describe, expect, it } from 'vitest';
import { currentMark } from '../../src/guard/inside.js';
import { noopCall } from '../../src/guard/noop-runtime.js';
import type { GuardedCall } from '../../src/guard/types.js';
import { callStart, makeCore } from './fakes.js';

/** Something that a call begins and that goes on after it: a queue, a pool, a timer. */
function leftRunning(guarded: GuardedCall): AsyncResource {
  return guarded.run(() => new AsyncResource('queue'));
}

describe('what a call left running', () => {
  afterEach(() => context.disable());

  for (const [name, enable] of [
    ['with a context manager', () => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())],
    ['without a context manager', () => undefined],
  ] as const) {
    it(`belongs to the call until that has ended, ${name}`, () => {
      enable();
      const { core } = makeCore();
      for (const end of [(call: GuardedCall) => call.end(), (call: GuardedCall) => call.failed(new Error('no'))]) {
        const guarded = core.begin(callStart());
        const queue = leftRunning(guarded);
        expect(queue.runInAsyncScope(() => core.inside())).toBe(true);
        end(guarded);
        expect(queue.runInAsyncScope(() => core.inside())).toBe(false);
      }
    });

    it(`makes calls of its own also when the guard was not there yet, ${name}`, () => {
      enable();
      const call = noopCall();
      const queue = leftRunning(call);
      expect(queue.runInAsyncScope(currentMark)).toBe('call');
      call.end();
      expect(queue.runInAsyncScope(currentMark)).toBeUndefined();
    });
  }

  it('is still part of a call around it that has not ended', () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const { core } = makeCore();
    const outer = core.begin(callStart());
    const inner = outer.run(() => core.begin(callStart()));
    const queue = leftRunning(inner);
    inner.end();
    expect(queue.runInAsyncScope(() => core.inside())).toBe(true);
    outer.end();
    expect(queue.runInAsyncScope(() => core.inside())).toBe(false);
  });
});
