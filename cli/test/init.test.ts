import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadGuardrails } from '@guardspan/policy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { USE_CASES } from '../src/starters.js';
import { guardspan } from './support/run-cli.js';

const starters = fileURLToPath(new URL('../starters/', import.meta.url));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('guardspan init', () => {
  it('lists every starter that there is', async () => {
    const { code, out } = await guardspan(['init']);
    expect(code).toBe(0);
    expect(readdirSync(starters).sort()).toEqual(Object.keys(USE_CASES).sort());
    for (const name of Object.keys(USE_CASES)) expect(out).toMatch(new RegExp(`^${name} {2,}\\S`, 'm'));
  });

  it.each(Object.keys(USE_CASES))(
    'writes %s: documents that are clean, laid out, tested and act on nothing yet',
    async (name) => {
      const directory = join(folder, 'rules');
      const { code, out, err } = await guardspan(['init', name, '--dir', directory]);
      expect(code).toBe(0);
      expect(err).toContain(`guardspan test ${directory}`);
      const files = readdirSync(directory);
      expect(out.trimEnd().split('\n').sort()).toEqual(files.map((file) => join(directory, file)).sort());
      expect(await guardspan(['check', directory])).toEqual({ code: 0, out: '', err: '' });
      expect(await guardspan(['fmt', '--check', directory])).toEqual({ code: 0, out: '', err: '' });
      expect(await guardspan(['test', directory])).toMatchObject({ code: 0, err: '' });
      for (const file of files) {
        const { guardrails } = loadGuardrails(readFileSync(join(directory, file), 'utf8'), { file });
        for (const { guardrail } of guardrails) {
          expect(guardrail.spec.mode).toBe('dryrun');
          // Evidence comes from many calls: such a document is replayed below.
          if (guardrail.spec.over?.evidence !== undefined) continue;
          const actions = new Set(guardrail.spec.tests.map((test) => test.expect.action));
          expect(actions, 'a test that acts and one that does not').toEqual(
            new Set(['allow', guardrail.spec.action.type]),
          );
        }
      }
    },
  );

  it('writes a test of fairness that keeps still for chance, and fires for a gap', async () => {
    await guardspan(['init', 'tabular-fairness', '--dir', folder]);
    const timeline = async (women: number): Promise<{ to: string }[]> => {
      const calls = join(folder, 'calls.jsonl');
      let seed = 7;
      const next = (): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
      const lines = Array.from({ length: 20_000 }, (_, i) => {
        const sex = next() < 0.5 ? 'female' : 'male';
        const label = next() < (sex === 'male' ? 0.5 : women) ? 'approve' : 'reject';
        const model = { name: 'credit-risk', version: '3.1' };
        return JSON.stringify({ startedAt: 1_800_000_000 + 5 * i, model, group: { sex }, output: { label } });
      });
      writeFileSync(calls, lines.join('\n'));
      const rule = join(folder, 'equal-selection.yaml');
      const { code, out } = await guardspan(['replay', '--guardrails', rule, '--calls', calls, '--json']);
      expect(code).toBe(0);
      return (JSON.parse(out) as { timeline: { to: string }[] }).timeline;
    };
    // 0.45 is less, and more than four fifths.
    expect(await timeline(0.45)).toEqual([]);
    expect((await timeline(0.3)).map(({ to }) => to)).toContain('firing');
  });

  it('writes all use cases into one directory', async () => {
    expect((await guardspan(['init', ...Object.keys(USE_CASES), '--dir', folder])).code).toBe(0);
    expect(await guardspan(['check', folder])).toMatchObject({ code: 0, out: '' });
  });

  it('overwrites nothing, and then writes nothing at all', async () => {
    const path = join(folder, 'no-secrets-in-answers.yaml');
    writeFileSync(path, 'mine');
    const { code, out, err } = await guardspan(['init', 'llm-privacy', '--dir', folder]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(`${path}: this file exists already`);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('names the use case of which a part was written', async () => {
    const { code, err } = await guardspan(['init', 'cost']);
    expect([code, err]).toEqual([2, expect.stringContaining('did you mean llm-cost? known: ')]);
  });

  it('names the use cases that there are', async () => {
    const { code, err } = await guardspan(['init', 'llm-poetry']);
    expect([code, err]).toEqual([2, expect.stringContaining('known: llm-privacy, llm-cost')]);
  });
});
