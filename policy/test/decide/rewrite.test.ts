import { describe, expect, it } from 'vitest';
import { createModelCall } from '../../src/call/create-model-call.js';
import { readCall } from '../../src/call/read-call.js';
import { isServerMessage } from '../../src/channel/is-server-message.js';
import { FEATURE_LEVEL } from '../../src/channel/messages.js';
import { requiredLevel } from '../../src/channel/required-level.js';
import { combineDecisions } from '../../src/decide/combine-decisions.js';
import { explainCall } from '../../src/decide/explain-call.js';
import { finishLiterally, finishRewriting } from '../../src/decide/finish-rewriting.js';
import { GuardrailSet } from '../../src/decide/guardrail-set.js';
import type { RewriteOutcome, RewriteQuestion } from '../../src/decide/rewrite-types.js';
import { textAfter } from '../../src/decide/text-after.js';
import type { DecideInput, Decision, TextPart } from '../../src/decide/types.js';
import { loadGuardrails } from '../../src/document/load-guardrails.js';
import type { InlinePoint, RevisedGuardrail } from '../../src/document/types.js';
import { QUIET_HOST } from '../support/quiet-host.js';

const MAIL = 'jane@mail.example.com';

function guardrails(...specs: [name: string, at: InlinePoint, action: object, more?: object][]): RevisedGuardrail[] {
  const text = specs.map(([name, at, action, more]) =>
    JSON.stringify({
      ...{ apiVersion: 'guardspan/v1alpha1', kind: 'Guardrail', metadata: { name } },
      spec: { at, when: 'true', mode: 'enforce', action, ...more },
    }),
  );
  const loaded = loadGuardrails(text.join('\n---\n'), { file: 'rewrite' });
  expect(loaded.errors.map(({ message }) => message)).toEqual([]);
  return loaded.guardrails;
}

const rewrite = (settings: object): object => ({ rewrite: settings });
const REDACT = {
  uses: { pii: { detector: 'pii', on: 'prompt.text', entities: ['email'] } },
  when: 'pii.count > 0',
};
const USER: TextPart = { path: 'messages.1', role: 'user', text: `to ${MAIL}` };
const PARTS: TextPart[] = [
  { path: 'messages.0', role: 'system', text: 'be kind' },
  USER,
  { path: 'messages.2', role: 'assistant', text: '{"a":1}', tool: 'pay' },
  { path: 'prompt', role: '', text: 'hello' },
];

function decide(list: RevisedGuardrail[], more: Partial<DecideInput> = {}): Decision {
  const { set, errors } = GuardrailSet.compile(list);
  expect(errors).toEqual([]);
  return set.decide({
    ...{ point: 'request', call: createModelCall(), texts: () => PARTS, directives: [], freshness: 'live' },
    ...{ host: QUIET_HOST, ...more },
  });
}

/** Finishes with answers by the name of the rewriter; keeps what was asked. */
function finish(
  decision: Decision,
  answers: Record<string, (question: RewriteQuestion) => RewriteOutcome> = {},
): { decision: Decision; asked: RewriteQuestion[] } {
  const asked: RewriteQuestion[] = [];
  const steps = finishRewriting(decision);
  let next = steps.next();
  while (next.done !== true) {
    asked.push(next.value);
    next = steps.next(answers[next.value.name]!(next.value));
  }
  return { decision: next.value, asked };
}

const texts = (decision: Decision): string[] => PARTS.map((part) => textAfter(part, decision));
const upper = ({ parts }: RewriteQuestion): RewriteOutcome => ({
  ok: true,
  texts: parts.map(({ text }) => text.toUpperCase()),
});
const broken = (): RewriteOutcome => ({ ok: false, failure: 'detector_error', message: 'it could not answer' });

