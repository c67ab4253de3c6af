import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallExplanation } from '@guardspan/policy';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardspan } from './support/run-cli.js';

const DOCUMENTS = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-addresses }
spec:
  match: { models: ['gpt-*'] }
  at: request
  uses:
    pii: { detector: pii, on: prompt.text, entities: [email] }
  when: "(attrs.tier == 'free' || environment == 'prod') && pii.count > 0"
  action: { redact: { detections: [pii] } }
  mode: enforce
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: only-dryrun }
spec:
  at: request
  when: "!streamed && size(toolCalls) > 100 ? true : model.name.startsWith('gpt')"
  action: { deny: {} }
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: slow }
spec:
  over: { window: 1m, signals: { p95: { quantile: 0.95, of: duration } } }
  when: p95 > 1.5 && samples.p95 > 10
  action: { reroute: { to: other } }
  mode: enforce
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: switched-off }
spec: { at: request, when: streamed, action: { deny: {} }, mode: off }
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: elsewhere }
spec: { match: { models: [claude] }, at: request, when: streamed, action: { deny: {} } }
`.replace('size(toolCalls) > 100', "attrs.tier == 'gold'");
const CALL = {
  model: { name: 'gpt-4o' },
  environment: 'prod',
  attrs: { tier: 'gold' },
  prompt: { text: 'mail jane@example.com' },
  streamed: true,
};

let folder = '';
let documents = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-explain-'));
  documents = join(folder, 'guardrails.yaml');
  writeFileSync(documents, DOCUMENTS);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function explain(call: unknown, ...flags: string[]) {
  const stdin = typeof call === 'string' ? call : JSON.stringify(call);
  return guardspan(['explain', documents, '--call', '-', ...flags], { stdin });
}
async function explained(call: unknown, ...flags: string[]): Promise<CallExplanation> {
  const { code, out, err } = await explain(call, '--format', 'json', ...flags);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as CallExplanation;
}

describe('guardspan explain', () => {
  it('shows each guard-rail, each sub-expression with its value, and the decision', async () => {
    const { code, out, err } = await explain(CALL);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatchSnapshot();
  });

  it('says which parts were not reached', async () => {
    const { guardrails } = await explained({ ...CALL, environment: 'test' }, '--guardrail', 'no-addresses');
    const [or, count] = guardrails[0]!.condition!.parts;
    expect(or).toMatchObject({ value: false, parts: [{ value: false }, { value: false }] });
    expect(count).toMatchObject({ expression: 'pii.count > 0', evaluated: false, value: null });
    expect(guardrails[0]).toMatchObject({ outcome: 'pass', verdicts: [] });
  });

  it('says why a guard-rail had no say', async () => {
    const { guardrails } = await explained(CALL);
    expect(Object.fromEntries(guardrails.map(({ name, outcome, reason }) => [name, `${outcome}: ${reason}`]))).toEqual({
      elsewhere: 'not_judged: the call does not match models',
      'no-addresses': 'violation: guard-rail no-addresses found a violation',
      'only-dryrun': 'violation: guard-rail only-dryrun found a violation',
      slow: 'not_judged: it is judged in the evaluator, on many calls; give signals: {p95} to see how',
      'switched-off': 'not_judged: its mode is off',
    });
  });

  it('judges a windowed guard-rail by the numbers of a window', async () => {
    const { guardrails } = await explained({ signals: { p95: 2 }, samples: { p95: 9 } }, '--guardrail', 'slow');
    expect(guardrails[0]).toMatchObject({
      outcome: 'pass',
      condition: { value: false, parts: [{ value: true }, { value: false, parts: [{ value: 9 }] }] },
    });
  });

  it('judges no window that holds fewer calls than its guard-rail asks for', async () => {
    const path = join(folder, 'few.yaml');
    writeFileSync(
      path,
      `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: few }
spec:
  over: { window: 5m, minSamples: 200, signals: { p95: { quantile: 0.95, of: duration } } }
  when: p95 > 1.5
  action: { annotate: { attributes: { a: b } } }
