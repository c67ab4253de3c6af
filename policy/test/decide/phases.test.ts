import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../src/call/create-model-call.js';
import { GuardrailSet } from '../../src/decide/guardrail-set.js';
import type { DecideInput } from '../../src/decide/types.js';
import { loadGuardrails } from '../../src/document/load-guardrails.js';
import type { ExternalOutcome, ExternalOutcomes, PhasedDecision } from '../../src/index.js';

const document = (
  name: string,
  when: string,
  { uses = '{detector: toxicity, on: prompt.text, deadline: 300ms}', action = 'deny: {guidance: Say it kindly.}' } = {},
): string => `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: ${name}}
spec:
  at: request
  uses: {toxic: ${uses}}
  when: ${JSON.stringify(when)}
  action: {${action}}
  mode: enforce
`;

function setOf(...documents: string[]): GuardrailSet {
  const { guardrails, errors } = loadGuardrails(documents.join('---\n'), { file: 'test.yaml' });
  expect(errors).toEqual([]);
  return GuardrailSet.compile(guardrails).set;
}

function input(changes: Partial<DecideInput> = {}): DecideInput {
  let ids = 0;
  return {
    point: 'request',
    call: createModelCall(),
    texts: () => [{ path: 'p', role: 'user', text: 'you fool' }],
    directives: [],
    freshness: 'live',
    host: {
      random: () => 0,
      newId: () => String(++ids),
      now: () => 0,
      tryAcquire: () => false,
      takeProbe: () => false,
      forbids: () => null,
    },
    ...changes,
  };
}

const insult: ExternalOutcome = {
  ok: true,
  findings: [{ path: 'p', entity: 'insult', start: 4, end: 8, score: 0.9 }],
};
function answers(phased: PhasedDecision, outcome: ExternalOutcome): ExternalOutcomes {
  return new Map([...phased.before, ...phased.beside].map(({ key }) => [key, outcome]));
}

