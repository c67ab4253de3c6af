import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXIT, EXIT_MEANINGS } from '../src/exit-codes.js';
import { printCliReference } from '../src/print-reference.js';
import { guardspan } from './support/run-cli.js';

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

describe('usage', () => {
  it.each([
    ['an unknown command', ['deploy']],
    ['an unknown option', ['check', '--fast', '.']],
    ['a missing argument', ['check']],
    ['a missing required option', ['apply']],
    ['a value outside the choices', ['check', '--format', 'xml', '.']],
    ['no command', []],
  ])('%s ends with 2 and says so on standard error', async (_, argv) => {
    const { code, out, err } = await guardspan(argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).not.toBe('');
  });

  it('suggests the command that was meant', async () => {
    expect((await guardspan(['chek', '.'])).err).toContain('Did you mean check?');
  });

  it('--help ends with 0 and goes to standard output', async () => {
    const { code, out, err } = await guardspan(['--help']);
    expect([code, err]).toEqual([0, '']);
    for (const command of ['serve', 'check', 'get', 'apply', 'delete'])
      expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  });

  it('serve refuses a configuration that would be unsafe, before a port is opened', async () => {
    const { code, out, err } = await guardspan(['serve', '--single-user', '--listen', '0.0.0.0:7420']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('singleUser: the evaluator would answer strangers without a token');
  });

  it('serve reads flags before the environment', async () => {
    const env = { GUARDSPAN_STORE: 'neither', GUARDSPAN_SINGLE_USER: 'true' };
    expect((await guardspan(['serve'], { env })).err).toContain('GUARDSPAN_STORE: "neither" is none of');
    expect((await guardspan(['serve', '--store', 'nowhere'], { env })).err).toContain('--store: "nowhere" is none of');
    expect((await guardspan(['serve', '--store', 'memory', '--approvals', 'no'], { env })).err).toContain(
      '--approvals: "no" is neither',
    );
  });
});

describe('docs/cli.md', () => {
  it('shows the help of every command as it is', () => {
    const block = /<!-- generated: begin -->\n\n([\s\S]*)\n\n<!-- generated: end -->/.exec(page)?.[1];
    expect(block).toBe(printCliReference());
  });

  it('lists every exit code', () => {
    const rows = [...page.matchAll(/^\| (\d) +\|/gm)].map((row) => Number(row[1]));
    expect(rows).toEqual(Object.values(EXIT));
    expect(EXIT_MEANINGS.map(([code]) => code)).toEqual(rows);
  });
});
