import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_DETECT_LENGTH } from '@guardspan/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardspan } from './support/run-cli.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-detect-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MAIL = 'mail jane@example.com now';

describe('guardspan detect --json', () => {
  it('prints one line of findings for each line of text, and nothing else', async () => {
    const stdin = `${JSON.stringify({ text: MAIL, id: 7 })}\n${JSON.stringify({ text: 'hello' })}\r\n`;
    const { code, out, err } = await guardspan(['detect', '--json'], { stdin });
    expect([code, err]).toEqual([0, '']);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    const { findings } = JSON.parse(lines[0]!) as { findings: Record<string, unknown>[] };
    expect(findings).toMatchObject([{ entity: 'email', start: 5, end: 21 }]);
    expect(Object.keys(findings[0]!)).toEqual(['entity', 'start', 'end', 'score']);
    expect(lines[1]).toBe('{"findings":[]}');
  });

  it('reads lines wherever the stream is cut, also inside a character', async () => {
    const bytes = Buffer.from(`${JSON.stringify({ text: `größe ${MAIL}` })}\n{"text":"x"}`);
    const { out } = await guardspan(['detect', '--json'], { stdin: [...bytes].map((byte) => Buffer.from([byte])) });
    const lines = out.trimEnd().split('\n');
    expect(JSON.parse(lines[0]!)).toMatchObject({ findings: [{ entity: 'email', start: 11, end: 27 }] });
    expect(lines).toHaveLength(2);
  });

  it('finds entities of every pack, and none that overlap', async () => {
    const text = `${MAIL}, key AKIAIOSFODNN7EXAMPLE, host 192.168.1.17`;
    const { out } = await guardspan(['detect', '--json'], { stdin: `${JSON.stringify({ text })}\n` });
    const { findings } = JSON.parse(out) as { findings: { entity: string; start: number; end: number }[] };
    expect(findings.map(({ entity }) => entity)).toEqual(['email', 'api_key', 'ip']);
    findings.slice(1).forEach(({ start }, index) => expect(start).toBeGreaterThanOrEqual(findings[index]!.end));
  });

  it('looks for the entities that are named only', async () => {
    const stdin = `${JSON.stringify({ text: `${MAIL} AKIAIOSFODNN7EXAMPLE` })}\n`;
    const { out } = await guardspan(['detect', '--json', '--entities', 'api_key'], { stdin });
    expect((JSON.parse(out) as { findings: unknown[] }).findings).toHaveLength(1);
  });

  it.each([
    ['shoe_size', '"shoe_size": there is none of that name\n  known: email, '],
    ['phone,emial', '"emial": there is none of that name\n  did you mean email? known: email, '],
    [' , ', "<names>' argument ' , ' is invalid\n  it names nothing; "],
  ])('refuses a wrong command line before it reads: --entities %s', async (entities, message) => {
    const { code, out, err } = await guardspan(['detect', '--entities', entities, 'no-such-file']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('error GUARDSPAN_COMMAND_LINE ');
    expect(err).toContain(`--entities ${message}`);
  });

  it.each([
    ['no JSON', 'hello', 'standard input:2: the line is not JSON'],
    ['no text', '{"texts": 1}', 'standard input:2: "text" is missing or no string'],
    ['too long', `{"text": "${'x'.repeat(MAX_DETECT_LENGTH * 6 + 64)}"}`, 'standard input:2: the line is longer than'],
    [
      'a text that is too long',
      `{"text": "${'x'.repeat(MAX_DETECT_LENGTH + 1)}"}`,
      'GUARDSPAN_TEXT_TOO_LONG standard input:2: ',
    ],
  ])('names the line that is %s, and ends with 1', async (_, line, message) => {
    const { code, out, err } = await guardspan(['detect', '--json'], { stdin: `{"text":"a"}\n${line}\n` });
    expect([code, out]).toEqual([1, '{"findings":[]}\n']);
    expect(err).toContain(message);
  });

  it('refuses bytes that are not UTF-8', async () => {
    const { code, err } = await guardspan(['detect', '--json'], { stdin: [Buffer.from([0x22, 0xff, 0x0a])] });
    expect([code, err]).toEqual([1, expect.stringContaining('standard input:1: the line is not UTF-8')]);
  });
});

describe('guardspan detect', () => {
  it('prints kinds and places of a file, never its text', async () => {
    const path = join(folder, 'letter.txt');
    writeFileSync(path, `Dear Jane,\n${MAIL}\n`);
    const { code, out } = await guardspan(['detect', path]);
    expect(code).toBe(0);
    const [header, row] = out.split('\n').map((line) => line.split(/ {2,}/));
    expect(header).toEqual(['ENTITY', 'FROM', 'TO', 'SCORE']);
    expect(row!.slice(0, 3)).toEqual(['email', '2:6', '2:22']);
    expect(out).not.toContain('jane');
  });

  it('is silent about a clean text, and ends with 1 on request when there is a finding', async () => {
    expect(await guardspan(['detect', '--exit-code'], { stdin: 'hello' })).toEqual({ code: 0, out: '', err: '' });
    expect((await guardspan(['detect', '--exit-code'], { stdin: MAIL })).code).toBe(1);
    expect((await guardspan(['detect', '--exit-code', '--json'], { stdin: `{"text":"${MAIL}"}` })).code).toBe(1);
  });

  it('refuses wrong paths and scores with 2', async () => {
    expect((await guardspan(['detect', join(folder, 'absent')])).code).toBe(2);
    expect((await guardspan(['detect', folder])).err).toContain('this is a directory');
    expect((await guardspan(['detect', '--min-score', '2'], { stdin: '' })).code).toBe(2);
  });
});

describe('guardspan detect --pack', () => {
  const pack = (): string => {
    const file = join(folder, 'pack.yaml');
    writeFileSync(
      file,
      `apiVersion: guardspan/v1alpha1
kind: DetectorPack
metadata: { name: acme }
spec: { entities: { project: { words: [Blue Heron] }, staff: { pattern: 'E[0-9]{6}', score: 0.7 } } }
`,
    );
    return file;
  };
  const stdin = `${JSON.stringify({ text: 'E123456 asks for blue heron, jane@example.com' })}\n`;

  it('looks for what the pack looks for, and for nothing else', async () => {
    const { code, out, err } = await guardspan(['detect', '--json', '--pack', pack()], { stdin });
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual({
      findings: [
        { entity: 'staff', start: 0, end: 7, score: 0.7 },
        { entity: 'project', start: 17, end: 27, score: 0.6 },
      ],
    });
  });

  it('takes the file of the text behind it, and several packs', async () => {
    const text = join(folder, 'text.txt');
    writeFileSync(text, 'E123456 asks for blue heron\n');
    const { code, out, err } = await guardspan(['detect', '--pack', pack(), '--pack', pack(), text]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('staff');
    expect(out).not.toContain('E123456');
  });

  it('looks for chosen entities, and refuses those that no pack has', async () => {
    const argv = ['detect', '--json', '--pack', pack(), '--entities'];
    const chosen = await guardspan([...argv, 'staff'], { stdin });
    expect((JSON.parse(chosen.out) as { findings: unknown[] }).findings).toHaveLength(1);
    const { code, err } = await guardspan([...argv, 'email'], { stdin });
    expect([code, err]).toEqual([2, expect.stringContaining('--entities "email": no pack has it\n  known: ')]);
  });
});
