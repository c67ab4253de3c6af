import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadGuardrails } from '@guardspan/policy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeApi } from './support/fake-api.js';
import { startFakeApi } from './support/fake-api.js';
import { guardspan } from './support/run-cli.js';
import type { TestEvaluator } from './support/start-evaluator.js';
import { startEvaluator } from './support/start-evaluator.js';

function documentOf(name: string, { mode = 'dryrun', managedBy = 'git' } = {}): string {
  return `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: ${name}, managedBy: ${managedBy} }
spec: { at: request, when: streamed, action: { deny: {} }, mode: ${mode} } # ${mode}
`;
}

const STOP = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: stop }
spec:
  over: { window: 1m, signals: { n: { count: 'true' } } }
  when: n > 10
  action: { shutdown: {} }
`;

let folder = '';
let rules = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-sync-'));
  rules = join(folder, 'rules');
  mkdirSync(rules);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
function write(file: string, text: string): string {
  const path = join(rules, file);
  writeFileSync(path, text);
  return path;
}

describe('with an API whose documents others change', () => {
  let api: FakeApi;
  beforeEach(async () => {
    api = await startFakeApi();
  });
  afterEach(() => api.close());
  const run = (...argv: string[]) =>
    guardspan([...argv, '--server', api.url], { env: { GUARDSPAN_TOKEN: 'let-me-in' } });
  function hold(name: string, how: { mode?: string; managedBy?: string } = {}): void {
    api.documents.set(name, loadGuardrails(documentOf(name, how), { file: name }).guardrails[0]!);
  }

  describe('guardspan push', () => {
    it('creates, updates, leaves alone, and keeps what is not in the directory', async () => {
      write('a.yaml', `${documentOf('new')}---\n${documentOf('same')}`);
      write('b.yaml', documentOf('other', { mode: 'warn' }));
      hold('same');
      hold('other');
      hold('gone');
      hold('of-the-ui', { managedBy: 'ui' });
      expect(await run('push', rules)).toEqual({
        code: 0,
        out:
          'guardrail/gone is not in the directory; --prune deletes it\nguardrail/new created\n' +
          'guardrail/other updated\nguardrail/same unchanged\n',
        err: '',
      });
      expect([...api.documents.keys()].sort()).toEqual(['gone', 'new', 'of-the-ui', 'other', 'same']);
    });

    it('deletes with --prune what git owns, and never what the UI owns', async () => {
      write('a.yaml', documentOf('same'));
      for (const name of ['same', 'gone']) hold(name);
      hold('of-the-ui', { managedBy: 'ui' });
      const { out } = await run('push', '--prune', rules);
      expect(out).toBe('guardrail/same unchanged\nguardrail/gone deleted\n');
      expect([...api.documents.keys()].sort()).toEqual(['of-the-ui', 'same']);
    });

    it('changes nothing with --dry-run, and shows differences with --diff', async () => {
      write('a.yaml', documentOf('other', { mode: 'warn' }));
      hold('other');
      hold('gone');
      const { code, out } = await run('push', '--dry-run', '--diff', '--prune', rules);
      expect(code).toBe(0);
      expect(out).toContain('-spec: { at: request, when: streamed, action: { deny: {} }, mode: dryrun } # dryrun\n');
      expect(out).toContain('+spec: { at: request, when: streamed, action: { deny: {} }, mode: warn } # warn\n');
      expect(out).toContain('guardrail/gone would be deleted\n');
      expect(out).toContain('guardrail/other would be updated\n');
      expect(api.seen.filter(({ method }) => method === 'DELETE')).toEqual([]);
      expect(api.documents.get('other')!.guardrail.spec.mode).toBe('dryrun');
    });

    it('shows the difference when somebody changed a document meanwhile, sends the others, and ends with 1', async () => {
      write('a.yaml', documentOf('first', { mode: 'warn' }));
      write('b.yaml', documentOf('second', { mode: 'warn' }));
      hold('first');
      hold('second');
      let changes = 0;
      api.beforeChange = () => {
        if (changes++ === 0) hold('first', { mode: 'enforce' });
      };
      const { code, out, err } = await run('push', rules);
      expect(code).toBe(1);
      expect(err).toContain('guardrail/first conflict: somebody changed it meanwhile\n  look at the difference above');
      expect(out).toContain('mode: enforce } # enforce\n+spec:');
      expect(api.documents.get('first')!.guardrail.spec.mode).toBe('enforce');
      expect(api.documents.get('second')!.guardrail.spec.mode).toBe('warn');
    });

    it('refuses what the UI owns, here or there, and ends with 1', async () => {
      write('a.yaml', documentOf('mine', { managedBy: 'ui' }));
      write('b.yaml', documentOf('theirs'));
      hold('theirs', { managedBy: 'ui' });
      const { code, err } = await run('push', rules);
      expect(code).toBe(1);
      expect(err).toContain(`guardrail/mine refused: ${join(rules, 'a.yaml')} says that the UI owns it`);
      expect(err).toContain('guardrail/theirs refused: the UI owns it in the evaluator');
      expect(new Set(api.seen.map(({ method }) => method))).toEqual(new Set(['GET']));
    });

    it('sends nothing when a document is broken, stands twice, or fails its own test', async () => {
      const failing = documentOf('c').replace('} #', ', tests: [{ name: t, given: {}, expect: { action: deny } }] } #');
      for (const text of [documentOf('a').replace('streamed', 'streemed'), documentOf('b'), failing]) {
        write('a.yaml', documentOf('b'));
        write('b.yaml', text);
        expect(await run('push', rules)).toMatchObject({ code: 1, out: '' });
      }
      expect(api.seen).toEqual([]);
    });
  });

  describe('guardspan pull', () => {
    it('writes what is missing, changes what the UI owns, and leaves what git owns', async () => {
      const changed = write('changed.yaml', documentOf('changed', { managedBy: 'ui' }));
      const mine = write('mine.yaml', documentOf('mine'));
      hold('changed', { managedBy: 'ui', mode: 'warn' });
      hold('mine', { mode: 'enforce' });
      hold('new');
      const { code, out } = await run('pull', rules);
      expect(code).toBe(0);
      expect(out).toContain(`${changed} updated\n`);
      expect(out).toContain(`${mine} differs and is owned by git: left as it is, push it\n`);
      expect(out).toContain(`${join(rules, 'new.yaml')} created\n`);
      expect(readFileSync(changed, 'utf8')).toBe(documentOf('changed', { managedBy: 'ui', mode: 'warn' }));
      expect(readFileSync(mine, 'utf8')).toBe(documentOf('mine'));
      expect((await run('pull', rules)).out).toMatch(/^guardrail\/changed unchanged\n/);
    });

    it('deletes files only with --prune, and only what the UI owns', async () => {
      const gone = write('gone.yaml', documentOf('gone', { managedBy: 'ui' }));
      const mine = write('mine.yaml', documentOf('mine'));
      expect((await run('pull', rules)).out).toBe(`${gone} is not in the evaluator; --prune deletes it\n`);
      expect((await run('pull', '--prune', '--dry-run', rules)).out).toBe(`${gone} would be deleted\n`);
      expect(existsSync(gone)).toBe(true);
      expect((await run('pull', '--prune', rules)).out).toBe(`${gone} deleted\n`);
      expect([existsSync(gone), existsSync(mine)]).toEqual([false, true]);
    });

    it('refuses to rewrite a file of several documents', async () => {
      const text = `${documentOf('a', { managedBy: 'ui' })}---\n${documentOf('b', { managedBy: 'ui' })}`;
      const path = write('both.yaml', text);
      hold('a', { managedBy: 'ui', mode: 'warn' });
      const { code, err } = await run('pull', rules);
      expect([code, err]).toEqual([1, expect.stringContaining(`refused: ${path} holds several documents`)]);
      expect(readFileSync(path, 'utf8')).toBe(text);
    });

    it('makes the directory, and writes nothing outside of it whatever the server says', async () => {
      const directory = join(folder, 'fresh');
      hold('good');
      const { guardrails } = loadGuardrails(documentOf('evil'), { file: 'x' });
      const evil = structuredClone(guardrails[0]!);
      evil.guardrail.metadata.name = '../evil';
      api.documents.set('evil', evil);
      const { code, err } = await run('pull', directory);
      expect([code, err]).toEqual([1, expect.stringContaining('this is no name of a document')]);
      expect(readdirSync(directory)).toEqual(['good.yaml']);
      expect(readdirSync(folder).sort()).toEqual(['fresh', 'rules']);
    });

    it('writes nothing with --dry-run', async () => {
      hold('new');
      expect((await run('pull', '--dry-run', join(folder, 'fresh'))).out).toContain('new.yaml would be created\n');
      expect(existsSync(join(folder, 'fresh'))).toBe(false);
    });
  });
});

describe('guardspan push and pull with a real evaluator', () => {
  let evaluator: TestEvaluator;
  beforeEach(async () => {
    evaluator = await startEvaluator({ people: { ada: 'editor' } });
  });
  afterEach(() => evaluator.close());
  const run = (...argv: string[]) => evaluator.as('ada', ...argv);

  it('reports what needs an approver, before and after', async () => {
    write('a.yaml', documentOf('first'));
    expect(await run('push', rules)).toEqual({ code: 0, out: 'guardrail/first created\n', err: '' });
    write('b.yaml', STOP);
    const planned = await run('push', '--dry-run', rules);
    expect(planned.out).toBe('guardrail/first unchanged\nguardrail/stop would be created\n');
    expect(planned.err).toContain('guardrail/stop: It will need an approver: its action is shutdown.');
    expect((await run('push', rules)).out).toContain(
      'guardrail/stop proposed: it waits for an approver who is not the author\n',
    );
    rmSync(join(rules, 'b.yaml'));
    expect((await run('pull', join(folder, 'copy'))).code).toBe(0);
    expect(await guardspan(['diff', '--exit-code', rules, join(folder, 'copy')])).toMatchObject({ code: 0, out: '' });
  });

  it('tells of a break-glass edit wherever it shows, and ends it with a push', async () => {
    write('a.yaml', documentOf('first', { mode: 'warn' }));
    await run('push', rules);
    const edit = join(folder, 'edit.yaml');
    writeFileSync(edit, documentOf('first', { mode: 'dryrun' }));
    const why = ['--why', 'it pages all night'];
    expect(await run('apply', '-f', edit, '--break-glass', '2h')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--break-glass needs a reason') as string,
    });
    expect((await run('apply', '-f', edit, '--break-glass', 'soon', ...why)).code).toBe(2);
    expect((await run('apply', '-f', edit, '--break-glass', '2h', ...why)).out).toBe('guardrail/first updated\n');

    const said = /first differs from git by a break-glass edit of ada until 2\S+Z: it pages all night\n/;
    expect((await run('get', 'guardrails')).err).toMatch(said);
    const home = process.cwd();
    process.chdir(folder);
    try {
      expect((await run('diff', rules, 'evaluator')).err).toMatch(said);
    } finally {
      process.chdir(home);
    }
    expect((await run('pull', rules)).out).toMatch(
      /left as it is: what the evaluator holds differs from git by a break-/,
    );
    // Also when the directory says what the edit says.
    for (const mode of ['dryrun', 'warn']) {
      write('a.yaml', documentOf('first', { mode }));
      const { out, err } = await run('push', rules);
      expect([out, said.test(err)]).toEqual(['guardrail/first updated\n', mode === 'dryrun']);
    }
    expect((await run('get', 'guardrails')).err).toBe('');
  });
});
