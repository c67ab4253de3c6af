import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../src/call/create-model-call.js';
import { FEATURE_LEVEL } from '../../src/channel/messages.js';
import { requiredLevel } from '../../src/channel/required-level.js';
import { isServerMessage } from '../../src/channel/is-server-message.js';
import { useKey } from '../../src/decide/use-key.js';
import { DetectorTally } from '../../src/decide/detector-tally.js';
import { explainCall } from '../../src/decide/explain-call.js';
import { GuardrailSet } from '../../src/decide/guardrail-set.js';
import type { DecideInput, Decision, TextPart } from '../../src/decide/types.js';
import { loadGuardrails } from '../../src/document/load-guardrails.js';
import type { RevisedGuardrail } from '../../src/document/types.js';
import { readCall } from '../../src/call/read-call.js';
import { QUIET_HOST } from '../support/quiet-host.js';

const MAIL = 'jane@mail.example.com';

function guardrail(tools: string, more = ''): RevisedGuardrail {
  const text = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: limited }
spec:
  at: chunk
  uses:
    mail: { detector: pii, on: output.text, entities: [email]${more} }
    all: { detector: pii, on: output.text, entities: [email] }
  when: mail.count > 0
  message: "{mail} of {all}"
  action: { redact: { detections: [mail]${tools} } }
  mode: enforce
`;
  const { guardrails, errors } = loadGuardrails(text, { file: 'limited' });
  expect(errors).toEqual([]);
  return guardrails[0]!;
}

const LIMITED = guardrail(', tools: [pay, "send_*"]');

function part(path: string, tool?: string): TextPart {
  return { path, role: 'assistant', text: `to ${MAIL}`, ...(tool === undefined ? {} : { tool }) };
}

function decide(one: RevisedGuardrail, parts: readonly TextPart[], more: Partial<DecideInput> = {}): Decision {
  return GuardrailSet.compile([one]).set.decide({
    point: 'chunk',
    call: createModelCall(),
    texts: () => parts,
    directives: [],
    freshness: 'live',
    host: QUIET_HOST,
    ...more,
  });
}

const pathsOf = ({ redactions }: Decision): string[] => redactions.map(({ path }) => path);

describe('a redaction that names tools', () => {
  it('looks into what these are given, and into what is given to nobody knows whom', () => {
    const parts = [part('text'), part('a', 'pay'), part('b', 'mail'), part('c', 'send_it'), part('d', '')];
    const decision = decide(LIMITED, parts);
    expect(pathsOf(decision)).toEqual(['a', 'c', 'd']);
    // What is not redacted is not limited.
    expect(decision.verdicts[0]!.message).toBe('3 of 5');
    expect(pathsOf(decide(guardrail(', tools: ["*"]'), parts))).toEqual(['a', 'b', 'c', 'd']);
    expect(pathsOf(decide(guardrail(''), parts))).toEqual(['a', 'b', 'c', 'd', 'text']);
  });

  it('says nothing of what is found elsewhere', () => {
    const decision = decide(LIMITED, [part('text'), part('b', 'mail')]);
    expect(decision).toMatchObject({ action: 'allow', verdicts: [], redactions: [] });
  });

  it('counts over the chunks of an answer what it looks into', () => {
    const soFar = new DetectorTally();
    expect(decide(LIMITED, [part('text')], { soFar }).verdicts).toEqual([]);
    decide(LIMITED, [part('a', 'pay')], { soFar });
    const { mail } = LIMITED.guardrail.spec.uses;
    expect(decide(LIMITED, [part('b', 'pay')], { soFar }).verdicts[0]!.message).toBe('2 of 3');
    expect(soFar.get(useKey(mail!))!.count).toBe(3);
  });

  it('fails closed when a detector outside of the process does not say where it found something', () => {
    const text = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: outside }
spec:
  at: response
  uses: { mail: { detector: ner, on: output.text, deadline: 1s } }
  when: mail.count > 0
  action: { redact: { detections: [mail], tools: [pay] } }
  mode: enforce
`;
    const [outside] = loadGuardrails(text, { file: 'outside' }).guardrails;
    const key = useKey(outside!.guardrail.spec.uses['mail']!);
    const found = (path: string): Decision =>
      decide(outside!, [part('text'), part('a', 'pay')], {
        point: 'response',
        outcomes: new Map([
          [key, { ok: true, findings: [{ path, entity: 'email', start: 3, end: 3 + MAIL.length, score: 1 }] }],
        ]),
      });
    expect(pathsOf(found('a'))).toEqual(['a']);
    expect(found('text')).toMatchObject({ action: 'allow', verdicts: [] });
    expect(found('')).toMatchObject({ action: 'deny', disposition: 'deny_failclosed' });
  });

  it('is explained by what it looks into', () => {
    const written = readCall({
      output: { text: `to ${MAIL}` },
      toolCalls: [
        { name: 'mail', arguments: { to: MAIL } },
        { name: 'pay', arguments: { to: MAIL } },
      ],
    });
    const { detectors } = explainCall([LIMITED], written).guardrails[0]!;
    const paths = Object.fromEntries(detectors.map(({ name, findings }) => [name, findings.map(({ path }) => path)]));
    expect(paths).toEqual({
      all: ['output', 'toolCalls.0.arguments', 'toolCalls.1.arguments'],
      mail: ['toolCalls.1.arguments'],
    });
  });

  it('needs a process that would not redact every text instead', () => {
    expect(requiredLevel(LIMITED.guardrail)).toBe(5);
    expect(FEATURE_LEVEL).toBeGreaterThanOrEqual(5);
    expect(requiredLevel(guardrail('').guardrail)).toBe(1);
    const upsert = { type: 'delta', from: '', revision: '', upsert: [LIMITED], remove: [], limits: [] };
    expect(isServerMessage(upsert)).toBe(true);
  });
});
