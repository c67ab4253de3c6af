import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadGuardrails } from '@guardspan/policy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { FakeApi } from './support/fake-api.js';
import { startFakeApi } from './support/fake-api.js';
import { guardspan } from './support/run-cli.js';

function documentOf(name: string, mode = 'dryrun'): string {
  return `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: ${name} }
spec:
  at: request
  when: streamed
  action: { deny: {} }
  mode: ${mode}
`;
}

const TOKEN = { GUARDSPAN_TOKEN: 'let-me-in' };
let api: FakeApi;
let folder = '';
beforeEach(async () => {
  api = await startFakeApi();
  folder = mkdtempSync(join(tmpdir(), 'guardspan-cli-'));
});
afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

function hold(name: string, mode = 'dryrun'): void {
  api.documents.set(name, loadGuardrails(documentOf(name, mode), { file: name }).guardrails[0]!);
}
function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
function run(...argv: string[]) {
  return guardspan([...argv, '--server', api.url], { env: TOKEN });
}

describe('guardspan get', () => {
  it('prints a table with one row for each guard-rail', async () => {
    hold('first');
    hold('second-one', 'warn');
    const { code, out } = await run('get', 'guardrails');
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]!.split(/ {2,}/)).toEqual(['NAME', 'MODE', 'ACTION', 'GENERATION', 'REVISION', 'AUTHOR']);
    const { revision } = api.documents.get('second-one')!;
    expect(lines[2]!.split(/ {2,}/)).toEqual(['second-one', 'warn', 'deny', '1', revision.slice(0, 12), 'ada']);
  });

  it('prints YAML that can be applied again', async () => {
    hold('first');
    hold('second');
    const { out } = await run('get', 'guardrails', '-o', 'yaml');
    const { guardrails, errors } = loadGuardrails(out, { file: 'out.yaml' });
    expect(errors).toEqual([]);
    expect(guardrails.map(({ revision }) => revision)).toEqual(
      [...api.documents.values()].map(({ revision }) => revision),
    );
  });

  it('prints JSON: a list for all, an object for one', async () => {
    hold('first');
    const all = JSON.parse((await run('get', 'guardrails', '-o', 'json')).out) as { name: string }[];
    const one = JSON.parse((await run('get', 'guardrail', 'first', '-o', 'json')).out) as { name: string };
    expect(all.map(({ name }) => name)).toEqual(['first']);
    expect(one).toEqual(all[0]);
  });

  it('says that there is no such guard-rail, and ends with 1', async () => {
    const { code, err } = await run('get', 'guardrails', 'absent');
    expect(code).toBe(1);
    expect(err).toContain('GUARDSPAN_NOT_FOUND there is no guard-rail "absent"');
  });

  it('refuses a resource that does not exist, and ends with 2', async () => {
    expect(await run('get', 'secrets')).toMatchObject({ code: 2, out: '' });
    expect(api.seen).toEqual([]);
  });
});

describe('guardspan apply', () => {
  it('creates on condition that there is none, then updates on condition of the revision it read', async () => {
    const path = write('a.yaml', documentOf('first'));
    expect(await run('apply', '-f', path)).toEqual({ code: 0, out: 'guardrail/first created\n', err: '' });
    expect(api.seen.at(-1)!.headers).toMatchObject({ 'if-none-match': '*', 'content-type': 'application/yaml' });
    const before = api.documents.get('first')!.revision;

    write('a.yaml', documentOf('first', 'warn'));
    expect((await run('apply', '-f', path)).out).toBe('guardrail/first updated\n');
    expect(api.seen.at(-1)!.headers['if-match']).toBe(`"${before}"`);
    expect(api.documents.get('first')!.guardrail.spec.mode).toBe('warn');
    expect((await run('apply', '-f', path)).out).toBe('guardrail/first unchanged\n');
  });

  it('sends every document of files and folders', async () => {
    write('a.yaml', `${documentOf('first')}---\n${documentOf('second')}`);
    write('b.json', JSON.stringify(parse(documentOf('third'))));
    const { code, out } = await run('apply', '-f', folder);
    expect(code).toBe(0);
    expect(out).toBe('guardrail/first created\nguardrail/second created\nguardrail/third created\n');
    expect([...api.documents.keys()]).toEqual(['first', 'second', 'third']);
  });

  it('does not overwrite what another person changed meanwhile', async () => {
    hold('first');
    api.beforeChange = () => hold('first', 'enforce');
    const { code, err } = await run('apply', '-f', write('a.yaml', documentOf('first', 'warn')));
    expect(code).toBe(1);
    expect(err).toContain('GUARDSPAN_PRECONDITION somebody changed it meanwhile\n  get it and apply again');
    expect(api.documents.get('first')!.guardrail.spec.mode).toBe('enforce');
  });

  it('sends nothing when one document is broken', async () => {
    write('a.yaml', documentOf('first'));
    const broken = write('b.yaml', documentOf('second').replace('when: streamed', 'when: streemed'));
    const { code, err } = await run('apply', '-f', folder);
    expect(code).toBe(1);
    expect(err).toMatch(new RegExp(`${broken}:6:\\d+ GUARDSPAN_CEL_UNKNOWN`));
    expect(api.seen).toEqual([]);
  });

  it('says who owns the document as its file does', async () => {
    await run('apply', '-f', write('a.yaml', documentOf('first')));
    expect(api.seen.at(-1)!.path).toBe('/api/v1/guardrails/first?origin=git');
    const owned = documentOf('second').replace('name: second', 'name: second, managedBy: ui');
    await run('apply', '-f', write('b.yaml', owned));
    expect(api.seen.at(-1)!.path).toBe('/api/v1/guardrails/second?origin=ui');
    await run('delete', 'guardrails', 'second');
    expect(api.seen.at(-1)!.path).toBe('/api/v1/guardrails/second?origin=ui');
  });

  it('changes nothing with --dry-run', async () => {
    const { out } = await run('apply', '--dry-run', '-f', write('a.yaml', documentOf('first')));
    expect(out).toBe('guardrail/first valid (dry run)\n');
    expect(api.documents.size).toBe(0);
  });

  it('passes --allow-partial on and shows the warnings', async () => {
    const { code, err } = await run('apply', '--allow-partial', '-f', write('a.yaml', documentOf('first')));
    expect(code).toBe(0);
    expect(api.seen.at(-1)!.path).toContain('allowPartial=true');
    expect(err).toBe('guardrail/first: 2 processes cannot load it\n');
  });

  it('prints each error of a refusal with its place', async () => {
    api.answer = {
      status: 422,
      body: {
        code: 'GUARDSPAN_INVALID',
        detail: 'cannot load',
        errors: [{ line: 3, column: 5, code: 'C', message: 'M', path: 'spec' }],
      },
    };
    const path = write('a.yaml', documentOf('first'));
    const { code, err } = await run('apply', '-f', path);
    expect(code).toBe(1);
    expect(err).toContain('GUARDSPAN_INVALID cannot load\n  3:5 C M (spec)\n');
  });
});

