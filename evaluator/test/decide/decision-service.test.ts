import { loadGuardrails } from '@guardspan/policy';
import type { HeldDirective, RevisedGuardrail } from '@guardspan/policy';
import { describe, expect, it } from 'vitest';
import { DecisionService } from '../../src/decide/decision-service.js';
import { RequestHost } from '../../src/decide/request-host.js';
import { decideRequestSchema } from '../../src/decide/request-schema.js';
import type { KillState } from '../../src/http/deps.js';

function guardrail(name: string, spec: object): RevisedGuardrail {
  const document = { apiVersion: 'guardspan/v1alpha1', kind: 'Guardrail', metadata: { name }, spec };
  const { guardrails, errors } = loadGuardrails(JSON.stringify(document), { file: name });
  expect(errors).toEqual([]);
  return guardrails[0]!;
}

const redact = (at: string) =>
  guardrail(`redact-at-${at}`, {
    at,
    uses: { pii: { detector: 'pii', on: at === 'request' ? 'prompt.text' : 'output.text' } },
    when: 'pii.count > 0',
    mode: 'enforce',
    action: { redact: { detections: ['pii'] } },
  });

interface World {
  guardrails?: RevisedGuardrail[];
  directives?: HeldDirective[];
  kills?: KillState[];
}

function asking({ guardrails = [], directives = [], kills = [] }: World) {
  let now = 100;
  const service = new DecisionService({
    guardrails: () => guardrails,
    directives: () => directives,
    now: () => now,
    host: new RequestHost({
      now: () => now,
      random: () => 0.5,
      newId: () => 'id',
      kills: () => kills,
      probeOf: () => ({ share: 0, perSecond: 0 }),
    }),
  });
  return {
    ask: (request: object) => service.decide(decideRequestSchema.parse(request)),
    wait: (seconds: number) => (now += seconds),
  };
}

const throttle: HeldDirective = {
  id: 'd',
  guardrail: 'spend',
  revision: 'r',
  verdict: 'v',
  scope: { model: 'gpt' },
  action: { type: 'throttle', rate: 2, burst: 2, status: 429, retryAfter: 3 },
  mode: 'enforce',
  code: 'condition',
  message: 'too much',
  trace: [],
  onStale: 'allow',
  stale: false,
};

