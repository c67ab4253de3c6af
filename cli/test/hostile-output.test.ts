import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pc from 'picocolors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forTerminal } from '../src/output/for-terminal.js';
import { table } from '../src/output/table.js';
import { guardspan } from './support/run-cli.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
/** Clears the screen, conceals what follows, sets the title, and turns the direction. */
const STEERING = '\u001b[2J\u001b[8m\u001b]0;title\u0007\u009b1A\u202e';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-hostile-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('what somebody else wrote, on a terminal', () => {
  it('steers nothing, and our own colours stay', () => {
    const { bold, red, green, yellow, dim } = pc.createColors(true);
    const own = bold('a') + red('b') + green('c') + yellow('d') + dim('e');
    expect(forTerminal(own)).toBe(own);
    expect(forTerminal(red(STEERING))).toBe(red('\\u001b[2J\\u001b[8m\\u001b]0;title\\u0007\\u009b1A\\u202e'));
    expect(forTerminal('two\nlines\tand a tab')).toBe('two\nlines\tand a tab');
  });

  const hasScript = (() => {
    try {
      execFileSync('/bin/sh', ['-c', 'script -qec true /dev/null'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();
  it.skipIf(!hasScript)('is written out by the command itself', async () => {
    const file = join(folder, `a\u001b[2Jb.yaml`);
    writeFileSync(file, 'kind: Guardrail\n');
    const out = await new Promise<string>((resolve) => {
      const env = { ...process.env, FILE: file, MAIN, NODE: process.execPath };
      execFile('script', ['-qec', '"$NODE" "$MAIN" check "$FILE"', '/dev/null'], { env }, (_, text) => resolve(text));
    });
    expect(out).toContain('a\\u001b[2Jb.yaml');
    expect(out).not.toContain('\u001b[2J');
  });

  it('begins no row of a table, and no line of an error', async () => {
    expect(table(['A', 'B'], [['x\ny', `z${STEERING}`]]).split('\n')).toHaveLength(3);
    const { err } = await guardspan(['get', `guardrials${STEERING}`]);
    expect(err).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(err).toContain('there is no resource "guardrials\\u001b[2J');
  });

  it.each([
    ['an escape in a comment', 'kind: Guardrail # \u001b[2J', '1:19 GUARDSPAN_YAML the character U+001B'],
    ['an escape in a text', 'kind: Guardrail\nwhy: "\u009b1A"', '2:7 GUARDSPAN_YAML the character U+009B'],
    ['a null', '\u0000', '1:1 GUARDSPAN_YAML the character U+0000'],
  ])('stands in no document: %s', async (_, text, message) => {
    const file = join(folder, 'x.yaml');
    writeFileSync(file, text);
    const { code, out } = await guardspan(['check', file]);
    expect(code).toBe(1);
    expect(out).toContain(`${file}:${message} may not stand in a document`);
  });
});
