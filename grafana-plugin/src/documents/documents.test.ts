import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { checkGuardrail, runTests } from './check';
import { completionsAt } from './complete';
import { Drafts } from './drafts';
import { readValues, setValue } from './edit';
import { valueAt, type Path } from './valueAt';
import { aroundChanges, compareLines, patchOf } from './lines';

const EXAMPLES = join(__dirname, '../../../docs/examples');
const examples = readdirSync(EXAMPLES)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => [file, readFileSync(join(EXAMPLES, file), 'utf8')] as const)
  .filter(([, text]) => !text.includes('\n---') && !text.includes('kind: GuardrailTest'));

describe('a change of one value', () => {
  const changes: Array<[Path, unknown]> = [
    [['spec', 'mode'], 'enforce'],
    [['spec', 'description'], "It's: a # text\nof two lines"],
    [
      ['spec', 'match', 'models'],
      ['a', 'b*'],
    ],
    [['spec', 'limits', 'maxActedShare'], 0.5],
    [['metadata', 'labels', 'owner'], 'risk'],
    [['spec', 'for'], undefined],
    [['spec', 'match', 'models'], undefined],
  ];
  it.each(examples)('in %s is there afterwards, changes nothing else and loses no comment', (_, text) => {
    for (const [path, value] of changes) {
      const changed = setValue(text, path, value);
      expect(valueAt(readValues(changed), path)).toEqual(value);
      const back = setValue(changed, path, valueAt(readValues(text), path));
      const ignored = (one: unknown) =>
        JSON.stringify(one, (_key, inner: unknown) => (isEmpty(inner) ? undefined : inner));
      expect(JSON.parse(ignored(readValues(back)))).toEqual(JSON.parse(ignored(readValues(text))));
      for (const comment of text.match(/^\s*# .*$/gm) ?? []) {
        expect(changed).toContain(comment.trim());
      }
    }
  });

  it('keep an action that has lost its last setting', () => {
    const text = 'spec:\n  action: { rewrite: { with: a } }\n';
    expect(readValues(setValue(text, ['spec', 'action', 'rewrite', 'with'], undefined))).toEqual({
      spec: { action: { rewrite: {} } },
    });
  });

  it('touches nothing but a plain value that it replaces', () => {
    const text = 'spec:  {mode: warn}   # odd   layout\nmetadata:   {name:   x}\n';
    expect(setValue(text, ['spec', 'mode'], 'enforce')).toBe(text.replace('warn', 'enforce'));
  });

  it('leaves what is no YAML as it is', () => {
    expect(setValue('a: [', ['a'], 1)).toBe('a: [');
    expect(readValues('a: [')).toBeUndefined();
  });
});

describe('a check', () => {
  it.each(examples)('takes %s and its tests pass', (_, text) => {
    const { problems, loaded } = checkGuardrail(text, '');
    expect(problems).toEqual([]);
    expect(runTests(loaded!).filter(({ passed }) => !passed)).toEqual([]);
  });

  it('names the place of what is wrong, and how to mend it', () => {
    const [, text] = examples[0]!;
    const { problems, loaded } = checkGuardrail(text.replace('mode: warn', 'mood: warn'), '');
    expect(loaded).toBeUndefined();
    expect(problems[0]).toMatchObject({ line: expect.any(Number), code: expect.stringMatching(/^GUARDSPAN_/) });
    expect(problems[0]!.hint).not.toBe('');
  });

  it.each([
    ['GUARDSPAN_NAME', 'other', examples[0]![1]],
    ['GUARDSPAN_ONE_DOCUMENT', '', `${examples[0]![1]}\n---\n${examples[1]![1]}`],
    ['GUARDSPAN_ONE_DOCUMENT', '', ''],
  ])('refuses with %s as the evaluator does', (code, name, text) => {
    expect(checkGuardrail(text, name).problems.map((one) => one.code)).toEqual([code]);
  });
});

describe('what may be written', () => {
  const text = 'kind: Guardrail\nspec:\n  mode: \n  over:\n    \n  match:\n    mod\n';
  const at = (line: number, column: number) => completionsAt(text, line, column).map(({ label }) => label);

  it('is the values of a key', () => {
    expect(at(3, 9)).toEqual(expect.arrayContaining(['off', 'dryrun', 'warn', 'enforce']));
  });

  it('is the keys of the map around it, without those that it has', () => {
    expect(at(5, 5)).toEqual(expect.arrayContaining(['window', 'every', 'signals', 'test']));
    expect(at(7, 8)).toContain('models');
    expect(completionsAt('spec:\n  mode: off\n  ', 3, 3).map(({ label }) => label)).not.toContain('mode');
  });

  it('is nothing inside of an expression', () => {
    expect(completionsAt("spec:\n  when: 'a > ", 2, 16)).toEqual([]);
  });
});

describe('a comparison', () => {
  it('numbers the lines of both sides and leaves out what is far from a change', () => {
    const before = Array.from({ length: 20 }, (_, index) => `line ${index}`).join('\n');
    const lines = aroundChanges(compareLines(before, before.replace('line 10', 'changed')), 1);
    expect(lines).toEqual([
      null,
      { kind: 'same', text: 'line 9', before: 10, after: 10 },
      { kind: 'removed', text: 'line 10', before: 11, after: 0 },
      { kind: 'added', text: 'changed', before: 0, after: 11 },
      { kind: 'same', text: 'line 11', before: 12, after: 12 },
      null,
    ]);
  });

  it('is a patch for git', () => {
    expect(patchOf('guardrails/x.yaml', 'a: 1', 'a: 2')).toBe(
      '--- a/guardrails/x.yaml\n+++ b/guardrails/x.yaml\n@@ -1,1 +1,1 @@\n-a: 1\n+a: 2\n',
    );
  });
});

describe('drafts', () => {
  const draft = { text: 'a', base: 'r', baseText: 'b', at: 1 };
  beforeEach(() => localStorage.clear());

  it('are there after a reload until they are removed', () => {
    expect(new Drafts(localStorage).write('slow', draft)).toBe(true);
    expect(new Drafts(localStorage).read('slow')).toEqual(draft);
    new Drafts(localStorage).remove('slow');
    expect(new Drafts(localStorage).read('slow')).toBeUndefined();
  });

  it('are bounded: the oldest go', () => {
    const drafts = new Drafts(localStorage);
    for (let at = 0; at < 60; at++) {
      drafts.write(`d${at}`, { ...draft, at });
    }
    expect(localStorage).toHaveLength(50);
    expect(drafts.read('d9')).toBeUndefined();
    expect(drafts.read('d10')).toBeDefined();
  });

  it('say so when the browser keeps nothing, and break nothing', () => {
    const closed = new Proxy({} as Storage, {
      get: () => () => {
        throw new Error('closed');
      },
    });
    expect(new Drafts(closed).write('slow', draft)).toBe(false);
    expect(new Drafts(closed).read('slow')).toBeUndefined();
  });
});

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
