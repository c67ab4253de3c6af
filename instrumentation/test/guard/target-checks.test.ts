import { beforeEach, describe, expect, it, vi } from 'vitest';
import { withCallAttributes } from '../../src/guard/call-attributes.js';
import { guardModelOn } from '../../src/models/function/guard-model-on.js';
import { SiteRegistry } from '../../src/guard/site-registry.js';
import { TargetChecks } from '../../src/guard/target-checks.js';
import type { TargetDefinition } from '../../src/guard/types.js';
import { callStart, directive, guardrails, install, makeCore } from './fakes.js';

let sites: SiteRegistry;
let parts: ReturnType<typeof makeCore>;
let checks: TargetChecks<TargetDefinition>;
beforeEach(() => {
  sites = new SiteRegistry();
  parts = makeCore({ sites });
  checks = new TargetChecks(sites, parts.clock);
  install(parts.core, []);
});

/** Lets the answers of the checks arrive. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const announced = (): string[] => sites.describe().targets.map(({ name }) => name);

function ask(): Promise<string> {
  const host = { runtime: () => parts.core, declare: () => undefined };
  return guardModelOn(host, async () => Promise.resolve('original'), { name: 'credit' })().catch(
    (error: unknown) => (error as { code: string }).code,
  );
}
const told = (): unknown => {
  const { attributes } = parts.fed.at(-1)!;
  return [attributes['guardspan.disposition'], attributes['guardspan.verdict.code']];
};

describe('a target with a check', () => {
  it.each<[string, () => boolean | void | Promise<boolean | void>]>([
    ['says false', () => false],
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
    ['rejects', () => Promise.reject(new Error('down'))],
  ])('that %s is not announced, and calls go where they were going', async (_, check) => {
    sites.declareTarget({ name: 'previous', run: () => Promise.resolve('previous'), check });
    const reroute = { action: { type: 'reroute', to: 'previous', percent: 100 } } as const;
    parts.core.directives.apply(1, 1, [directive('d', reroute)]);
    checks.tick();
    await settled();
    expect(announced()).toEqual([]);
    expect(await ask()).toBe('original');
    expect(told()).toEqual(['allow_failopen', 'unsupported_here']);
  });

  it('is used from its first answer on, and asked every ten seconds, by one question at a time', async () => {
    const changed = vi.fn();
    sites.onChange(changed);
    let up = true;
    const check = vi.fn(() => Promise.resolve(up));
    sites.declareTarget({ name: 'previous', run: () => Promise.resolve('previous'), check });
    parts.core.directives.apply(1, 1, [
      directive('d', { action: { type: 'reroute', to: 'previous', percent: 100 }, expiresIn: 300 }),
    ]);
    expect(announced()).toEqual([]);
    checks.tick();
    await settled();
    expect(announced()).toEqual(['previous']);
    expect(changed).toHaveBeenCalledTimes(2);
    expect(await ask()).toBe('previous');
    up = false;
    for (let second = 0; second < 10; second++) {
      expect(check).toHaveBeenCalledTimes(1);
      checks.tick();
      parts.clock.advance(1);
    }
    checks.tick();
    await settled();
    expect(check).toHaveBeenCalledTimes(2);
    expect([announced(), await ask()]).toEqual([[], 'original']);
    expect(changed).toHaveBeenCalledTimes(3);
  });

  it('that is down leaves a shutdown without its fallback: the call is refused', async () => {
    sites.declareTarget({ name: 'previous', run: () => Promise.resolve('previous'), check: () => false });
    const action = { type: 'shutdown', status: 503, retryAfter: 5, fallback: 'previous' } as const;
    parts.core.directives.apply(1, 1, [directive('d', { action })]);
    checks.tick();
    await settled();
    expect(await ask()).toBe('GUARDSPAN_SHUTDOWN');
    sites.declareTarget({ name: 'previous', run: () => Promise.resolve('previous') });
    expect(await ask()).toBe('previous');
  });

  it('that is declared anew is not judged by the answer of the one before', async () => {
    let answer: (up: boolean) => void = () => undefined;
    sites.declareTarget({ name: 'previous', check: () => new Promise<boolean>((resolve) => (answer = resolve)) });
    checks.tick();
    sites.declareTarget({ name: 'previous', check: () => false });
    answer(true);
    await settled();
    expect(announced()).toEqual([]);
  });
});

describe('calls that are rerouted for a share of tenants', () => {
  it('stay where they are: the same tenant goes the same way in every process and after every restart', () => {
    const at = (percent: number): string[] => {
      // A process of its own, which draws other random numbers.
      const { core } = makeCore({ sites, random: Math.random });
      sites.declareTarget({ name: 'candidate' });
      install(
        core,
        guardrails(`
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: try-candidate}
spec:
  at: request
  when: 'true'
  action: {reroute: {to: candidate}}
  rollout: {percent: ${percent}, by: tenant}
  mode: enforce
`),
      );
      return Array.from({ length: 500 }, (_, index) => `tenant-${index}`).filter((tenant) =>
        withCallAttributes({ tenant }, () => {
          const call = core.begin(callStart());
          call.end();
          return call.decision.reroute !== null;
        }),
      );
    };
    const first = at(20);
    expect(first.length).toBeGreaterThan(70);
    expect(first.length).toBeLessThan(130);
    expect(at(20)).toEqual(first);
    // More only come to those.
    const more = new Set(at(40));
    expect(more.size).toBeGreaterThan(first.length);
    for (const tenant of first) expect(more.has(tenant)).toBe(true);
  });
});
