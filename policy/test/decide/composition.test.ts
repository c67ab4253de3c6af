import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../src/call/create-model-call.js';
import { GuardrailSet } from '../../src/decide/guardrail-set.js';
import type { DecideHost, Decision, HeldDirective } from '../../src/decide/types.js';
import { bindGuardrails } from '../../src/document/bind-guardrails.js';
import { loadDocuments } from '../../src/document/load-documents.js';

const host: DecideHost = {
  random: () => 0,
  newId: () => 'id',
  now: () => 0,
  tryAcquire: () => false,
  takeProbe: () => false,
  forbids: () => null,
};
const head = { apiVersion: 'guardspan/v1alpha1' };
const TEXT = 'mail jane@example.com from 10.0.0.1';

/** A guard-rail that holds for every call. */
function act(name: string, action: object, more: object = {}): object {
  return {
    ...{ ...head, kind: 'Guardrail', metadata: { name } },
    spec: { at: 'request', when: 'true', mode: 'enforce', action, ...more },
  };
}
const redact = (name: string, entities: string[], more: object = {}): object =>
  act(
    name,
    { redact: { detections: ['pii'] } },
    {
      ...{ uses: { pii: { detector: 'pii', on: 'prompt.text', entities } }, when: 'pii.count > 0' },
      ...more,
    },
  );
const shutdown: HeldDirective = {
  ...{ id: 'd', guardrail: 'stop', revision: '', verdict: 'v', scope: {}, mode: 'enforce', code: 'condition' },
  ...{ message: '', trace: [], onStale: 'keep', stale: false },
  action: { type: 'shutdown', status: 503, retryAfter: 0, fallback: '' },
};
const exempt = {
  ...{ ...head, kind: 'GuardrailException', metadata: { name: 'e' } },
  spec: { owner: 'o', reason: 'r', expires: '2999-01-01', guardrails: ['a'], match: { services: ['s'] } },
};

function decide(
  documents: readonly object[],
  directives: readonly HeldDirective[] = [],
  more: Partial<DecideHost> = {},
): Decision {
  const loaded = loadDocuments(documents.map((one) => JSON.stringify(one)).join('\n---\n'), { file: 'x' });
  expect(loaded.errors.map(({ message }) => message)).toEqual([]);
  const { Guardrail, GuardrailException: exceptions } = loaded.documents;
  const written = Guardrail.map(({ revision, normal }) => ({ revision, guardrail: normal }));
  const { set, errors } = GuardrailSet.compile(bindGuardrails(written, { exceptions, packs: [] }));
  expect(errors).toEqual([]);
  const call = { ...createModelCall(), service: 's', startedAt: 1 };
  const texts = () => [{ path: 'p', role: 'user', text: TEXT }];
  return set.decide({ point: 'request', call, texts, directives, freshness: 'live', host: { ...host, ...more } });
}

