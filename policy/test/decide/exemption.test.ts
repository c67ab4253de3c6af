import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../src/call/create-model-call.js';
import type { ModelCall } from '../../src/call/model-call.js';
import { readCall } from '../../src/call/read-call.js';
import { requiredLevel } from '../../src/channel/required-level.js';
import { explainCall } from '../../src/decide/explain-call.js';
import { GuardrailSet } from '../../src/decide/guardrail-set.js';
import type { DecideHost, HeldDirective } from '../../src/decide/types.js';
import { bindGuardrails } from '../../src/document/bind-guardrails.js';
import { loadDocuments } from '../../src/document/load-documents.js';
import type { RevisedGuardrail } from '../../src/document/types.js';

const EXPIRES = Date.parse('2027-01-31') / 1000;

function bound(spec: object, exception: object): readonly RevisedGuardrail[] {
  const head = { apiVersion: 'guardspan/v1alpha1' };
  const texts = [
    { ...head, kind: 'Guardrail', metadata: { name: 'g' }, spec: { mode: 'enforce', ...spec } },
    {
      ...{ ...head, kind: 'GuardrailException', metadata: { name: 'e' } },
      spec: { owner: 'o', reason: 'r', expires: '2027-01-31', guardrails: ['g'], ...exception },
    },
  ].map((document) => JSON.stringify(document));
  const { documents, errors } = loadDocuments(texts.join('\n---\n'), { file: 'x' });
  expect(errors).toEqual([]);
  const guardrails = documents.Guardrail.map(({ revision, normal }) => ({ revision, guardrail: normal }));
  return bindGuardrails(guardrails, { exceptions: documents.GuardrailException, packs: [] });
}

const deny = { at: 'request', when: 'true', action: { deny: {} } };
const windowed = {
  over: { window: '1m', signals: { n: { count: 'true' } } },
  when: 'n > 1',
  action: { shutdown: {} },
};
const host: DecideHost = {
  random: () => 0,
  newId: () => 'id',
  now: () => 0,
  tryAcquire: () => false,
  takeProbe: () => true,
  forbids: () => null,
};
const directive: HeldDirective = {
  ...{ id: 'd', guardrail: 'g', revision: '', verdict: 'v', scope: {}, mode: 'enforce' },
  ...{ code: 'condition', message: '', trace: [], onStale: 'keep', stale: false },
  action: { type: 'shutdown', status: 503, retryAfter: 0, fallback: '' },
};

function call(change: Partial<ModelCall> = {}): ModelCall {
  return { ...createModelCall(), service: 's', startedAt: EXPIRES - 1, ...change };
}

function decide(guardrails: readonly RevisedGuardrail[], given: ModelCall, directives: HeldDirective[] = []) {
  const { set, errors } = GuardrailSet.compile(guardrails);
  expect(errors).toEqual([]);
  return set.decide({ point: 'request', call: given, texts: () => [], directives, freshness: 'live', host });
}

describe('an exception', () => {
  const rows: readonly [string, object, ModelCall, 'exempted' | 'enforced'][] = [
    ['exempts the calls that it matches', { match: { services: ['s*'] } }, call(), 'exempted'],
    ['exempts no other calls', { match: { services: ['t'] } }, call(), 'enforced'],
    ['exempts until it expires', { match: { services: ['s'] } }, call({ startedAt: EXPIRES }), 'enforced'],
    ['exempts no call whose time is unknown', { match: { services: ['s'] } }, call({ startedAt: NaN }), 'enforced'],
    ['exempts where its condition holds', { where: "attrs.run == 'm'" }, call({ attrs: { run: 'm' } }), 'exempted'],
    ['exempts nothing where it does not', { where: "attrs.run == 'm'" }, call({ attrs: { run: 'n' } }), 'enforced'],
    ['exempts nothing when it cannot be evaluated', { where: "attrs.run == 'm'" }, call(), 'enforced'],
    [
      'needs match and where',
      { match: { services: ['t'] }, where: "attrs.run == 'm'" },
      call({ attrs: { run: 'm' } }),
      'enforced',
    ],
  ];
  it.each(rows)('%s', (_, exception, given, disposition) => {
    const decision = decide(bound(deny, exception), given);
    expect(decision.disposition).toBe(disposition);
    expect(decision.end === null).toBe(disposition === 'exempted');
    expect(decision.evaluated).toBe(disposition === 'exempted' ? 0 : 1);
  });

  it('is named by the verdict, which passes for nothing', () => {
    const [verdict] = decide(bound(deny, { match: { services: ['s'] } }), call()).verdicts;
    expect(verdict).toMatchObject({
      outcome: 'not_evaluated',
      code: 'exempted',
      exception: 'e',
      disposition: 'exempted',
    });
    expect(verdict!.message).toContain('exception e');
  });

  it('does not speak where the guard-rail has no say', () => {
    const where = bound({ ...deny, where: "attrs.x == 'y'" }, { match: { services: ['s'] } });
    expect(decide(where, call({ attrs: { x: 'n' } })).verdicts).toEqual([]);
  });

  it('exempts from what would fail closed', () => {
    const broken = bound({ ...deny, when: 'features.missing > 1.0' }, { match: { services: ['s'] } });
    expect(decide(broken, call()).disposition).toBe('exempted');
    expect(decide(broken, call({ service: 't' })).disposition).toBe('deny_failclosed');
  });

  it('exempts from a directive, which takes no probe of the call', () => {
    const guardrails = bound(windowed, { match: { services: ['s'] } });
    const decision = decide(guardrails, call(), [directive]);
    expect(decision).toMatchObject({ action: 'allow', disposition: 'exempted', probe: false, evaluated: 0 });
    expect(decision.verdicts[0]).toMatchObject({ directive: 'd', exception: 'e', point: 'windowed' });
    expect(decide(guardrails, call({ service: 't' }), [directive]).probe).toBe(true);
  });

  it('says nothing of a windowed guard-rail that asks for nothing', () => {
    expect(decide(bound(windowed, { match: { services: ['s'] } }), call())).toMatchObject({
      ...{ disposition: 'allow', evaluated: 1, verdicts: [] },
    });
  });

  it('changes the revision of the guard-rail that it is bound to, and needs a client that knows it', () => {
    const [revised] = bound(deny, { match: { services: ['s'] } });
    const [other] = bound(deny, { match: { services: ['t'] } });
    expect(revised!.revision).not.toBe(other!.revision);
    expect(requiredLevel(revised!.guardrail)).toBe(3);
  });

  it('is what an explanation says', () => {
    const written = { ...readCall({}), call: call() };
    for (const spec of [deny, windowed]) {
      const { guardrails } = explainCall(bound(spec, { match: { services: ['s'] } }), written);
      expect(guardrails[0]).toMatchObject({ outcome: 'not_evaluated', exception: 'e', condition: null });
      expect(guardrails[0]!.reason).toContain('exception e');
    }
  });
});