describe('a rewrite', () => {
  it('puts a literal in the place of what the user says, each text by itself', () => {
    const decision = decide(guardrails(['a', 'request', rewrite({ with: '<{text}>' })]));
    expect(decision).toMatchObject({ action: 'rewrite', disposition: 'enforced', redactions: [] });
    expect(texts(finish(decision).decision)).toEqual(['be kind', `<to ${MAIL}>`, '{"a":1}', '<hello>']);
  });

  it('is about those whose texts it names, and never about what a tool is given', () => {
    const roles = ['system', 'assistant', 'user'];
    const decision = decide(guardrails(['a', 'request', rewrite({ with: 'x', roles })]));
    expect(texts(finish(decision).decision)).toEqual(['x', 'x', '{"a":1}', 'x']);
  });

  it('knows the roles by the names of all clients, and an answer by its speaker', () => {
    const parts = ['developer', 'model', 'function', 'CHATBOT'].map((role) => ({ path: role, role, text: role }));
    const rewritten = (at: InlinePoint, more: object): (string | undefined)[] => {
      const decision = decide(guardrails(['a', at, rewrite({ with: 'x', ...more })]), {
        point: at,
        texts: () => parts,
      });
      return finish(decision).decision.rewrites?.map(({ path }) => path) ?? [];
    };
    expect(rewritten('request', { roles: ['system', 'tool'] })).toEqual(['developer', 'function']);
    expect(rewritten('request', {})).toEqual(['CHATBOT']);
    expect(rewritten('response', {})).toEqual(['model', 'CHATBOT']);
  });

  it('takes a text for a text, whatever stands in it', () => {
    const parts = [{ path: 'messages.1', role: 'user', text: "$& {text} $' \\1" }];
    const decision = decide(guardrails(['a', 'request', rewrite({ with: '<{text}>' })]), { texts: () => parts });
    expect(finish(decision).decision.rewrites).toEqual([
      { guardrail: 'a', path: 'messages.1', text: "<$& {text} $' \\1>" },
    ]);
  });

  it('comes after all redactions, and rewrites follow each other in the order of names', () => {
    const list = guardrails(
      ['b', 'request', rewrite({ by: 'upper' })],
      ['c', 'request', rewrite({ with: '({text})' })],
      ['a', 'request', rewrite({ with: '[{text}]' })],
      ['z', 'request', { redact: { detections: ['pii'] } }, REDACT],
    );
    const expected = ['be kind', '([TO <EMAIL>])', '{"a":1}', '([HELLO])'];
    for (const order of [list, [...list].reverse()]) {
      const { decision, asked } = finish(decide(order), { upper });
      expect(texts(decision)).toEqual(expected);
      expect(asked).toEqual([
        {
          ...{ name: 'upper', deadline: 1 },
          parts: [
            { path: 'messages.1', role: 'user', text: '[to <email>]' },
            { path: 'prompt', role: '', text: '[hello]' },
          ],
        },
      ]);
      expect(decision).toMatchObject({ action: 'redact', disposition: 'enforced' });
      expect(decision.rewriting).toBeUndefined();
    }
  });

  it('that leaves every text as it is has done nothing', () => {
    const leave = ({ parts }: RewriteQuestion): RewriteOutcome => ({ ok: true, texts: parts.map(() => undefined) });
    const { decision } = finish(decide(guardrails(['a', 'request', rewrite({ by: 'leave' })])), { leave });
    expect(decision).toMatchObject({ action: 'allow', disposition: 'enforced' });
    expect(decision.rewrites).toBeUndefined();
  });

  it('goes on beside a reroute, and does nothing when the call ends', () => {
    const one = ['a', 'request', rewrite({ with: 'x' })] as const;
    const rerouted = decide(guardrails([...one], ['b', 'request', { reroute: { to: 'other' } }]));
    expect(finish(rerouted).decision).toMatchObject({ action: 'rewrite', reroute: { to: 'other' } });
    const denied = decide(guardrails([...one], ['b', 'request', { deny: {} }]));
    expect(denied.rewriting).toBeUndefined();
    expect(denied.action).toBe('deny');
  });

  it('only records outside of enforce, and where it is forbidden', () => {
    for (const mode of ['dryrun', 'warn']) {
      const decision = decide(guardrails(['a', 'request', rewrite({ with: 'x' }), { mode }]));
      expect(decision).toMatchObject({ action: 'allow', disposition: 'would_act' });
      expect(decision.rewriting).toBeUndefined();
    }
    const host = { ...QUIET_HOST, forbids: () => 'killed' as const };
    const killed = decide(guardrails(['a', 'request', rewrite({ with: 'x' })]), { host });
    expect(killed).toMatchObject({ action: 'allow', disposition: 'allow_failopen', verdicts: [{ code: 'killed' }] });
    expect(killed.rewriting).toBeUndefined();
  });

  it('whose texts cannot be read fails closed', () => {
    const unreadable = (): never => {
      throw new Error('no text');
    };
    const list = guardrails(['a', 'request', rewrite({ with: 'x' })]);
    expect(decide(list, { texts: unreadable })).toMatchObject({ action: 'deny', disposition: 'deny_failclosed' });
  });
});

