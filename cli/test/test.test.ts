import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardspan } from './support/run-cli.js';

const repository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const GUARDRAILS = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: slow }
spec:
  over: { window: 1m, every: 1s, groupBy: [tenant], minSamples: 10, signals: { p95: { quantile: 0.95, of: duration } } }
  when: p95 > 1.0
  for: 10s
  probe: { perSecond: 1, minSamples: 5 }
  action: { reroute: { to: faster } }
  tests:
    - { name: slow, given: { signals: { p95: 2.0 } }, expect: { action: reroute } }
---
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-streams }
spec:
  at: request
  when: streamed
  action: { deny: {} }
  tests:
    - { name: a stream, given: { streamed: true }, expect: { action: deny } }
    - { name: '<wrong> & "quoted"', given: { streamed: true }, expect: { action: allow } }
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-test-'));
  writeFileSync(join(folder, 'guardrails.yaml'), GUARDRAILS);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function suite(cases: string, spec = '', guardrails = 'guardrails.yaml'): string {
  const path = join(folder, 'suite.yaml');
  writeFileSync(
    path,
    `apiVersion: guardspan/v1alpha1\nkind: GuardrailTest\nmetadata: { name: together }\nspec:\n  guardrails: [${guardrails}]\n${spec}  cases:\n${cases}`,
  );
  return path;
}
async function failureOf(steps: string, spec = '', guardrails?: string): Promise<string> {
  const path = suite(`    - name: one\n      steps: [${steps}]\n`, spec, guardrails);
  const { out } = await guardspan(['test', '--format', 'json', path]);
  return (JSON.parse(out) as { cases: { failure: string }[] }).cases[0]!.failure;
}

describe("guardspan test, a document's own tests", () => {
  it('passes the examples', async () => {
    expect(await guardspan(['test', repository('docs/examples')])).toMatchObject({ code: 0, err: '' });
  });

  it('names the tests that fail, and ends with 1', async () => {
    const path = join(folder, 'guardrails.yaml');
    expect(await guardspan(['test', path])).toEqual({
      code: 1,
      out: `failed no-streams: <wrong> & "quoted"\n  expected allow, got deny (condition: guard-rail no-streams found a violation)\n  in ${path}\n3 tests, 1 failed\n`,
      err: '',
    });
  });

  it('writes JUnit', async () => {
    const { code, out } = await guardspan(['test', '--format', 'junit', join(folder, 'guardrails.yaml')]);
    expect(code).toBe(1);
    expect(out.replaceAll(/time="[\d.]+"/g, 'time="T"').replaceAll(folder, 'F')).toMatchSnapshot();
  });

  it('runs nothing when a document is broken', async () => {
    const path = join(folder, 'broken.yaml');
    writeFileSync(path, GUARDRAILS.replace('when: streamed', 'when: streemed'));
    const { code, out, err } = await guardspan(['test', path]);
    rmSync(path);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('broken.yaml:18:9 GUARDSPAN_CEL_UNKNOWN');
  });

  it('says that there are no tests', async () => {
    const path = join(folder, 'none.yaml');
    writeFileSync(path, GUARDRAILS.split('---')[0]!.replace(/ {2}tests:[\s\S]*/, ''));
    const { code, out, err } = await guardspan(['test', path]);
    rmSync(path);
    expect([code, out]).toEqual([0, '0 tests, 0 failed\n']);
    expect(err).toContain('there are no tests in these files');
  });
});

