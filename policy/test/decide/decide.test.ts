import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../src/call/create-model-call.js';
import { GuardrailSet } from '../../src/decide/guardrail-set.js';
import type { DecideInput, Decision } from '../../src/decide/types.js';
import { loadGuardrails } from '../../src/document/load-guardrails.js';
import type { Mode, RevisedGuardrail } from '../../src/document/types.js';
import { QUIET_HOST } from '../support/quiet-host.js';

const ACTIONS = [
  'deny: {}',
  'redact: {detections: [pii]}',
  'reroute: {to: first}',
  'reroute: {to: second}',
  'throttle: {rate: 1}',
  'annotate: {attributes: {k: v}}',
];

function guardrail(name: string, action: string, mode: Mode, when: string): RevisedGuardrail {
  const text = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: ${name}}
spec:
  at: request
  uses: {pii: {detector: pii, on: prompt.text}}
  when: "${when}"
  mode: ${mode}
  action: {${action}}
`;
  return loadGuardrails(text, { file: name }).guardrails[0]!;
}

function decide(list: readonly RevisedGuardrail[], freshness: DecideInput['freshness'] = 'live'): Decision {
  return GuardrailSet.compile(list).set.decide({
    point: 'request',
    call: { ...createModelCall(), streamed: true },
    texts: () => [{ path: 'p', role: 'user', text: 'mail jane@example.com' }],
    directives: [],
    freshness,
    host: QUIET_HOST,
  });
}

const when = fc.constantFrom('streamed', 'pii.count > 0', '!streamed', 'features.missing > 1.0');
const set = (modes: readonly Mode[]): fc.Arbitrary<RevisedGuardrail[]> =>
  fc
    .array(fc.tuple(fc.constantFrom(...ACTIONS), fc.constantFrom(...modes), when), { maxLength: 5 })
    .map((list) => list.map(([action, mode, condition], index) => guardrail(`g${index}`, action, mode, condition)));

describe('decide', () => {
  it('does not depend on the order of the documents', () => {
    fc.assert(
      fc.property(
        set(['off', 'dryrun', 'warn', 'enforce']).chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          expect(decide(shuffled)).toEqual(decide(list));
        },
      ),
      { numRuns: 100, seed: 1 },
    );
  });

  it('never changes a call for a guard-rail that is not in enforce', () => {
    fc.assert(
      fc.property(set(['off', 'dryrun', 'warn']), (list) => {
        expect(decide(list)).toMatchObject({
          action: 'allow',
          end: null,
          redactions: [],
          reroute: null,
          annotations: {},
        });
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it('is not moved by adding a guard-rail in dryrun', () => {
    fc.assert(
      fc.property(set(['enforce']), fc.constantFrom(...ACTIONS), (list, action) => {
        const { end, redactions, reroute, annotations } = decide(list);
        const extended = decide([...list, guardrail('zz', action, 'dryrun', 'streamed')]);
        expect(extended).toMatchObject({ end, redactions, reroute, annotations });
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  it('does not ask for the text when no detector is reached', () => {
    const { set: compiled } = GuardrailSet.compile([
      guardrail('a', 'deny: {}', 'enforce', '!streamed && pii.count > 0'),
    ]);
    const texts = (): never => {
      throw new Error('read');
    };
    const host = {
      random: () => 0,
      newId: () => '',
      now: () => 0,
      tryAcquire: () => false,
      takeProbe: () => false,
      forbids: () => null,
    };
    const input = {
      point: 'request',
      call: { ...createModelCall(), streamed: true },
      texts,
      directives: [],
      freshness: 'live',
      host,
    } as const;
    expect(compiled.decide(input).disposition).toBe('allow');
    expect(compiled.decide({ ...input, call: createModelCall() }).disposition).toBe('deny_failclosed');
  });

  it('reports what is no guard-rail at all, and decides with the rest', () => {
    const good = guardrail('a', 'deny: {}', 'enforce', 'streamed');
    const list = [{}, null, { revision: 'r', guardrail: { metadata: { name: 'b' } } }, good] as RevisedGuardrail[];
    const { set: compiled, errors } = GuardrailSet.compile(list);
    expect(errors.map(({ guardrail: name, code }) => [name, code])).toEqual([
      ['', 'GUARDSPAN_UNPARSABLE'],
      ['', 'GUARDSPAN_UNPARSABLE'],
      ['b', 'GUARDSPAN_UNPARSABLE'],
    ]);
    expect(compiled.guardrails).toEqual([good]);
  });
});
