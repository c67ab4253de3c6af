import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardspan } from './support/run-cli.js';

const repository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const MESSY = 'kind: Guardrail\napiVersion: guardspan/v1alpha1 # first\n';
const NEAT = 'apiVersion: guardspan/v1alpha1 # first\nkind: Guardrail\n';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-fmt-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('guardspan fmt', () => {
  it.each(['demo/guardrails', 'demo/samples/guardrails', 'docs/examples'])(
    'finds nothing to change in %s',
    async (path) => {
      expect(await guardspan(['fmt', '--check', repository(path)])).toEqual({ code: 0, out: '', err: '' });
    },
  );

  it('rewrites files that differ, names them, and keeps their mode', async () => {
    const messy = write('a.yaml', MESSY);
    write('b.yaml', NEAT);
    chmodSync(messy, 0o640);
    expect(await guardspan(['fmt', folder])).toEqual({ code: 0, out: `${messy}\n`, err: '' });
    expect(readFileSync(messy, 'utf8')).toBe(NEAT);
    expect(statSync(messy).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['a.yaml', 'b.yaml']);
    expect(await guardspan(['fmt', folder])).toEqual({ code: 0, out: '', err: '' });
  });

  it('only says what it would do with --check, and ends with 1', async () => {
    const messy = write('a.yaml', MESSY);
    expect(await guardspan(['fmt', '--check', folder])).toEqual({ code: 1, out: `${messy}\n`, err: '' });
    const { out } = await guardspan(['fmt', '--check', '--diff', folder]);
    expect(out).toContain('-kind: Guardrail\n apiVersion: guardspan/v1alpha1 # first\n+kind: Guardrail\n');
    expect(readFileSync(messy, 'utf8')).toBe(MESSY);
  });

  it('formats standard input to standard output', async () => {
    expect(await guardspan(['fmt', '-'], { stdin: MESSY })).toEqual({ code: 0, out: NEAT, err: '' });
    expect(await guardspan(['fmt', '--check', '-'], { stdin: MESSY })).toMatchObject({ code: 1, out: '' });
    expect((await guardspan(['fmt', '-', folder])).code).toBe(2);
    expect(await guardspan(['fmt', '-'], { stdin: 'a: 1\nb: [' })).toMatchObject({
      ...{ code: 1, out: '' },
      err: expect.stringContaining('standard input:2:5 GUARDSPAN_FMT_SYNTAX ') as string,
    });
    expect(await guardspan(['fmt', '-'], { stdin: [Buffer.from([0x61, 0xff])] })).toMatchObject({
      ...{
        code: 1,
        out: '',
        err: 'error GUARDSPAN_FILE_ENCODING standard input: it is not UTF-8\n  send it as UTF-8\n',
      },
    });
  });

  it('leaves a file alone that is no YAML, formats the others, and ends with 1', async () => {
    const broken = write('a.yaml', 'a: [');
    const messy = write('b.yaml', MESSY);
    const { code, out, err } = await guardspan(['fmt', folder]);
    expect([code, out]).toEqual([1, `${messy}\n`]);
    expect(err).toBe(
      `error ${broken}:1:5 GUARDSPAN_FMT_SYNTAX brackets are still open where the value must end\n` +
        '  close every [ with ] and every { with }, and indent what stands between them deeper than their key\n' +
        '  these files were left as they are\n',
    );
    expect(readFileSync(broken, 'utf8')).toBe('a: [');
  });
});
