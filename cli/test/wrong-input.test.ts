import { execFile } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeApi } from './support/fake-api.js';
import type { FakeApi } from './support/fake-api.js';
import { guardspan } from './support/run-cli.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-wrong-'));
  mkdirSync(join(folder, 'none'));
  writeFileSync(join(folder, 'empty.yaml'), '');
  writeFileSync(join(folder, 'comment.yaml'), '# to be written\n---\n');
  writeFileSync(join(folder, 'header.csv'), 'time,approved\n');
  writeFileSync(join(folder, 'spanless.jsonl'), '{"resourceSpans":[]}\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

/** Root may read everything, and tests are run by it too; here it is nobody for a while. */
async function asOrdinaryUser<T>(fn: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return fn();
  process.seteuid!(65_534);
  try {
    return await fn();
  } finally {
    process.seteuid!(0);
  }
}

describe('paths that hold no document', () => {
  const told: [string, string][] = [
    ['none', 'no file of this directory ends in .yaml, .yml or .json'],
    ['', 'no file of this directory holds a document'],
    ['empty.yaml', 'the file holds no document'],
    ['comment.yaml', 'the file holds no document'],
  ];

  it.each(told)('are an error of check: "%s"', async (name, message) => {
    expect(await guardspan(['check', at(name)])).toEqual({
      code: 1,
      out: `${at(name)}:1:1 GUARDSPAN_NO_DOCUMENTS ${message}\n  name where the documents are\n`,
      err: '',
    });
    const json = await guardspan(['check', '--format', 'json', at(name)]);
    expect(JSON.parse(json.out)).toMatchObject({ problems: [{ code: 'GUARDSPAN_NO_DOCUMENTS', severity: 'error' }] });
  });

  it.each(told)('are an error of test, fmt, push and apply, which do nothing: "%s"', async (name, message) => {
    const api: FakeApi = await startFakeApi();
    const server = ['--server', api.url];
    try {
      for (const [argv, consequence] of [
        [['test', at(name)], 'no test was run'],
        [['fmt', at(name)], 'nothing was changed'],
        [['push', at(name), '--prune', ...server], 'nothing was sent'],
        [['apply', '-f', at(name), ...server], 'nothing was sent'],
      ] as const)
        expect(await guardspan(argv)).toEqual({
          ...{ code: 1, out: '' },
          err: `error GUARDSPAN_NO_DOCUMENTS ${at(name)}: ${message}\n  ${consequence}; name where the documents are\n`,
        });
      expect(api.seen).toEqual([]);
    } finally {
      await api.close();
    }
  });

  it('are no error beside others below a directory that holds some', async () => {
    writeFileSync(at('pack.yaml'), 'apiVersion: guardspan/v1alpha1\nkind: DetectorPack\n');
    expect((await guardspan(['check', folder])).out).not.toContain('GUARDSPAN_NO_DOCUMENTS');
    expect((await guardspan(['check', folder, at('none')])).out).toContain(`${at('none')}:1:1 GUARDSPAN_NO_DOCUMENTS`);
  });
});

describe('files that cannot be used', () => {
  it('are refused by their size, before they are read', async () => {
    closeSync(openSync(at('huge.yaml'), 'w'));
    truncateSync(at('huge.yaml'), 3_000_000_000);
    for (const command of ['check', 'fmt']) {
      const { code, out, err } = await guardspan([command, at('huge.yaml')]);
      expect(code).toBe(1);
      expect(out + err).toContain(
        `${at('huge.yaml')}:1:1 GUARDSPAN_DOC_TOO_LARGE the file is larger than 1048576 characters\n  split it\n`,
      );
    }
  });

  it.each([
    [['pull', 'FILE'], 2, 'FILE: this is a file'],
    [['replay', '--guardrails', 'FILE', '--calls', 'NONE'], 2, 'NONE: this is a directory'],
    [
      ['replay', '--guardrails', 'FILE', '--calls', 'FILE'],
      1,
      'GUARDSPAN_TABLE FILE: the file is empty, so there is no call to replay',
    ],
    [
      ['replay', '--guardrails', 'FILE', '--calls', 'HEADER'],
      1,
      'GUARDSPAN_TABLE HEADER has a header and no row, so there is no call to replay',
    ],
    [
      ['replay', '--guardrails', 'FILE', '--calls', 'SPANLESS'],
      1,
      'GUARDSPAN_TABLE SPANLESS: its OTLP lines hold no span of a model call, so there is no call to replay',
    ],
    [['explain', 'FILE', '--call', 'ABSENT'], 1, 'GUARDSPAN_NO_DOCUMENTS FILE: no document here is a guard-rail'],
    [['replay', '--guardrails', 'FILE', '--calls', 'ABSENT'], 2, 'ABSENT: there is no such file or directory (ENOENT)'],
    [['check', 'FILE/x'], 2, 'FILE/x: a part of the path is a file, not a directory (ENOTDIR)'],
    [
      ['serve', '--tokens-file', 'ABSENT', '--listen', '127.0.0.1:0'],
      1,
      'GUARDSPAN_TOKENS ABSENT: there is no such file.',
    ],
    [['serve', '--tokens-file', 'NONE', '--listen', '127.0.0.1:0'], 1, 'GUARDSPAN_TOKENS NONE is a directory.'],
    [
      ['serve', '--tokens-file', 'FILE', '--listen', '127.0.0.1:0'],
      1,
      'GUARDSPAN_TOKENS FILE: file: must be a mapping, but it is nothing.',
    ],
    [['serve', '--single-user', '--log-level', 'loud'], 2, 'GUARDSPAN_CONFIG --log-level: "loud" is none of'],
    [['drill', '--agent-token-file', 'ABSENT'], 2, '--agent-token-file ABSENT: there is no such file'],
    [['audit', 'show', 'abc', 'FILE'], 2, '"abc" is no id of a trace'],
    [['audit', 'export', '--trace', 'abc'], 2, '"abc" is no id of a trace'],
    [['audit', 'verify', 'FILE', '--head', 'abc'], 2, '--head abc is no hash'],
  ])('are named with what is wrong: %j', async (argv, code, message) => {
    const named = (text: string): string =>
      text
        .replaceAll('FILE', at('empty.yaml'))
        .replaceAll('NONE', at('none'))
        .replaceAll('ABSENT', at('absent'))
        .replaceAll('HEADER', at('header.csv'))
        .replaceAll('SPANLESS', at('spanless.jsonl'));
    const result = await guardspan(argv.map(named));
    expect(result.err).toContain(
      `error ${message.startsWith('GUARDSPAN_') ? '' : 'GUARDSPAN_COMMAND_LINE '}${named(message)}`,
    );
    expect([result.code, result.out]).toEqual([code, '']);
    // How to mend it stands below it.
    expect(result.err.trimEnd().split('\n')).toHaveLength(2);
  });

  it('say that nothing was checked where an export holds no record', async () => {
    expect(await guardspan(['audit', 'verify', at('empty.yaml')])).toEqual({
      ...{ code: 1, out: 'no records: nothing was checked\n', err: '' },
    });
    const { code, out } = await guardspan(['audit', 'verify', at('empty.yaml'), '--format', 'json']);
    expect([code, JSON.parse(out)]).toMatchObject([1, { valid: false, records: 0 }]);
  });
});

describe('files that cannot be read', () => {
  it('are problems of a check beside those of the others, in every format', async () => {
    const place = at('mixed');
    mkdirSync(place);
    writeFileSync(join(place, 'a.yaml'), Buffer.from([0x61, 0xff]));
    writeFileSync(join(place, 'b.yaml'), 'kind: Guardrial\n');
    const { code, out, err } = await guardspan(['check', place]);
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain(`${join(place, 'a.yaml')}:1:1 GUARDSPAN_FILE_ENCODING the file is not UTF-8\n  save it as`);
    expect(out).toContain(`${join(place, 'b.yaml')}:1:7 `);
    const json = await guardspan(['check', '--format', 'json', join(place, 'a.yaml')]);
    expect(JSON.parse(json.out)).toMatchObject({ problems: [{ code: 'GUARDSPAN_FILE_ENCODING' }] });
  });

  it('because of their rights are named with whose they are', async () => {
    writeFileSync(at('secret.yaml'), 'a: 1\n', { mode: 0 });
    mkdirSync(at('closed'), { mode: 0 });
    const said = 'this user has no right to it (EACCES)\n  check who may read and write it\n';
    for (const path of [at('secret.yaml'), at('closed/a.yaml')])
      for (const argv of [['fmt'], ['detect'], ['audit', 'verify']])
        expect(await asOrdinaryUser(() => guardspan([...argv, path]))).toEqual({
          ...{ code: 1, out: '', err: `error GUARDSPAN_FILE ${path}: ${said}` },
        });
  });
});

describe('standard output', () => {
  const run = (command: string): Promise<{ code: number; err: string }> =>
    new Promise((resolve) =>
      execFile('/bin/sh', ['-c', command], (error, _out, err) => resolve({ code: Number(error?.code ?? 0), err })),
    );

  it.skipIf(!existsSync('/dev/full'))('says that a disk is full, without a stack', async () => {
    const { code, err } = await run(`"${process.execPath}" "${MAIN}" init > /dev/full`);
    expect(code).toBe(1);
    expect(err).toBe(
      'error GUARDSPAN_FILE standard output cannot be written: the disk is full (ENOSPC)\n  what was written is incomplete\n',
    );
  });

  it('may be closed by who reads it', async () => {
    expect(await run(`"${process.execPath}" "${MAIN}" serve --help | head -1`)).toEqual({ code: 0, err: '' });
  });
});
