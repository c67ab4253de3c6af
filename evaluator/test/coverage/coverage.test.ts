import type { ReportMessage } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { Fleet } from '../../src/channel/fleet/fleet.js';
import { Coverage } from '../../src/coverage/coverage.js';
import { OverReactionWatch } from '../../src/coverage/over-reaction.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { GuardrailsInForce } from '../../src/serve/guardrails-in-force.js';
import { helloOf } from '../channel/support/agent.js';
import { guardrailOf } from '../channel/support/guardrail.js';

function report(guarded: number, raw: number, denied = 0): ReportMessage {
  const started = guarded + raw;
  return {
    type: 'report',
    seq: 1,
    clock: 0,
    cells: [
      {
        ...{ model: 'risk', version: '1', bucket: 0, started, denied: 0, finished: started, finishedWithin: {} },
        guarded,
        unguarded: { raw_http: raw },
      },
    ],
    gaps: [{ reason: 'raw_http', name: 'api.example.com', count: raw }],
    feedDropped: 0,
    dispositions: [{ guardrail: 'secrets', disposition: 'enforced', action: 'deny', count: denied }],
  };
}
const instance = new Fleet({ now: () => 0 }).join(helloOf('shop'), 'websocket');

describe('coverage', () => {
  it('counts absolute totals once, however often they are reported', () => {
    const coverage = new Coverage(new Metrics());
    coverage.accept(instance, report(6, 1));
    coverage.accept(instance, report(6, 1));
    coverage.accept(instance, report(8, 2));
    coverage.accept(instance, report(7, 1));
    expect(coverage.report()).toMatchObject({ guarded: 8, unguarded: 2, coverage: 0.8 });
    expect(coverage.report().gaps).toEqual([
      { service: 'shop', reason: 'raw_http', name: 'api.example.com', count: 2 },
    ]);
  });
  it('counts spans of services without our package as made and not guarded', () => {
    const coverage = new Coverage(new Metrics());
    coverage.foreign('legacy', 'gpt', '');
    expect(coverage.report()).toMatchObject({ coverage: 0, gaps: [{ reason: 'foreign_span', name: 'gpt', count: 1 }] });
  });
  it('says nothing about a share without calls', () => {
    expect(new Coverage(new Metrics()).report().coverage).toBeNull();
  });
});

describe('over-reaction', () => {
  const secrets = guardrailOf('secrets', {
    match: { services: ['shop'] },
    at: 'request',
    when: "attrs.secret == 'yes'",
    action: { deny: {} },
    limits: { onExceed: 'warn' },
    mode: 'enforce',
  });
  const acted = (guarded: number, denied: number, at: number): ReturnType<OverReactionWatch['check']> => {
    const watch = new OverReactionWatch();
    watch.accept(new Coverage(new Metrics()).accept(instance, report(guarded, 0, denied)), [secrets], 0);
    return watch.check([secrets], at);
  };
  it('is found above the limit, from enough calls, within the window', () => {
    expect(acted(100, 21, 1)).toEqual([{ guardrail: 'secrets', share: 0.21, calls: 100 }]);
    expect(acted(100, 20, 1)).toEqual([]);
    expect(acted(99, 99, 1)).toEqual([]);
    expect(acted(100, 21, 601)).toEqual([]);
  });
  it('drops a guard-rail to warn until its document changes', () => {
    const inForce = new GuardrailsInForce();
    inForce.publish([secrets]);
    expect(inForce.drop('secrets')).toBe(true);
    expect(inForce.drop('secrets')).toBe(false);
    expect(inForce.list()[0]).toMatchObject({ guardrail: { spec: { mode: 'warn' } } });
    expect(inForce.list()[0]!.revision).not.toBe(secrets.revision);
    const changed = { ...secrets, revision: 'f'.repeat(64) };
    inForce.publish([changed]);
    expect(inForce.list()).toEqual([changed]);
  });
  it('drops what it enforces in some environment only, there too', () => {
    const { spec } = secrets.guardrail;
    const overrides = [
      { environments: ['live'], mode: 'enforce' as const },
      { environments: ['test'], mode: 'off' as const },
    ];
    const elsewhere = { ...secrets.guardrail, spec: { ...spec, mode: 'dryrun' as const, overrides } };
    const inForce = new GuardrailsInForce();
    inForce.publish([{ ...secrets, guardrail: elsewhere }]);
    expect(inForce.drop('secrets')).toBe(true);
    expect(inForce.list()[0]!.guardrail.spec).toMatchObject({
      mode: 'dryrun',
      overrides: [{ mode: 'warn' }, { mode: 'off' }],
    });
  });
});