/** What a decision comes to, in short. */
function short({ action, end, redactions, reroute, annotations, verdicts }: Decision): object {
  return {
    action,
    ...(end === null ? {} : { end: `${end.kind} by ${end.guardrail}` }),
    ...(redactions.length === 0 ? {} : { redacted: redactions.map(({ entity }) => entity) }),
    ...(reroute === null ? {} : { reroute: `${reroute.to} by ${reroute.guardrail}` }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...{ said: verdicts.map(({ guardrail, code, disposition }) => `${guardrail}: ${code}, ${disposition}`) },
  };
}

const deny = { deny: {} };
const throttle = { throttle: { rate: 1 } };
const to = (target: string): object => ({ reroute: { to: target } });
const note = (attributes: object): object => ({ annotate: { attributes } });
const held = (name: string): string => `${name}: condition, enforced`;

/** The rows of docs/guardrails.md, "How guard-rails combine". */
const ROWS: readonly [string, object[], HeldDirective[], object][] = [
  [
    'deny and anything else',
    [act('b', deny), act('c', deny), act('a', throttle)],
    [shutdown],
    { action: 'deny', end: 'deny by b', said: [held('a'), held('b'), held('c'), held('stop')] },
  ],
  [
    'shutdown and a refused throttle',
    [act('a', throttle)],
    [shutdown],
    { action: 'shutdown', end: 'shutdown by stop', said: [held('a'), held('stop')] },
  ],
  [
    'a refused throttle and what does not end the call',
    [act('a', throttle), act('b', to('other')), act('c', note({ k: 'v' })), redact('d', ['email'])],
    [],
    {
      ...{ action: 'throttle', end: 'throttle by a', annotations: { k: 'v' } },
      said: [held('a'), held('b'), held('c'), held('d')],
    },
  ],
  [
    'several redactions',
    [redact('a', ['email']), redact('b', ['ip']), redact('c', ['email'])],
    [],
    { action: 'redact', redacted: ['email', 'ip'], said: [held('a'), held('b'), held('c')] },
  ],
  [
    'several reroutes',
    [act('b', to('second')), act('a', to('first')), act('c', to('first'))],
    [],
    { action: 'reroute', reroute: 'first by a', said: [held('a'), 'b: conflict, would_act', held('c')] },
  ],
  [
    'redact, reroute and annotate',
    [redact('a', ['email']), act('b', to('other')), act('c', note({ k: 'v' }))],
    [],
    {
      ...{ action: 'redact', redacted: ['email'], reroute: 'other by b', annotations: { k: 'v' } },
      said: [held('a'), held('b'), held('c')],
    },
  ],
  [
    'several annotations',
    [act('b', note({ k: 'b', l: 'b' })), act('a', note({ k: 'a' }))],
    [],
    { action: 'annotate', annotations: { k: 'a', l: 'b' }, said: [held('a'), held('b')] },
  ],
  [
    'an end of the call and anything',
    [act('a', deny), redact('b', ['email']), act('c', to('other')), act('d', note({ k: 'v' }))],
    [],
    {
      ...{ action: 'deny', end: 'deny by a', annotations: { k: 'v' } },
      said: [held('a'), held('b'), held('c'), held('d')],
    },
  ],
  [
    'enforce and a stricter action that does not',
    [act('a', deny, { mode: 'dryrun' }), act('b', deny, { mode: 'warn' }), act('c', to('other'))],
    [],
    {
      ...{ action: 'reroute', reroute: 'other by c' },
      said: ['a: condition, would_act', 'b: condition, would_act', held('c')],
    },
  ],
  [
    'a guard that fails closed and anything',
    [redact('a', ['email'], { when: 'features.missing > 1.0' }), act('b', to('other'))],
    [],
    { action: 'deny', end: 'deny by a', said: ['a: detector_error, deny_failclosed', held('b')] },
  ],
  [
    'an exception and any action',
    [act('a', deny), act('b', to('other')), exempt],
    [],
    { action: 'reroute', reroute: 'other by b', said: ['a: exempted, exempted', held('b')] },
  ],
];

describe('guard-rails together', () => {
  it.each(ROWS)('%s', (_, documents, directives, expected) => {
    expect(short(decide(documents, directives))).toEqual(expected);
  });

  it.each(ROWS)('%s: in any order', (_, documents, directives, expected) => {
    fc.assert(
      fc.property(fc.shuffledSubarray(documents, { minLength: documents.length }), (shuffled) => {
        expect(short(decide(shuffled, directives))).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });
});

describe('a call that would tell whether a model has recovered', () => {
  const takeProbe = (): boolean => true;
  it('tells nothing when another guard-rail ends it or sends it elsewhere', () => {
    expect(decide([], [shutdown], { takeProbe })).toMatchObject({ action: 'allow', probe: true, directive: 'd' });
    expect(decide([act('a', deny)], [shutdown], { takeProbe })).toMatchObject({ probe: false, directive: '' });
    expect(decide([act('a', to('other'))], [shutdown], { takeProbe })).toMatchObject({ probe: false, directive: '' });
  });
});

describe('never by group', () => {
  const over = { over: { window: '1m', signals: { n: { count: 'true' } } }, when: 'n > 1', action: { shutdown: {} } };
  const inline = { at: 'request', when: 'true', action: deny };
  it.each<[string, object]>([
    ['when', { ...inline, when: "group.sex == 'f'" }],
    ['where', { ...inline, where: "group.sex == 'f'" }],
    ['over.groupBy', { ...over, over: { ...over.over, groupBy: ['group.sex'] } }],
    ['over.groupBy of a truth', { ...over, over: { ...over.over, groupBy: ['truth.repaid'] } }],
    ['per of a counter', { ...inline, counters: { n: { count: 'true', per: ['group.sex'], window: '1m' } } }],
    [
      'condition of a counter',
      { ...inline, counters: { n: { count: "group.sex == 'f'", per: ['tenant'], window: '1m' } } },
    ],
    ['rollout.by', { ...inline, rollout: { percent: 1, by: 'group.sex' } }],
  ])('%s is refused', (_, spec) => {
    const text = JSON.stringify({ ...head, kind: 'Guardrail', metadata: { name: 'g' }, spec });
    const codes = loadDocuments(text, { file: 'x' }).errors.map(({ code }) => code);
    expect(codes).toContain('GUARDSPAN_DOC_ACTS_BY_GROUP');
  });

  it('a signal may measure by it', () => {
    const signals = { n: { ratio: "output.label == 'approve'", among: "group.sex == 'f'" } };
    const spec = { ...over, over: { ...over.over, signals } };
    const text = JSON.stringify({ ...head, kind: 'Guardrail', metadata: { name: 'g' }, spec });
    expect(loadDocuments(text, { file: 'x' }).errors).toEqual([]);
  });
});