describe('guardspan test, a suite', () => {
  const SLOW = '{ at: 0s, call: { tenant: a, duration: 2 }, times: 20, every: 100ms, expect: { action: allow } }';

  it('fires after its time, acts on its scope only, probes and recovers, in virtual time', async () => {
    const failure = await failureOf(
      [
        SLOW,
        '{ at: 8s, series: [{ guardrail: slow, state: pending }] }',
        '{ at: 20s, series: [{ guardrail: slow, of: { tenant: a }, state: firing }, { guardrail: slow, of: { tenant: b }, state: ok }] }',
        '{ call: { tenant: b }, expect: { action: allow } }',
        // Calls of a tenant come 50 ms apart: one a second is a probe, the others go to the target.
        '{ at: 21s, call: { tenant: a, duration: 0.1 }, times: 1600, every: 50ms }',
        '{ at: 2m, series: [{ guardrail: slow, state: ok }] }',
        '{ call: { tenant: a }, expect: { action: allow } }',
      ].join(', '),
    );
    expect(failure).toBe('');
  });

  it('acts on as many scopes as a guard-rail may without a person', async () => {
    const slow = ['a', 'b', 'c', 'd'].map(
      (tenant) => `{ call: { tenant: ${tenant}, duration: 2 }, times: 20, every: 100ms }`,
    );
    const failure = await failureOf(
      [
        ...slow,
        '{ at: 30s, series: [{ guardrail: slow, state: firing }] }',
        '{ call: { tenant: c }, times: 3, every: 1ms, expect: { count: { allow: 1, reroute: 2 } } }',
        '{ call: { tenant: d }, times: 3, every: 1ms, expect: { action: allow } }',
      ].join(', '),
    );
    expect(failure).toBe('');
  });

  it('counts a call that was rerouted for the model that answered it', async () => {
    const byModel = GUARDRAILS.split('---')[0]!.replace('groupBy: [tenant]', 'groupBy: [model]');
    writeFileSync(join(folder, 'by-model.yaml'), byModel);
    const steps = [
      '{ at: 0s, call: { model: { name: main }, duration: 2 }, times: 20, every: 100ms }',
      '{ at: 20s, call: { model: { name: main }, duration: 2 }, times: 20, every: 10ms }',
      '{ at: 25s, series: [{ guardrail: slow, of: { model: faster }, state: pending }] }',
    ];
    expect(await failureOf(steps.join(', '), '', 'by-model.yaml')).toBe('');
  });

  it('rewrites by a literal, and expects no text of a rewriter that only a process has', async () => {
    const rewrite = (name: string, settings: string): string =>
      `apiVersion: guardspan/v1alpha1\nkind: Guardrail\nmetadata: { name: ${name} }\nspec: { at: response, when: 'true', action: { rewrite: ${settings} }, mode: enforce }\n`;
    writeFileSync(join(folder, 'literal.yaml'), rewrite('literal', "{ with: '{text}!' }"));
    writeFileSync(join(folder, 'named.yaml'), rewrite('named', '{ by: formal-tone }'));
    const step = (text: string): string =>
      `{ call: { output: { text: hi } }, expect: { action: rewrite${text === '' ? '' : `, text: '${text}'`} } }`;
    expect(await failureOf(step('hi!'), '', 'literal.yaml')).toBe('');
    expect(await failureOf(step(''), '', 'named.yaml')).toBe('');
    expect(await failureOf(step('hi'), '', 'named.yaml')).toContain(
      'expected a text, and what the rewriter formal-tone makes of it is known only in the process that declares it',
    );
  });

  it('runs documents by their own mode on request', async () => {
    const streamed = '{ call: { streamed: true }, expect: { action: allow, disposition: would_act } }';
    expect(await failureOf(streamed, '  mode: as-written\n')).toBe('');
    expect(await failureOf(streamed)).toBe('step 1 (0 s), call 1 of 1: expected allow, got deny (by no-streams)');
  });

  it('fills in defaults', async () => {
    const step = '{ call: { tenant: x }, expect: { action: deny, guardrails: [no-streams] } }';
    expect(await failureOf(step, '  defaults: { streamed: true }\n')).toBe('');
  });

  it.each([
    ['{ call: {}, expect: { action: deny } }', 'step 1 (0 s), call 1 of 1: expected deny, got allow'],
    [
      '{ call: { streamed: true }, expect: { disposition: would_act } }',
      'expected the disposition would_act, got enforced (by no-streams)',
    ],
    ['{ call: {}, expect: { guardrails: [slow] } }', 'expected verdicts of [slow], got []'],
    ['{ call: {}, expect: { to: faster } }', 'expected a reroute to faster, got none'],
    ['{ call: { prompt: { text: a } }, expect: { text: b } }', 'expected the text "b", got "a"'],
    [
      '{ call: {}, times: 3, expect: { count: { deny: 2 } } }',
      'step 1 (0 s): expected 2 of 3 calls to end in deny, got 0',
    ],
    [
      '{ at: 5s, series: [{ guardrail: slow, state: firing }] }',
      'step 1 (5 s): expected slow {} to be firing, but it has no such series',
    ],
    [
      `${SLOW}, { at: 4s, series: [{ guardrail: slow, state: ok }] }`,
      'expected slow {"tenant":"a"} to be ok, it is pending',
    ],
    [`${SLOW}, { at: 1s, call: {} }`, 'step 2 (1 s): it lies 0.9 s before the end of the step before'],
  ])('says what is wrong with %s', async (steps, message) => {
    expect(await failureOf(steps)).toContain(message);
  });

  it('gives the same each time', async () => {
    const steps = `${SLOW}, { at: 20s, call: { tenant: a }, times: 500, every: 7ms, expect: { count: { reroute: 0 } } }`;
    const failure = await failureOf(steps);
    expect(failure).toMatch(/to end in reroute, got [1-9]/);
    expect(await failureOf(steps)).toBe(failure);
  });

  it('needs the guard-rails that it names', async () => {
    const path = suite('    - { name: one, steps: [{ call: {} }] }\n');
    writeFileSync(
      path,
      `${`apiVersion: guardspan/v1alpha1\nkind: GuardrailTest\nmetadata: { name: x }\nspec: { guardrails: [absent.yaml], cases: [{ name: a, steps: [{ call: {} }] }] }\n`}`,
    );
    const { code, err } = await guardspan(['test', path]);
    expect([code, err]).toEqual([2, expect.stringContaining(`${join(folder, 'absent.yaml')}: there is no such file`)]);
  });
});