`,
    );
    const outcome = async (samples: object): Promise<string> => {
      const stdin = JSON.stringify({ signals: { p95: 2 }, samples });
      const { out } = await guardspan(['explain', path, '--call', '-', '--format', 'json'], { stdin });
      const { guardrails } = JSON.parse(out) as { guardrails: { outcome: string; reason: string }[] };
      return `${guardrails[0]!.outcome}: ${guardrails[0]!.reason}`;
    };
    expect(await outcome({ p95: 199 })).toBe(
      'not_evaluated: there is too little data: p95 comes from 199 calls, and minSamples is 200',
    );
    for (const enough of [{ p95: 200 }, {}]) expect(await outcome(enough)).toMatch(/^violation: /);
  });

  it('says that a guard-rail with a test needs many calls', async () => {
    const { out } = await guardspan(
      [
        'explain',
        fileURLToPath(new URL('../../test/cases/document/valid-evidence/input.yaml', import.meta.url)),
        '--call',
        '-',
      ],
      { stdin: '{}' },
    );
    expect(out).toContain('had no say\n  a: it is judged in the evaluator, by evidence that grows over many calls');
  });

  it('tells dispositions apart, and ends where the call ends', async () => {
    writeFileSync(
      join(folder, 'deny.yaml'),
      DOCUMENTS.split('---')[4]!.replace('claude', "'*'").replace('deny: {} }', 'deny: {} }, mode: enforce'),
    );
    const { out } = await guardspan(['explain', join(folder, 'deny.yaml'), '--call', '-', '--format', 'json'], {
      stdin: 'streamed: true',
    });
    const { points, guardrails } = JSON.parse(out) as CallExplanation;
    expect(points.map(({ point }) => point)).toEqual(['request']);
    expect(guardrails[0]!.verdicts).toMatchObject([{ action: 'deny', disposition: 'enforced' }]);
    expect((await explained(CALL)).points[0]!.decision.verdicts.map(({ disposition }) => disposition)).toEqual([
      'enforced',
      'would_act',
    ]);
  });

  it('explains a condition that fails as the failure table decides', async () => {
    const { guardrails } = await explained({ ...CALL, attrs: {}, environment: 'test' }, '--guardrail', 'no-addresses');
    expect(guardrails[0]).toMatchObject({ outcome: 'not_evaluated', verdicts: [{ disposition: 'deny_failclosed' }] });
    expect(JSON.stringify(guardrails[0]!.condition)).toContain('No such key: tier');
  });

  it('goes on when a text is too long for a detector', async () => {
    const text = 'x'.repeat(1_000_001);
    const { guardrails } = await explained({ ...CALL, prompt: { text } }, '--guardrail', 'no-addresses');
    expect(guardrails[0]).toMatchObject({
      outcome: 'not_evaluated',
      detectors: [{ findings: [], error: expect.stringContaining('longer than') as string }],
    });
  });

  it.each([
    [
      'an unknown field',
      '{modle: {name: x}}',
      'GUARDSPAN_CALL_FIELD standard input: a call has no field "modle"\n  did you mean "model"? fields here: ',
    ],
    ['nearly the numbers of a window', '{signls: {p: 1}}', 'did you mean "signals"?'],
    [
      'one number for all signals',
      '{samples: 3}',
      'samples is a number, and there is one for each signal\n  write samples: {NAME: 3}',
    ],
    ['an unknown field inside', '{model: {nam: x}}', 'a call has no field "model.nam"'],
    ['a wrong type', '{duration: slow}', 'duration is a string where a number is needed'],
    ['a text that is no field of its own', '{prompt: hello}', 'write a map, for example prompt: {text: hello}'],
    ['a list', '[1]', 'the call is a list where fields are needed'],
    ['no YAML', '{model: [', 'standard input:1:10 brackets are still open'],
    [
      'a tool call without a name',
      '{toolCalls: [{arguments: {}}]}',
      'toolCalls[0].name is missing where a string is needed',
    ],
  ])('refuses a call with %s', async (_, call, message) => {
    const { code, out, err } = await explain(call);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(message);
  });

  it.each([
    [['docs'], 'no call is named'],
    [['--call', 'x'], 'no guard-rail is named'],
  ])('says what is missing: %j', async (argv, what) => {
    expect(await guardspan(['explain', ...argv])).toMatchObject({
      code: 2,
      err: expect.stringContaining(`error GUARDSPAN_COMMAND_LINE ${what}\n  give files of guard-rails and`) as string,
    });
  });

  it('names the guard-rails that there are when the one that is asked for is absent', async () => {
    const { code, err } = await explain(CALL, '--guardrail', 'absent');
    expect(code).toBe(1);
    expect(err).toContain('there are: no-addresses, only-dryrun');
  });
});
