import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeApi } from './support/fake-api.js';
import { startFakeApi } from './support/fake-api.js';
import { guardspan } from './support/run-cli.js';

const RAIL = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: streams }
spec: { at: request, when: streamed, action: { deny: {} } }
`;
const FAILING = RAIL.replace('{} } }', '{} }, tests: [{ name: t, given: {}, expect: { action: deny } }] }');
const RATE = `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: errors }
spec:
  over:
    every: 1m
    test: { rate: { of: "error.type != ''", max: 0.02 } }
    promise: { falseAlarms: 1, per: 30d }
  action: { annotate: { attributes: { bad: 'yes' } } }
  mode: warn
`;
const PACK = `apiVersion: guardspan/v1alpha1
kind: DetectorPack
metadata: { name: words }
spec: { entities: { secret: { words: [xyzzy] } } }
`;
const FILES: { readonly [name: string]: string | Buffer } = {
  'rail.yaml': RAIL,
  'two/a.yaml': RAIL,
  'two/b.yaml': RAIL,
  'pack.yaml': PACK,
  'failing.yaml': FAILING,
  'wrong.yaml': RAIL.replace('streamed', 'streemed'),
  'rate.yaml': RATE,
  'binary.yaml': Buffer.from([0x61, 0xff, 0x00]),
  'call.yaml': '{}',
  'broken.yaml': 'a: [',
  'words.jsonl': 'hello\n',
  'one.jsonl': '{"startedAt": 1}\n',
  'timeless.jsonl': '{}\n',
  'backwards.jsonl': '{"startedAt": 2}\n{"startedAt": 1}\n',
  'empty.jsonl': '',
  'long.jsonl': `${'x'.repeat(9_000_000)}\n`,
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-codes-'));
  mkdirSync(join(folder, 'two'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Names of files in a command line become paths. */
function at(argv: readonly string[]): string[] {
  return argv.map((word) => (word in FILES || word === 'two' ? join(folder, word) : word));
}

describe('what ends a command with 1 says its stable code first', () => {
  it.each([
    ['GUARDSPAN_FILE_ENCODING', ['fmt', 'binary.yaml']],
    ['GUARDSPAN_FILE_ENCODING', ['explain', 'rail.yaml', '--call', 'binary.yaml']],
    ['GUARDSPAN_FILE_ENCODING', ['diff', 'rail.yaml', 'rail.yaml', '--calls', 'binary.yaml']],
    ['GUARDSPAN_FILE_ENCODING', ['replay', '--guardrails', 'rate.yaml', '--calls', 'binary.yaml']],
    ['GUARDSPAN_YAML', ['explain', 'rail.yaml', '--call', 'broken.yaml']],
    ['GUARDSPAN_INPUT_TOO_LARGE', ['explain', 'rail.yaml', '--call', 'long.jsonl']],
    ['GUARDSPAN_INPUT_TOO_LARGE', ['diff', 'rail.yaml', 'rail.yaml', '--calls', 'long.jsonl']],
    ['GUARDSPAN_LINE', ['diff', 'rail.yaml', 'rail.yaml', '--calls', 'words.jsonl']],
    ['GUARDSPAN_LINE', ['replay', '--guardrails', 'rate.yaml', '--calls', 'words.jsonl']],
    ['GUARDSPAN_LINE', ['detect', '--json', 'words.jsonl']],
    ['GUARDSPAN_LINE', ['detect', '--json', 'timeless.jsonl']],
    ['GUARDSPAN_CALL_FIELD', ['replay', '--guardrails', 'rate.yaml', '--calls', 'timeless.jsonl']],
    ['GUARDSPAN_CALL_ORDER', ['diff', 'rail.yaml', 'rail.yaml', '--calls', 'backwards.jsonl']],
    ['GUARDSPAN_NOT_FOUND', ['explain', 'rail.yaml', '--call', 'call.yaml', '--guardrail', 'absent']],
    ['GUARDSPAN_NO_DOCUMENTS', ['explain', 'pack.yaml', '--call', 'call.yaml']],
    ['GUARDSPAN_NO_DOCUMENTS', ['detect', 'call.yaml', '--pack', 'rail.yaml']],
    ['GUARDSPAN_NO_TEST', ['plan', 'rail.yaml', '--rate', '1']],
    ['GUARDSPAN_NO_TEST', ['baseline', 'create', '--guardrail', 'rail.yaml', '--calls', 'one.jsonl']],
    ['GUARDSPAN_TOO_FEW_CALLS', ['plan', 'rate.yaml', '--calls', 'one.jsonl']],
    ['GUARDSPAN_AUDIT_RECORD', ['audit', 'verify', 'words.jsonl']],
    ['GUARDSPAN_NOT_FOUND', ['audit', 'show', 'f'.repeat(32), 'empty.jsonl']],
    ['GUARDSPAN_DUPLICATE_NAME', ['push', 'two']],
    ['GUARDSPAN_TEST_FAILED', ['push', 'failing.yaml']],
  ])('%s: guardspan %j', async (code, argv) => {
    const result = await guardspan(at(argv));
    expect(result.err).toMatch(new RegExp(`^error (${folder}\\S+ )?${code} `));
    expect(result.code).toBe(1);
  });

  it('also where it lists what is wrong in documents', async () => {
    const { code, err } = await guardspan(['test', join(folder, 'wrong.yaml')]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^error \S+wrong\.yaml:\d+:\d+ GUARDSPAN_CEL_UNKNOWN /)]);
  });

  it('also where a file exists, and where one cannot be written', async () => {
    const directory = join(folder, 'made');
    const [, row] = (await guardspan(['init'])).out.split('\n');
    const known = row!.split(' ')[0]!;
    expect((await guardspan(['init', known, '--dir', directory])).code).toBe(0);
    expect((await guardspan(['init', known, '--dir', directory])).err).toMatch(/^error GUARDSPAN_FILE_EXISTS /);
    const { code, err } = await guardspan(['init', known, '--dir', join(folder, 'rail.yaml', 'x')]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^error GUARDSPAN_FILE /)]);
  });
});

describe('with an evaluator', () => {
  let api: FakeApi;
  beforeEach(async () => {
    api = await startFakeApi();
  });
  afterEach(() => api.close());
  const run = (...argv: string[]) => guardspan([...argv, '--server', api.url]);

  it('a refusal without a code of its own has one', async () => {
    api.answer = { status: 500, body: 'no' };
    expect(await run('get', 'guardrails')).toEqual({
      ...{ code: 1, out: '' },
      err: 'error GUARDSPAN_API_ANSWER the server refused (HTTP 500)\n',
    });
  });

  it('dead letters that are not there, and changes that do not wait, have one', async () => {
    api.answer = { status: 200, body: { replayed: 0, items: [] } };
    expect(await run('webhooks', 'replay', 'x')).toMatchObject({
      ...{ code: 1, out: '0 dead letters are sent again\n' },
      err: expect.stringMatching(/^error GUARDSPAN_NOT_FOUND some of these ids/) as string,
    });
    expect((await run('baseline', 'approve', 'x')).err).toMatch(/^error GUARDSPAN_NOT_FOUND no change of x waits/);
  });
});