describe('a decision by request', () => {
  it('gives back texts that may be passed on, so that nobody needs our offsets', () => {
    const { ask } = asking({ guardrails: [redact('request')] });
    const { answer } = ask({
      texts: [
        { role: 'system', text: 'be kind' },
        { role: 'user', text: '😀 mail jane@example.com' },
      ],
    });
    expect(answer).toMatchObject({ allow: true, decision: { action: 'redact', disposition: 'enforced' } });
    expect(answer.texts).toEqual([{ path: 'texts.1', text: '😀 mail <email>' }]);
  });

  it('gives back what a literal makes of the texts, and says which rewriters have to be asked', () => {
    const rewrite = (name: string, settings: object) =>
      guardrail(name, { at: 'request', when: 'true', mode: 'enforce', action: { rewrite: settings } });
    const texts = [{ role: 'user', text: 'mail jane@example.com' }];
    const literal = asking({ guardrails: [redact('request'), rewrite('a', { with: '{text}, please' })] });
    const { answer } = literal.ask({ texts });
    expect(answer).toMatchObject({ allow: true, texts: [{ path: 'texts.0', text: 'mail <email>, please' }] });
    expect([answer.decision.rewrites?.length, answer.rewrites]).toEqual([1, undefined]);

    const list = [
      rewrite('a', { with: '[{text}]' }),
      rewrite('b', { by: 'formal' }),
      rewrite('c', { with: '({text})' }),
    ];
    const named = asking({ guardrails: list });
    expect(named.ask({ texts, rewriters: ['formal'] }).answer).toMatchObject({
      ...{ allow: true, decision: { action: 'rewrite' }, texts: [{ text: '[mail jane@example.com]' }] },
      rewrites: [
        { guardrail: 'b', by: { name: 'formal', deadline: 1 }, onError: 'deny', paths: ['texts.0'] },
        { guardrail: 'c', with: '({text})', paths: ['texts.0'] },
      ],
    });
    expect(named.ask({ texts, rewriters: ['formal'] }).answer.decision).not.toHaveProperty('rewriting');
    expect(named.ask({ texts }).answer).toMatchObject({
      ...{ allow: false, texts: [], decision: { action: 'deny', disposition: 'deny_failclosed' } },
      reason: 'who asks has no rewriter formal',
    });
    const open = {
      at: 'request',
      when: 'true',
      mode: 'enforce',
      onError: 'allow',
      action: { rewrite: { by: 'formal' } },
    };
    expect(asking({ guardrails: [guardrail('b', open)] }).ask({ texts }).answer).toMatchObject({
      ...{ allow: true, texts: [], decision: { action: 'allow', disposition: 'allow_failopen' } },
    });
  });

  it('about a whole answer asks the guard-rails at chunk too', () => {
    const { ask } = asking({ guardrails: [redact('chunk'), redact('response')] });
    const texts = [{ text: 'jane@example.com' }];
    expect(ask({ at: 'response', texts }).answer.decision.evaluated).toBe(2);
    expect(ask({ at: 'chunk', texts }).answer.decision.evaluated).toBe(1);
    expect(ask({ at: 'response', texts }).answer.texts).toEqual([{ path: 'texts.0', text: '<email>' }]);
  });

  it('says that nothing was evaluated when no guard-rail is about the call', () => {
    expect(asking({}).ask({}).answer).toMatchObject({
      allow: true,
      decision: { disposition: 'not_evaluated', evaluated: 0 },
    });
  });

  it('applies directives of the scope, with one bucket for all who ask', () => {
    const { ask, wait } = asking({ directives: [throttle] });
    const allowed = (): boolean => ask({ call: { model: { name: 'gpt' } } }).answer.allow;
    expect([allowed(), allowed(), allowed()]).toEqual([true, true, false]);
    expect(ask({ call: { model: { name: 'gpt' } } }).answer.decision.end).toMatchObject({ status: 429, retryAfter: 3 });
    wait(0.5);
    expect([allowed(), allowed()]).toEqual([true, false]);
    expect(ask({ call: { model: { name: 'other' } } }).answer.allow).toBe(true);
  });

  it('orders nothing that the asker cannot do, and says so', () => {
    const reroute = guardrail('reroute', {
      ...{ at: 'request', when: 'true', mode: 'enforce', action: { reroute: { to: 'backup' } } },
    });
    const { ask } = asking({ guardrails: [reroute] });
    const codes = (request: object): unknown[] => ask(request).answer.decision.verdicts.map(({ code }) => code);
    expect(codes({ targets: ['backup'] })).toEqual(['condition']);
    expect(codes({})).toEqual(['forbidden_here']);
    expect(codes({ targets: ['backup'], can: ['deny'] })).toEqual(['unsupported_here']);
    expect(ask({ targets: ['backup'] }).answer.decision.reroute).toMatchObject({ to: 'backup' });
  });

  it('obeys kill switches of its scope', () => {
    const deny = guardrail('no', { at: 'request', when: 'true', mode: 'enforce', action: { deny: {} } });
    const kill = (scope: Partial<KillState['scope']>): KillState => ({
      ...{ id: 'k', reason: '', by: '', expiresIn: 0, at: 0, until: 0 },
      scope: { guardrail: '', model: '', service: '', ...scope },
    });
    const call = { service: 'shop', model: { name: 'm' } };
    const killed = (scope: object): boolean =>
      asking({ guardrails: [deny], kills: [kill(scope)] }).ask({ call }).answer.allow;
    expect(killed({})).toBe(true);
    expect(killed({ service: 'shop', guardrail: 'no' })).toBe(true);
    expect(killed({ service: 'bank' })).toBe(false);
    expect(killed({ model: 'other' })).toBe(false);
  });

  it('takes no group, no truth and no unknown field', () => {
    for (const field of ['group', 'truth', 'decision', 'nonsense'])
      expect(decideRequestSchema.safeParse({ call: { [field]: {} } }).success).toBe(false);
  });
});
