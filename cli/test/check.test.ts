import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardspan } from './support/run-cli.js';

const repository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const GOOD = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: no-streams }
spec:
  at: request
  when: streamed
  action: { deny: {} }
  tests:
    - { name: a stream, given: { streamed: true }, expect: { action: deny } }
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('guardspan check', () => {
  it.each(['demo/guardrails', 'demo/samples/guardrails', 'docs/examples'])(
    'is silent about %s, and ends with 0',
    async (path) => {
      expect(await guardspan(['check', repository(path)])).toEqual({ code: 0, out: '', err: '' });
    },
  );

  it('takes a path as it is written, with `.` and `..` in it', async () => {
    write('good.yaml', GOOD);
    mkdirSync(join(folder, 'deep'));
    write('deep/other.yaml', GOOD.replace('no-streams', 'other'));
    const way = relative(process.cwd(), folder);
    for (const path of [`./${way}`, `./${way}/good.yaml`, `${way}/.`, `${way}/`, `${way}/deep/..`, `./${way}/deep`])
      expect(await guardspan(['check', path]), path).toEqual({ code: 0, out: '', err: '' });
    mkdirSync(join(folder, 'deeper'));
    expect((await guardspan(['check', `./${way}/deeper`, `./${way}/deep`])).out).toContain(
      `./${way}/deeper:1:1 GUARDSPAN_NO_DOCUMENTS`,
    );
  });

  it('prints what is wrong in a file in the order of its lines, tests that fail among it', async () => {
    const broken = GOOD.replace('name: no-streams', 'name: broken').replace('when: streamed', 'wehn: streamed');
    const failing = GOOD.replace('name: no-streams', 'name: failing').replace('action: deny }', 'action: allow }');
    const sound = GOOD.replace('name: no-streams', 'name: sound');
    const path = write('several.yaml', [sound, failing, broken].join('---\n'));
    const { out } = await guardspan(['check', path]);
    expect(out.split('\n').flatMap((line) => /yaml:(\d+:\d+ GUARDSPAN_\w+)/.exec(line)?.[1] ?? [])).toEqual([
      '11:1 GUARDSPAN_TEST_FAILED',
      '26:3 GUARDSPAN_DOC_UNKNOWN_KEY',
    ]);
  });

  it('names file, line, column, code and remedy of each problem, and ends with 1', async () => {
    const path = write('bad.yaml', GOOD.replace('when: streamed', 'when: streemed\n  wehn: true'));
    const { code, out, err } = await guardspan(['check', path]);
    expect(code).toBe(1);
    expect(err).toBe('');
    const [first, hint] = out.split('\n');
    expect(first).toMatch(/bad\.yaml:\d+:\d+ GUARDSPAN_[A-Z_]+ .+/);
    expect(first!.startsWith(path)).toBe(true);
    expect(hint).toMatch(/^ {2}\S/);
    expect(out).toContain(`${path}:7:3 GUARDSPAN_DOC_UNKNOWN_KEY`);
  });

  it('binds the packs of all its files, and names what they lack', async () => {
    const head = 'apiVersion: guardspan/v1alpha1\nkind:';
    const pack = write(
      'pack.yaml',
      `${head} DetectorPack\nmetadata: { name: acme }\nspec: { entities: { project: { words: [heron] } } }\n`,
    );
    const guardrail = (detector: string): string => `${head} Guardrail
metadata: { name: own }
spec:
  at: request
  uses: { own: { detector: ${detector}, on: prompt.text, entities: [project] } }
  when: own.count > 0
  action: { deny: {} }
  tests:
    - { name: a project, given: { prompt: { text: a heron } }, expect: { action: deny } }
`;
    const good = write('good.yaml', guardrail('pack/acme'));
    expect(await guardspan(['check', good, pack])).toEqual({ code: 0, out: '', err: '' });
    const alone = await guardspan(['check', good]);
    expect(alone.code).toBe(1);
    expect(alone.out).toContain(`${good}:1:1 GUARDSPAN_PACK_UNKNOWN there is no pack "acme"`);
    const wrong = write('wrong.yaml', guardrail('pack/acme').replace('[project]', '[projects]'));
    const { out } = await guardspan(['check', wrong, pack]);
    expect(out).toContain('GUARDSPAN_DETECTOR_UNKNOWN detector "pack/acme" has no entity "projects"');
  });

  it('warns of exceptions that are over or name nothing, and still ends with 0', async () => {
    const exception = `---
apiVersion: guardspan/v1alpha1
kind: GuardrailException
metadata: { name: old }
spec: { owner: a, reason: b, expires: 2026-01-01, guardrails: [no-streams, no-streems], match: { services: [s] } }
`;
    const path = write('both.yaml', GOOD + exception);
    const before = await guardspan(['check', path], { now: Date.parse('2025-12-31') / 1000 });
    expect(before.code).toBe(0);
    expect(before.out).toContain(`${path}:11:1 warning GUARDSPAN_EXCEPTION_TARGET`);
    const after = await guardspan(['check', '--format', 'json', path], { now: Date.parse('2026-01-01') / 1000 });
    expect(after.code).toBe(0);
    const { problems } = JSON.parse(after.out) as { problems: { code: string; severity: string }[] };
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([
      ['GUARDSPAN_EXCEPTION_EXPIRED', 'warning'],
      ['GUARDSPAN_EXCEPTION_TARGET', 'warning'],
    ]);
    // Nobody knows the guard-rails of an exception that is checked by itself.
    expect((await guardspan(['check', write('alone.yaml', exception)], { now: 0 })).out).toBe('');
  });

  it('names the place of a condition that does not type-check', async () => {
    const path = write('type.yaml', GOOD.replace('when: streamed', 'when: "streamed + 1"'));
    const { code, out } = await guardspan(['check', path]);
    expect(code).toBe(1);
    expect(out).toMatch(/type\.yaml:6:\d+ GUARDSPAN_CEL_TYPE .*\(spec\.when\)/);
  });

  it('prints one JSON object on request, with the same problems', async () => {
    const path = write('bad.yaml', GOOD.replace('when: streamed', 'when: streemed'));
    const { code, out } = await guardspan(['check', '--format', 'json', path, repository('demo/guardrails')]);
    expect(code).toBe(1);
    const { problems } = JSON.parse(out) as { problems: Record<string, unknown>[] };
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ file: path, line: 6, path: 'spec.when', code: 'GUARDSPAN_CEL_UNKNOWN' });
    expect(Object.keys(problems[0]!)).toEqual([
      'file',
      'line',
      'column',
      'path',
      'code',
      'message',
      'hint',
      'severity',
    ]);
  });

  it('prints an empty list in JSON when all is well', async () => {
    const { code, out } = await guardspan(['check', '--format', 'json', write('good.yaml', GOOD)]);
    expect([code, JSON.parse(out)]).toEqual([0, { problems: [] }]);
  });

  it('prints SARIF 2.1.0 on request', async () => {
    const path = write('bad.yaml', GOOD.replace('when: streamed', 'when: streemed\n  wehn: true'));
    const { code, out } = await guardspan(['check', '--format', 'sarif', path, path]);
    expect(code).toBe(1);
    const log = JSON.parse(out) as {
      version: string;
      runs: { tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number }[] }[];
    };
    expect(log.version).toBe('2.1.0');
    const [run] = log.runs;
    for (const { ruleId, ruleIndex } of run!.results) expect(run!.tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
    expect(run!.results[0]).toMatchObject({
      ruleId: 'GUARDSPAN_DOC_UNKNOWN_KEY',
      level: 'error',
      message: { text: 'unknown key "wehn" (spec.wehn). see docs/guardrails.md for the keys that exist here' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: pathToFileURL(path).href },
            region: { startLine: 7, startColumn: 3 },
          },
        },
      ],
    });
  });

  it('names files in SARIF from the working directory, and is a whole log when all is well', async () => {
    const place = relative(process.cwd(), write('a b.yaml', 'kind: Nothing\n'));
    const { out } = await guardspan(['check', '--format', 'sarif', place]);
    expect(out).toContain(`${place.replace('a b', 'a%20b')}",\n                  "uriBaseId": "%SRCROOT%"`);
    const good = await guardspan(['check', '--format', 'sarif', write('good.yaml', GOOD)]);
    expect([good.code, JSON.parse(good.out)]).toMatchObject([0, { runs: [{ results: [] }] }]);
  });

  it("runs a document's own tests", async () => {
    const path = write('test.yaml', GOOD.replace('expect: { action: deny }', 'expect: { action: allow }'));
    const { code, out } = await guardspan(['check', path]);
    expect(code).toBe(1);
    expect(out).toMatch(/GUARDSPAN_TEST_FAILED no-streams: test "a stream": expected allow, got deny/);
  });

  it('finds one name in two files', async () => {
    const first = write('a.yaml', GOOD);
    const second = write('b.yaml', GOOD);
    const { code, out } = await guardspan(['check', folder]);
    expect(code).toBe(1);
    expect(out).toContain(`${second}:1:1 GUARDSPAN_DOC_DUPLICATE guard-rail "no-streams" also stands in ${first}`);
  });

  it('reads folders in depth, and leaves out hidden ones, node_modules and other files', async () => {
    for (const name of ['deep', '.git', 'node_modules']) {
      mkdirSync(join(folder, name));
      write(join(name, 'bad.yml'), 'kind: Nothing\n');
    }
    write('notes.txt', 'no YAML: [');
    const { out } = await guardspan(['check', '--format', 'json', folder]);
    const { problems } = JSON.parse(out) as { problems: { file: string }[] };
    expect(new Set(problems.map(({ file }) => file))).toEqual(new Set([join(folder, 'deep', 'bad.yml')]));
  });

  it('says which path does not exist, and ends with 2', async () => {
    const path = join(folder, 'absent.yaml');
    const { code, out, err } = await guardspan(['check', path]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`${path}: there is no such file or directory`);
  });

  it('names a file that is not UTF-8, and ends with 1', async () => {
    const path = join(folder, 'latin.yaml');
    writeFileSync(path, Buffer.from('description: caf\xe9\n', 'latin1'));
    const { code, out, err } = await guardspan(['check', path]);
    expect([code, err]).toEqual([1, '']);
    expect(out).toBe(`${path}:1:1 GUARDSPAN_FILE_ENCODING the file is not UTF-8\n  save it as UTF-8\n`);
  });

  it('names a document that is a link to nothing, and passes over other such links', async () => {
    write('good.yaml', GOOD);
    symlinkSync(join(folder, 'absent'), join(folder, 'notes'));
    expect(await guardspan(['check', folder])).toMatchObject({ code: 0, out: '', err: '' });
    symlinkSync(join(folder, 'absent'), join(folder, 'dangling.yaml'));
    const { code, err } = await guardspan(['check', folder]);
    expect(code).toBe(2);
    expect(err).toContain('dangling.yaml: there is no such file or directory');
  });

  it('colours only on a terminal', async () => {
    const path = write('bad.yaml', GOOD.replace('when: streamed', 'when: streemed'));
    const plain = await guardspan(['check', path]);
    const colored = await guardspan(['check', path], { color: true });
    expect(plain.out).not.toContain('\x1b');
    expect(colored.out).toContain('\x1b[31m');
    // eslint-disable-next-line no-control-regex
    expect(colored.out.replace(/\x1b\[\d+m/g, '')).toBe(plain.out);
  });
});