describe('guardspan delete', () => {
  it('deletes on condition of the revision it read', async () => {
    hold('first');
    hold('second');
    const { revision } = api.documents.get('first')!;
    expect(await run('delete', 'guardrails', 'first')).toEqual({ code: 0, out: 'guardrail/first deleted\n', err: '' });
    expect(api.seen.at(-1)).toMatchObject({ method: 'DELETE', headers: { 'if-match': `"${revision}"` } });
    expect([...api.documents.keys()]).toEqual(['second']);
  });

  it('takes documents as other commands print them', async () => {
    hold('first');
    hold('second');
    expect((await run('get', 'guardrail/first', '-o', 'json')).out).toContain('"first"');
    expect(await run('delete', 'guardrail/first', 'guardrails/second')).toEqual({
      ...{ code: 0, out: 'guardrail/first deleted\nguardrail/second deleted\n', err: '' },
    });
    expect(api.documents.size).toBe(0);
  });

  it.each([
    [['delete', 'guardrails'], 'no guardrail is named'],
    [['delete', 'guardrail/'], '"guardrail/" names no document'],
    [['delete', 'guardrail/first', 'second'], '"second" names no resource'],
    [['delete', 'guardrial/first'], 'did you mean guardrail'],
    [['get', 'guardrail/first', 'guardrail/second'], 'one document is shown at a time'],
  ])('%j ends with 2', async (argv, why) => {
    const { code, err } = await run(...argv);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(why) as string });
    expect(api.seen).toEqual([]);
  });

  it('leaves one alone that another person changed meanwhile', async () => {
    hold('first');
    api.beforeChange = () => hold('first', 'enforce');
    expect((await run('delete', 'guardrails', 'first')).code).toBe(1);
    expect(api.documents.has('first')).toBe(true);
  });
});

describe('server and token', () => {
  it('come from the environment', async () => {
    hold('first');
    const { code } = await guardspan(['delete', 'guardrails', 'first'], {
      env: { ...TOKEN, GUARDSPAN_ENDPOINT: `${api.url}/` },
    });
    expect(code).toBe(0);
  });

  it('take the token of a file before the one of the environment', async () => {
    hold('first');
    const file = write('token', 'let-me-in\n');
    const argv = ['delete', 'guardrails', 'first', '--server', api.url, '--token-file', file];
    expect((await guardspan(argv, { env: { GUARDSPAN_TOKEN: 'wrong' } })).code).toBe(0);
  });

  it('say how to give a token when it is missing', async () => {
    hold('first');
    const { code, err } = await guardspan(['delete', 'guardrails', 'first', '--server', api.url]);
    expect(code).toBe(1);
    expect(err).toContain('asks for a token, and none was sent\n  give one with --token-file FILE or GUARDSPAN_TOKEN');
    expect(api.seen.at(-1)!.headers.authorization).toBeUndefined();
  });

  it.each(['evaluator:7420', 'nowhere', 'ftp://127.0.0.1'])('end with 2 when the address is %s', async (server) => {
    const { code, out, err } = await guardspan(['get', 'guardrails', '--server', server]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`the address of the evaluator is no http or https URL: ${server}`);
    expect(err).toContain('write it as http://127.0.0.1:7420');
  });

  it('end with 2 when the file of the token is missing, empty or no token, and never print it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'guardspan-token-'));
    const refused = async (name: string, text?: string): Promise<string> => {
      const file = join(directory, name);
      if (text !== undefined) writeFileSync(file, text);
      const { code, out, err } = await guardspan(['get', 'guardrails', '--token-file', file]);
      expect([code, out]).toEqual([2, '']);
      return err;
    };
    expect(await refused('missing')).toContain('missing: there is no such file');
    expect(await refused('empty', '\n')).toContain('empty: it is empty');
    const err = await refused('two', 'secret-one\nsecret-two\n');
    expect(err).toContain('two: it holds more than a token');
    expect(err).not.toContain('secret-one');
  });

  it('end with 3 when nobody listens there', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { code, out, err } = await guardspan(['get', 'guardrails', '--server', `http://127.0.0.1:${port}`]);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain(`http://127.0.0.1:${port} cannot be reached: nothing listens there (ECONNREFUSED)`);
    expect(err).toContain('--server');
  });
});
