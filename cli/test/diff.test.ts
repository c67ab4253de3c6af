import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GuardrailChange } from '@guardspan/policy';
import { loadGuardrails } from '@guardspan/policy';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CallComparison } from '../src/session/compare-calls.js';
import { startFakeApi } from './support/fake-api.js';
import { guardspan } from './support/run-cli.js';

const BUDGET = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: budget }
spec:
  over: { window: 1m, every: 0s, groupBy: [tenant], signals: { tokens: { sum: usage.totalTokens } } }
  when: tokens > 1000
  action: { throttle: { rate: 1 } }
  mode: enforce
`;
const STREAMS = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-streams }
spec: { at: request, when: streamed, action: { deny: {} }, mode: enforce }
`;

const home = process.cwd();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-diff-'));
});
afterEach(() => process.chdir(home));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
async function changes(...argv: string[]): Promise<GuardrailChange[]> {
  const { code, out, err } = await guardspan(['diff', '--format', 'json', ...argv]);
  expect([code, err]).toEqual([0, '']);
  return (JSON.parse(out) as { changes: GuardrailChange[] }).changes;
}
async function calls(before: string, after: string, lines: object[]): Promise<CallComparison> {
  const path = write('calls.jsonl', lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const { out } = await guardspan(['diff', '--format', 'json', '--calls', path, before, after]);
  return (JSON.parse(out) as { calls: CallComparison }).calls;
}

describe('guardspan diff', () => {
  it('is silent about layout, comments, order and written-out defaults', async () => {
    const before = write('a.yaml', STREAMS);
    const after = write(
      'b.yaml',
      `# The same.\n${STREAMS.replace('deny: {}', 'deny: { status: 403 }').replace('at: request, when: streamed', 'when: "streamed", at: request')}`,
    );
    expect(await guardspan(['diff', '--exit-code', before, after])).toEqual({ code: 0, out: '', err: '' });
  });

  it('names each field that differs in meaning, and what came and went', async () => {
    const before = write('a.yaml', `${BUDGET}---\n${STREAMS}`);
    const changed = BUDGET.replace('rate: 1', 'rate: 5').replace('1m', '2m').replace('mode: enforce', 'mode: warn');
    const after = write('b.yaml', `${changed}---\n${STREAMS.replace('no-streams', 'other')}`);
    const { code, out } = await guardspan(['diff', '--exit-code', before, after]);
    expect(code).toBe(1);
    expect(out).toMatchSnapshot();
  });

  it('reads directories, revisions of git and the evaluator', async () => {
    const repository = join(folder, 'repository');
    mkdirSync(join(repository, 'rules'), { recursive: true });
    process.chdir(repository);
    const git = (...args: string[]): void => void execFileSync('git', args, { stdio: 'pipe' });
    writeFileSync('rules/a.yaml', STREAMS);
    git('init', '-q');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false', 'commit', '-qm', 'x');
    writeFileSync('rules/a.yaml', STREAMS.replace('mode: enforce', 'mode: warn'));
    writeFileSync('rules/b.yaml', BUDGET);
    const found = await changes('HEAD:rules', 'rules');
    expect(found.map(({ name, change }) => `${name} ${change}`)).toEqual(['budget added', 'no-streams changed']);
    expect(found[1]!.fields).toEqual([{ path: 'spec.mode', before: 'enforce', after: 'warn' }]);
    process.chdir('rules');
    expect(await changes('HEAD:', '.')).toHaveLength(2);

    const api = await startFakeApi();
    api.documents.set('no-streams', loadGuardrails(STREAMS, { file: 'x' }).guardrails[0]!);
    const names = await changes('evaluator', '.', '--server', api.url);
    await api.close();
    expect(names.map(({ name }) => name)).toEqual(['budget', 'no-streams']);
  });

  it.each([
    ['a path', 'absent', 'absent: there is no such file or directory'],
    ['a revision', 'nowhere:rules', 'nowhere:rules: Not a valid object name nowhere'],
    ['an option of git', '--output=x:rules', "unknown option '--output=x:rules'"],
  ])('refuses %s that does not exist with 2', async (_, from, message) => {
    const { code, err } = await guardspan(['diff', from, write('a.yaml', STREAMS)]);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('guardspan diff --calls', () => {
  it('tells calls apart that another rewriter would rewrite', async () => {
    const by = (name: string): string => STREAMS.replace('deny: {}', `rewrite: { by: ${name} }`);
    const lines = [{ streamed: true, prompt: { text: 'hi' } }, { prompt: { text: 'hi' } }];
    const before = write('a.yaml', by('formal'));
    expect(await calls(before, write('b.yaml', by('informal')), lines)).toMatchObject({ calls: 2, changed: 1 });
    expect(await calls(before, write('b.yaml', by('formal')), lines)).toMatchObject({ calls: 2, changed: 0 });
  });

  it('says which recorded calls come out differently', async () => {
    const before = write('a.yaml', STREAMS.replace('mode: enforce', 'mode: dryrun'));
    const after = write('b.yaml', STREAMS);
    const result = await calls(before, after, [{ streamed: true }, {}, { streamed: true, model: { name: 'm' } }]);
    expect(result).toMatchObject({ calls: 3, changed: 2, guardrails: { 'no-streams': { after: { verdicts: 2 } } } });
    expect(result.examples.map(({ place }) => place.split(':').at(-1))).toEqual(['1', '3']);
    expect(result.examples[0]).toMatchObject({
      before: { action: 'allow', disposition: 'would_act' },
      after: { action: 'deny', disposition: 'enforced', guardrails: ['no-streams'] },
    });
  });

  it('runs windows over the recorded calls, and what they cause', async () => {
    const before = write('a.yaml', BUDGET);
    const after = write('b.yaml', BUDGET.replace('1000', '100000'));
    const lines = Array.from({ length: 50 }, (_, n) => ({
      startedAt: 1_700_000_000 + n / 10,
      tenant: 'acme',
      usage: { totalTokens: 100 },
    }));
    const { guardrails, changed } = await calls(before, after, lines);
    expect(guardrails).toMatchObject({ budget: { before: { fired: 1 }, after: { fired: 0, verdicts: 0 } } });
    expect(changed).toBeGreaterThan(20);
    expect(guardrails.budget!.before.verdicts).toBeGreaterThanOrEqual(changed);
  });

  it('prints both for people', async () => {
    const path = write('calls.jsonl', '{"streamed": true}\n{}\n');
    const [before, after] = [write('a.yaml', STREAMS), write('b.yaml', STREAMS.replace('enforce', 'warn'))];
    const { out } = await guardspan(['diff', '--calls', path, before, after]);
    expect(out.replaceAll(folder, 'F')).toMatchSnapshot();
  });

  it.each([
    ['no JSON', '{}\n{', ':2: the line is not JSON'],
    ['no call', '{"modle": 1}', ':1: a call has no field "modle"'],
    ['out of order', '{"startedAt": 10}\n{"startedAt": 9}', ':2: the call started before the one above it'],
  ])('names a line that is %s', async (_, text, message) => {
    const path = write('calls.jsonl', text);
    const { code, err } = await guardspan(['diff', '--calls', path, write('a.yaml', STREAMS), write('b.yaml', BUDGET)]);
    expect([code, err]).toEqual([1, expect.stringContaining(`${path}${message}`)]);
  });
});
