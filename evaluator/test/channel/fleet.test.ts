import { describe, expect, it } from 'vitest';
import { shareOf } from '../../src/channel/directives/shares.js';
import { Fleet } from '../../src/channel/fleet/fleet.js';
import { FleetApiView } from '../../src/channel/fleet/fleet-view.js';
import { reachOf } from '../../src/channel/fleet/inert.js';
import { Publication } from '../../src/channel/publication.js';
import { helloOf } from './support/agent.js';
import { guardrailOf, windowed } from './support/guardrail.js';

describe('reach of a guard-rail', () => {
  const reach = (
    overrides: Parameters<typeof helloOf>[1],
    guardrail = windowed('errors', { match: { services: ['shop'], models: ['risk'] } }),
  ): unknown => {
    const fleet = new Fleet({ now: () => 0 });
    fleet.join(helloOf('shop', overrides), 'websocket');
    return reachOf(guardrail.guardrail, fleet.live());
  };

  it('is active where client, action, permission and target are there', () => {
    expect(reach({})).toEqual({ state: 'active', instances: 1, matching: 1 });
  });
  it.each([
    ['no_call_site', { callSites: [{ client: 'function', model: 'other', version: '' }] }],
    ['action_unsupported', { capabilities: [] }],
    ['forbidden_here', { allow: { actions: ['deny' as const] } }],
    ['unknown_target', { targets: [] }],
  ])('is inert with the reason %s', (reason, overrides) => {
    expect(reach(overrides)).toEqual({ state: 'inert', reason, matching: 1 });
  });
  it('is inert where no process declares its Rego engine, and active where one does', () => {
    const policy = guardrailOf('policy', {
      ...{ match: { services: ['shop'] }, at: 'request', action: { deny: {} }, mode: 'warn' },
      rego: { engine: 'residency', path: 'guardspan/residency' },
    });
    expect(reach({}, policy)).toEqual({ state: 'inert', reason: 'unknown_engine', matching: 1 });
    expect(reach({ engines: ['residency'] }, policy)).toMatchObject({ state: 'active' });
  });
  it('is inert where no process declares its rewriter, active where one does, and not published before', () => {
    const capabilities = [
      { client: 'function', version: '', at: 'request' as const, actions: ['rewrite' as const], streamed: false },
    ];
    const able = { capabilities, allow: { actions: ['rewrite' as const] } };
    const tone = guardrailOf('tone', {
      ...{ match: { services: ['shop'] }, at: 'request', when: 'true', mode: 'warn' },
      action: { rewrite: { by: 'formal-tone' } },
    });
    expect(reach(able, tone)).toEqual({ state: 'inert', reason: 'unknown_rewriter', matching: 1 });
    expect(reach({ ...able, rewriters: ['formal-tone'] }, tone)).toMatchObject({ state: 'active' });

    const fleet = new Fleet({ now: () => 0 });
    const { key } = fleet.join(helloOf('shop', able), 'websocket');
    const view = new FleetApiView(fleet, new Publication());
    expect(view.incompatible(tone)).toMatchObject([
      { code: 'unknown_rewriter', message: 'declares no rewriter "formal-tone"' },
    ]);
    fleet.all().find((instance) => instance.key === key)!.rewriters = ['formal-tone'];
    expect(view.incompatible(tone)).toEqual([]);
    expect(view.instances()).toMatchObject([{ rewriters: ['formal-tone'] }]);
  });
  it('is unknown while no process that matches is connected', () => {
    const elsewhere = windowed('errors', { match: { services: ['bank'] } });
    expect(reach({}, elsewhere)).toEqual({ state: 'unknown' });
  });
  it('asks for the point of an inline guard-rail', () => {
    const response = guardrailOf('late', {
      match: { services: ['shop'] },
      at: 'response',
      when: "output.label == 'x'",
      action: { deny: {} },
      mode: 'warn',
    });
    expect(reach({}, response)).toMatchObject({ state: 'inert', reason: 'action_unsupported' });
  });
});

describe('shares', () => {
  it('add up to the budget of the scope', () => {
    const throttle = { type: 'throttle', rate: 10, burst: 12, status: 429, retryAfter: 1 } as const;
    const share = shareOf(throttle, { perSecond: 1 }, 4);
    expect(share).toEqual({ rate: 2.5, burst: 3, probe: 0.25 });
  });
  it('are not rounded, so that many processes do not begin with more than the burst', () => {
    const throttle = { type: 'throttle', rate: 4, burst: 1, status: 429, retryAfter: 1 } as const;
    expect(shareOf(throttle, { perSecond: 1 }, 4)).toEqual({ rate: 1, burst: 0.25, probe: 0.25 });
  });
  it('let nothing through a throttle of 0', () => {
    const throttle = { type: 'throttle', rate: 0, burst: 0, status: 429, retryAfter: 1 } as const;
    expect(shareOf(throttle, { perSecond: 1 }, 0)).toEqual({ rate: 0, burst: 0, probe: 1 });
  });
});

describe('the fleet', () => {
  it('keeps what left visible for a while, and counts a puller as live for a while', () => {
    let now = 0;
    const fleet = new Fleet({ now: () => now });
    const socket = fleet.join(helloOf('shop'), 'websocket');
    fleet.join(helloOf('shop'), 'sync');
    fleet.leave(socket);
    now = 31;
    fleet.prune();
    expect(fleet.live()).toEqual([]);
    expect(fleet.all()).toHaveLength(2);
    expect(fleet.knowsService('shop')).toBe(true);
    now = 700;
    fleet.prune();
    expect(fleet.all()).toEqual([]);
  });

  it('tells what is connected from what left', () => {
    const fleet = new Fleet({ now: () => 5 });
    fleet.leave(fleet.join(helloOf('shop'), 'websocket'));
    fleet.join(helloOf('bank'), 'websocket');
    const seen = new FleetApiView(fleet, new Publication()).instances();
    expect(seen.map(({ service, connected }) => [service, connected])).toEqual([
      ['shop', false],
      ['bank', true],
    ]);
  });
});
