import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditRecord } from '@guardspan/evaluator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditChain, exportOf, TRACE } from './support/audit-chain.js';
import { guardspan } from './support/run-cli.js';
import type { TestEvaluator } from './support/start-evaluator.js';
import { startEvaluator } from './support/start-evaluator.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardspan-audit-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const records = auditChain();
const head = records.at(-1)!.hash;
let files = 0;
function write(text: string): string {
  const path = join(folder, `export-${files++}.jsonl`);
  writeFileSync(path, text);
  return path;
}
function verify(list: readonly AuditRecord[], ...flags: string[]) {
  return guardspan(['audit', 'verify', write(exportOf(list)), ...flags]);
}

describe('guardspan audit verify', () => {
  it('says that a chain is whole, how far it reaches, and its head', async () => {
    expect(await verify(records)).toEqual({
      code: 0,
      out: `8 records, 1 to 8: the chain is whole\nhead ${head}\n`,
      err: '',
    });
  });

  it.each<[string, (list: AuditRecord[]) => AuditRecord[], string]>([
    ['changed', (list) => list.with(4, { ...list[4]!, actor: 'agent:shop/pod-9' }), 'changed 5  Record 5 does not'],
    ['missing', (list) => list.toSpliced(3, 1), 'missing 4  Record 4 is missing.'],
    [
      'reordered',
      (list) => [...list.slice(0, 2), list[3]!, list[2]!, ...list.slice(4)],
      'reordered 3  Record 3 stands',
    ],
    ['repeated', (list) => [...list.slice(0, 3), ...list.slice(2)], 'repeated 3  Record 3 stands here a second time.'],
  ])('names a %s record and nothing else, and ends with 1', async (_, damage, line) => {
    const { code, out } = await verify(damage([...records]));
    expect(code).toBe(1);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]!.startsWith(line), lines[0]).toBe(true);
    expect(lines[1]).toContain('the chain is not whole');
  });

  it('finds a cut end with a noted head, and a cut start on request', async () => {
    expect((await verify(records.slice(0, -1), '--head', head)).out).toContain('not with the noted head');
    expect((await verify(records, '--head', head.toUpperCase())).code).toBe(0);
    const later = await verify(records.slice(2));
    expect(later.code).toBe(0);
    expect(later.out).toContain('no record says why the chain begins with record 3');
    expect((await verify(records.slice(2), '--from-start')).out).toContain('missing 1  Records 1 to 2 are missing.');
  });

  it('prints the report as JSON on request', async () => {
    const { code, out } = await verify(records.toSpliced(3, 1), '--format', 'json');
    expect([code, JSON.parse(out)]).toEqual([
      1,
      {
        valid: false,
        records: 7,
        first: 1,
        last: 8,
        start: 'genesis',
        anchor: 0,
        head,
        faults: [{ kind: 'missing', seq: 4, message: 'Record 4 is missing.' }],
        faultCount: 1,
      },
    ]);
  });

  it.each([
    ['no JSON', '{"seq": 1', 'it is not JSON'],
    ['no object', '[1]', 'it is not an object'],
    ['without a number', '{"seq": "1"}', '"seq" is no whole number'],
    ['without a hash', JSON.stringify({ ...auditChain()[0], hash: undefined }), '"hash" is no string'],
  ])('names a line that is %s', async (_, line, why) => {
    const path = write(`${exportOf(records.slice(0, 1))}${line}\n`);
    const { code, err } = await guardspan(['audit', 'verify', path]);
    expect(code).toBe(1);
    expect(err).toContain(`${path}:2: the line is no audit record: ${why}\n`);
  });
});

describe('guardspan audit show', () => {
  it('reconstructs a decision from the export alone', async () => {
    const { code, out, err } = await guardspan(['audit', 'show', TRACE, write(exportOf(records))]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatchSnapshot();
    for (const fact of ['agent:shop/pod-1', 'gpt-4o', 'abababababab', 'published by ada, approved by grace'])
      expect(out).toContain(fact);
  });

  it('gives the same as JSON', async () => {
    const { out } = await guardspan(['audit', 'show', TRACE, write(exportOf(records)), '--format', 'json']);
    const story = JSON.parse(out) as { decisions: { verdicts: { history: unknown[]; feedback: unknown[] }[] }[] };
    expect(story.decisions).toHaveLength(1);
    expect(story.decisions[0]!.verdicts[0]).toMatchObject({
      document: { seq: 2 },
      history: [{ seq: 3 }],
      directives: [{ seq: 4 }],
      feedback: [{ seq: 7 }],
      overrides: [{ seq: 8 }],
    });
  });

  it('says when a record that it shows was changed, and ends with 1', async () => {
    const path = write(exportOf(records.with(6, { ...records[6]!, actor: 'mallory' })));
    const { code, err } = await guardspan(['audit', 'show', TRACE, path]);
    expect([code, err]).toEqual([1, expect.stringContaining('so they were changed: 7\n')]);
  });

  it('says that there is nothing about a trace', async () => {
    const { code, out, err } = await guardspan(['audit', 'show', 'f'.repeat(32), write(exportOf(records))]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('the audit has no record of trace ffff');
  });
});

describe('guardspan audit with a real evaluator', () => {
  let evaluator: TestEvaluator;
  beforeAll(async () => {
    evaluator = await startEvaluator();
    const document = join(folder, 'guardrail.yaml');
    writeFileSync(
      document,
      'apiVersion: guardspan/v1alpha1\nkind: Guardrail\nmetadata: { name: a }\nspec: { at: request, when: streamed, action: { deny: {} } }\n',
    );
    expect((await guardspan(['apply', '-f', document, '--server', evaluator.url])).code).toBe(0);
  });
  afterAll(() => evaluator.close());

  it('exports to a new file that only its owner reads, and verifies what it wrote', async () => {
    const path = join(folder, 'audit.jsonl');
    expect(await guardspan(['audit', 'export', '--server', evaluator.url, '--out', path])).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toContain('"kind":"document"');
    expect((await guardspan(['audit', 'verify', path, '--from-start'])).code).toBe(0);
    const again = await guardspan(['audit', 'export', '--server', evaluator.url, '--out', path]);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('this file exists already')]);
  });

  it('verifies and prints what the evaluator holds', async () => {
    expect((await guardspan(['audit', 'verify', '--server', evaluator.url])).out).toContain('the chain is whole');
    const { out } = await guardspan(['audit', 'export', '--server', evaluator.url, '--kind', 'document']);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    const missing = await guardspan(['audit', 'show', TRACE, '--server', evaluator.url]);
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('no record of trace')]);
  });
});