describe('a rewriter that fails', () => {
  it('ends the call by default, and nothing else is done', () => {
    const list = guardrails(
      ['a', 'request', rewrite({ by: 'broken' })],
      ['b', 'request', rewrite({ by: 'upper' })],
      ['c', 'request', { reroute: { to: 'other' } }],
    );
    const { decision, asked } = finish(decide(list), { broken, upper });
    expect(asked).toHaveLength(1);
    expect(decision).toMatchObject({
      ...{ action: 'deny', disposition: 'deny_failclosed', redactions: [], reroute: null },
      end: { kind: 'deny', guardrail: 'a', status: 503, verdict: 'id' },
    });
    expect(decision.verdicts[0]).toMatchObject({ outcome: 'not_evaluated', code: 'detector_error', action: 'rewrite' });
    expect(decision.rewrites).toBeUndefined();
  });

  it('leaves the text as it was with onError: allow, and the others go on', () => {
    const list = guardrails(
      ['a', 'request', rewrite({ by: 'broken' }), { onError: 'allow' }],
      ['b', 'request', rewrite({ by: 'upper' })],
      ['c', 'request', { redact: { detections: ['pii'] } }, REDACT],
    );
    const { decision } = finish(decide(list), { broken, upper });
    expect(texts(decision)[1]).toBe('TO <EMAIL>');
    expect(decision.verdicts.map(({ disposition }) => disposition)).toEqual(['allow_failopen', 'enforced', 'enforced']);
    expect(decision).toMatchObject({ action: 'redact', disposition: 'enforced' });
  });
});

describe('decisions of two points of an answer', () => {
  it('rewrite what the redactions of both left', () => {
    const output = { pii: { detector: 'pii', on: 'output.text', entities: ['email'] } };
    const redact = { redact: { detections: ['pii'] } };
    const list = guardrails(
      ['a', 'response', rewrite({ with: '{text}!' })],
      ['b', 'chunk', redact, { uses: output, when: 'pii.count > 0' }],
    );
    const parts = [{ path: 'answer', role: 'assistant', text: `to ${MAIL}` }];
    const at = (point: InlinePoint): Decision => decide(list, { point, texts: () => parts });
    const { decision } = finish(combineDecisions(at('chunk'), at('response')));
    expect(textAfter(parts[0]!, decision)).toBe('to <email>!');
  });
});

describe('what can be finished without a rewriter', () => {
  it('is, and the rest waits with the texts as they are', () => {
    const list = guardrails(
      ['a', 'request', rewrite({ with: '[{text}]' })],
      ['b', 'request', rewrite({ by: 'upper' })],
      ['c', 'request', rewrite({ with: '({text})' })],
    );
    const decision = finishLiterally(decide(list));
    expect(decision.action).toBe('rewrite');
    expect(texts(decision)[1]).toBe(`[to ${MAIL}]`);
    expect(decision.rewriting?.map(({ guardrail }) => guardrail)).toEqual(['b', 'c']);
    expect(decision.rewriting?.[0]?.parts[0]?.text).toBe(`[to ${MAIL}]`);
    const literal = finishLiterally(decide(list.filter(({ guardrail }) => guardrail.metadata.name !== 'b')));
    expect(texts(literal)[1]).toBe(`([to ${MAIL}])`);
    expect(literal.rewriting).toBeUndefined();
  });
});

describe('a decision without rewrites', () => {
  it('is the same object and holds nothing about them', () => {
    const decision = decide(guardrails(['a', 'request', { redact: { detections: ['pii'] } }, REDACT]));
    expect(Object.keys(decision)).not.toContain('rewriting');
    expect(finish(decision).decision).toBe(decision);
  });
});

describe('a guard-rail that rewrites', () => {
  const [one] = guardrails(['a', 'request', rewrite({ by: 'formal', deadline: '200ms' })]);

  it('travels on the wire, to processes that know rewriters', () => {
    expect(requiredLevel(one!.guardrail)).toBe(FEATURE_LEVEL);
    const snapshot = {
      ...{ type: 'snapshot', revision: '', epoch: 1, directiveSeq: 0, directives: [], kill: [], limits: [] },
      guardrails: [one],
    };
    expect(isServerMessage(JSON.parse(JSON.stringify(snapshot)))).toBe(true);
  });

  it('is explained without a word of the text', () => {
    const written = readCall({ prompt: { text: `to ${MAIL}` } });
    const explained = explainCall([one!], written);
    expect(explained.points[0]!.decision.action).toBe('rewrite');
    expect(JSON.stringify(explained)).not.toContain(MAIL);
  });
});