describe('checks outside of the process', () => {
  it('are asked only when a condition reaches them', () => {
    const set = setOf(document('kind', 'model.name == "other" && toxic.count > 0'));
    const phased = set.decideInPhases(input());
    expect(phased.before).toEqual([]);
    expect(phased.decision).toMatchObject({ action: 'allow', disposition: 'allow', evaluated: 1 });
  });

  it('wait before the call and then decide, with guidance', () => {
    const phased = setOf(document('kind', 'toxic.maxScore > 0.8')).decideInPhases(input());
    expect(phased.decision).toMatchObject({ action: 'allow', disposition: 'not_evaluated', evaluated: 0 });
    expect(phased.before).toMatchObject([
      { deadline: 0.3, question: { kind: 'detector', name: 'toxicity', parts: [{ text: 'you fool' }] } },
    ]);
    const decision = phased.settle('before', answers(phased, insult));
    expect(decision).toMatchObject({ action: 'deny', disposition: 'enforced', evaluated: 1 });
    expect(decision.end?.guidance).toBe('Say it kindly.');
    expect(decision.verdicts[0]).not.toHaveProperty('sentBeforeVerdict');
  });

  it('beside the call say that the prompt had left', () => {
    const uses = '{detector: toxicity, on: prompt.text, deadline: 300ms, position: beside}';
    const phased = setOf(document('kind', 'toxic.count > 0', { uses })).decideInPhases(input());
    expect(phased.before).toEqual([]);
    const decision = phased.settle('beside', answers(phased, insult));
    expect(decision.verdicts).toMatchObject([{ outcome: 'violation', sentBeforeVerdict: true }]);
    expect(decision.end?.kind).toBe('deny');
  });

  it('are asked once for guard-rails that ask the same, with the shortest deadline', () => {
    const set = setOf(
      document('one', 'toxic.count > 0'),
      document('two', 'toxic.count > 1', { uses: '{detector: toxicity, on: prompt.text, deadline: 50ms}' }),
    );
    const phased = set.decideInPhases(input());
    expect(phased.before).toMatchObject([{ deadline: 0.05 }]);
  });

  it('redact what a detector found, by place', () => {
    const set = setOf(document('kind', 'toxic.count > 0', { action: 'redact: {detections: [toxic]}' }));
    const phased = set.decideInPhases(input());
    expect(phased.settle('before', answers(phased, insult)).redactions).toMatchObject([
      { path: 'p', start: 4, end: 8, replacement: '<insult>' },
    ]);
    const again = set.decideInPhases(input());
    const unplaced: ExternalOutcome = {
      ok: true,
      findings: [{ path: '', entity: 'insult', start: 0, end: 0, score: 1 }],
    };
    expect(again.settle('before', answers(again, unplaced))).toMatchObject({ disposition: 'deny_failclosed' });
  });

  it('redact all of what two of them found where their findings overlap', () => {
    const action = 'redact: {detections: [toxic]}';
    const other = '{detector: tone, on: prompt.text, deadline: 300ms}';
    const phased = setOf(
      document('one', 'toxic.count > 0', { action }),
      document('two', 'toxic.count > 0', { action, uses: other }),
    ).decideInPhases(input());
    const places: Record<string, [number, number]> = { toxicity: [0, 5], tone: [3, 8] };
    const outcomes = new Map(
      phased.before.map(({ key, question }): [string, ExternalOutcome] => {
        const [start, end] = places[question.kind === 'detector' ? question.name : '']!;
        return [key, { ok: true, findings: [{ path: 'p', entity: 'insult', start, end, score: 1 }] }];
      }),
    );
    expect(phased.settle('before', outcomes).redactions).toMatchObject([{ path: 'p', start: 0, end: 8 }]);
  });

  it('are not asked when the call ends anyway', () => {
    const set = setOf(document('a', 'true'), document('b', 'toxic.count > 0'));
    const phased = set.decideInPhases(input());
    expect(phased.decision).toMatchObject({ action: 'deny', evaluated: 1 });
    expect(phased.before).toEqual([]);
  });

  it.each(['deadline', 'detector_error', 'saturated'] as const)(
    'that fail (%s) are a row of the failure table',
    (failure) => {
      const phased = setOf(document('kind', 'toxic.count > 0')).decideInPhases(input());
      const decision = phased.settle('before', answers(phased, { ok: false, failure, message: 'why' }));
      expect(decision).toMatchObject({ action: 'deny', disposition: 'deny_failclosed' });
      expect(decision.verdicts).toMatchObject([{ outcome: 'not_evaluated', code: failure, message: 'why' }]);
      const open = setOf(document('kind', 'toxic.count > 0', { action: 'annotate: {attributes: {rude: "yes"}}' }));
      const other = open.decideInPhases(input());
      expect(other.settle('before', answers(other, { ok: false, failure, message: 'why' }))).toMatchObject({
        action: 'allow',
        disposition: 'allow_failopen',
      });
    },
  );

  it('fail where nobody can wait, and texts that cannot be read fail too', () => {
    const set = setOf(document('kind', 'toxic.count > 0'));
    expect(set.decide(input())).toMatchObject({ disposition: 'deny_failclosed', evaluated: 1 });
    const unreadable = input({
      texts: () => {
        throw new Error('no text');
      },
    });
    expect(set.decideInPhases(unreadable).decision).toMatchObject({ disposition: 'deny_failclosed' });
  });

  it('are refused in documents where they cannot work', () => {
    const refused = (uses: string, action?: string): string | undefined => {
      const text = document('kind', 'toxic.count > 0', { uses, ...(action === undefined ? {} : { action }) });
      return loadGuardrails(text, { file: 'x' }).errors[0]?.code;
    };
    expect(refused('{detector: t, on: prompt.text, position: beside}')).toBe('GUARDSPAN_DOC_VALUE');
    expect(refused('{detector: t, on: prompt.text, deadline: 31s}')).toBe('GUARDSPAN_DOC_EXTERNAL');
    expect(refused('{detector: t, on: prompt.text, deadline: 0s}')).toBe('GUARDSPAN_DOC_EXTERNAL');
    const beside = '{detector: t, on: prompt.text, deadline: 1s, position: beside}';
    expect(refused(beside, 'redact: {detections: [toxic]}')).toBe('GUARDSPAN_DOC_EXTERNAL');
    expect(refused(beside)).toBeUndefined();
    expect(refused('{detector: t, on: prompt.text}')).toBe('GUARDSPAN_DETECTOR_UNKNOWN');
  });
});
