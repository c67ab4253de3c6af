import { beforeEach, describe, expect, it } from 'vitest';
import type { CallEnd } from '@guardspan/policy/runtime';
import { GuardrailDeniedError } from '../../src/actions/errors.js';
import { guardModelOn } from '../../src/models/function/guard-model-on.js';
import { allow, FakeRuntime } from '../support/fake-runtime.js';

let fake: FakeRuntime;
beforeEach(() => {
  fake = new FakeRuntime();
});

const end: CallEnd = {
  kind: 'deny',
  guardrail: 'g',
  verdict: 'v',
  status: 403,
  retryAfter: 0,
  guidance: '',
  message: 'Refused',
  fallback: '',
};
const denied = () => allow({ action: 'deny', end });

describe('guardModel', () => {
  it('keeps a synchronous function synchronous', () => {
    const score = guardModelOn(fake, (age: number) => age / 100, {
      name: 'score',
      version: '2',
      kind: 'regressor',
      features: (age) => ({ age, other: 1 }),
      output: (result) => ({ score: result }),
    });
    fake.captured = { features: ['age'], outputs: 'none' };
    expect(score(40)).toBe(0.4);
    expect(fake.calls[0]?.start).toMatchObject({
      client: 'function',
      model: { name: 'score', version: '2', kind: 'regressor', framework: 'function' },
      operation: 'predict',
      features: { age: 40 },
    });
    expect(fake.calls[0]?.answers).toEqual([{ output: { score: 0.4 } }]);
    expect(fake.calls[0]?.ended).toBe(1);
  });

  it('throws out of a synchronous function and rejects from an asynchronous one', async () => {
    fake.atRequest = denied;
    expect(() => guardModelOn(fake, () => 1, { name: 'm' })()).toThrow(GuardrailDeniedError);
    await expect(guardModelOn(fake, async () => 1, { name: 'm' })()).rejects.toBeInstanceOf(GuardrailDeniedError);
    const plain = guardModelOn(fake, () => Promise.resolve(1), { name: 'm', async: true });
    await expect(plain()).rejects.toBeInstanceOf(GuardrailDeniedError);
  });

  it('learns from the first answer that a plain function is asynchronous', async () => {
    const guarded = guardModelOn(fake, () => Promise.resolve(1), { name: 'm' });
    await guarded();
    fake.atRequest = denied;
    await expect(guarded()).rejects.toBeInstanceOf(GuardrailDeniedError);
  });

  it('withholds an answer that is refused at the response', async () => {
    fake.atResponse = denied;
    await expect(guardModelOn(fake, async () => 1, { name: 'm' })()).rejects.toBeInstanceOf(GuardrailDeniedError);
  });

  it('passes on what the function throws', async () => {
    const boom = new Error('boom');
    const fails = guardModelOn(
      fake,
      () => {
        throw boom;
      },
      { name: 'm' },
    );
    expect(fails).toThrow(boom);
    await expect(guardModelOn(fake, () => Promise.reject(boom), { name: 'm' })()).rejects.toBe(boom);
    expect(fake.calls.map((call) => call.failures)).toEqual([[boom], [boom]]);
  });

  it('calls its own target before one of the process', () => {
    fake.declareTarget({ name: 'old', run: () => 'process' });
    fake.declareTarget({ name: 'spare', run: () => 'spare' });
    const guarded = guardModelOn(fake, () => 'new', { name: 'm', targets: { old: () => 'own' } });
    fake.atRequest = () => allow({ action: 'reroute', reroute: { to: 'old', guardrail: 'g', directive: 'd' } });
    expect(guarded()).toBe('own');
    fake.atRequest = () => allow({ action: 'reroute', reroute: { to: 'spare', guardrail: 'g', directive: 'd' } });
    expect(guarded()).toBe('spare');
    fake.atRequest = () => allow({ action: 'reroute', reroute: { to: 'unknown', guardrail: 'g', directive: 'd' } });
    expect(guarded()).toBe('new');
    expect(fake.calls.map((call) => call.rerouted.map(({ to }) => to))).toEqual([['old'], ['spare'], []]);
    expect(fake.sites[0]).toMatchObject({ client: 'function', model: 'm', targets: ['old'] });
  });

  it('survives a description that fails', () => {
    const fails = (): never => {
      throw new Error('bad description');
    };
    const guarded = guardModelOn(fake, () => 1, { name: 'm', features: fails, output: fails, usage: fails });
    expect(guarded()).toBe(1);
    expect(fake.calls[0]?.ended).toBe(1);
  });

  it('counts a guarded function inside another once', () => {
    const inner = guardModelOn(fake, () => 1, { name: 'inner' });
    const outer = guardModelOn(fake, () => inner(), { name: 'outer' });
    expect(outer()).toBe(1);
    expect(fake.calls.map((call) => call.start.model.name)).toEqual(['outer']);
  });

  it('keeps `this`, name and length of the function', () => {
    function model(this: { k: number }, _x: number): number {
      return this.k;
    }
    const guarded = guardModelOn(fake, model as (x: number) => number, { name: 'm' });
    expect(guarded.call({ k: 7 } as never, 1)).toBe(7);
    expect([guarded.name, guarded.length]).toEqual(['model', 1]);
  });
});
