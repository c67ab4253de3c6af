import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXIT, EXIT_MEANINGS } from '../src/exit-codes.js';
import { printCliReference } from '../src/print-reference.js';
import { guardspan } from './support/run-cli.js';

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

describe('usage', () => {
  const help = (command = ''): string => `\`guardspan${command} --help\` shows what may stand there`;
  it.each([
    ['an unknown command', ['zzzzzz'], "unknown command 'zzzzzz'", help()],
    ['nearly a command', ['chek', '.'], "unknown command 'chek'", `did you mean check? ${help()}`],
    [
      'nearly a command of a group',
      ['audit', 'verfy'],
      "unknown command 'verfy'",
      `did you mean verify? ${help(' audit')}`,
    ],
    ['an unknown option', ['check', '--fast', '.'], "unknown option '--fast'", help(' check')],
    [
      'nearly an option',
      ['check', '--formta', '.'],
      "unknown option '--formta'",
      `did you mean --format? ${help(' check')}`,
    ],
    ['a missing argument', ['check'], "missing required argument 'paths'", help(' check')],
    ['a missing required option', ['apply'], "required option '-f, --file <paths...>' not specified", help(' apply')],
    [
      'an option without its value',
      ['check', '--format'],
      "option '--format <format>' argument missing",
      help(' check'),
    ],
    [
      'a value outside the choices',
      ['check', '--format', 'xml', '.'],
      "option '--format <format>' argument 'xml' is invalid",
      `allowed choices are text, json, sarif; ${help(' check')}`,
    ],
    [
      'a value that an option cannot take',
      ['detect', '--min-score', '7'],
      "option '--min-score <score>' argument '7' is invalid",
      `it must be between 0 and 1; ${help(' detect')}`,
    ],
    [
      'too many arguments',
      ['audit', 'verify', 'a', 'b'],
      "too many arguments for 'verify'. Expected 1 argument but got 2: a, b.",
      help(' audit verify'),
    ],
  ])('%s ends with 2 and says on standard error what is wrong and how to mend it', async (_, argv, what, hint) => {
    expect(await guardspan(argv)).toEqual({
      ...{ code: 2, out: '', err: `error GUARDSPAN_COMMAND_LINE ${what}\n  ${hint}\n` },
    });
  });

  it.each([[[]], [['audit']]])('shows the help and ends with 2 where a command is missing: %j', async (argv) => {
    const { code, out, err } = await guardspan(argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('Usage: guardspan');
    expect(err).not.toMatch(/^error/m);
  });

  it('--help ends with 0 and goes to standard output', async () => {
    const { code, out, err } = await guardspan(['--help']);
    expect([code, err]).toEqual([0, '']);
    for (const command of ['serve', 'check', 'get', 'apply', 'delete'])
      expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  });

  it('--version prints the version of the package', async () => {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    for (const flag of ['--version', '-V'])
      expect(await guardspan([flag])).toEqual({ code: 0, out: `${version}\n`, err: '' });
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
