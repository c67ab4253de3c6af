import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardspan } from './support/run-cli.js';
import type { TestEvaluator } from './support/start-evaluator.js';
import { startEvaluator } from './support/start-evaluator.js';

/** People of the evaluator by name, with their roles. */
const PEOPLE = { ada: 'editor', grace: 'approver', joan: 'approver', vera: 'viewer' } as const;

let evaluator: TestEvaluator;
beforeEach(async () => {
  evaluator = await startEvaluator({ people: PEOPLE });
});
afterEach(() => evaluator.close());

function as(person: keyof typeof PEOPLE, ...argv: string[]) {
  return evaluator.as(person, ...argv);
}
function rail(mode: string): string {
  return evaluator.write(
    'rail.yaml',
    `apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: { name: streams, managedBy: ui }
spec: { at: request, when: streamed, action: { deny: {} }, mode: ${mode} }
`,
  );
}
const cells = (line: string): string[] => line.split(/ {2,}/);

describe('changes that wait for an approver', () => {
  beforeEach(async () => {
    expect((await as('grace', 'apply', '-f', rail('dryrun'))).out).toBe('guardrail/streams created\n');
  });
  async function propose(): Promise<string> {
    expect((await as('ada', 'apply', '-f', rail('enforce'), '--why', 'it was right for a week')).out).toBe(
      'guardrail/streams proposed\n',
    );
    const { out } = await as('vera', 'get', 'proposals', '-o', 'json');
    const [{ revision }] = JSON.parse(out) as [{ revision: string }];
    return revision;
  }

  it('are listed with who wants what and why, or it is said that nothing waits', async () => {
    expect(await as('vera', 'get', 'proposals')).toEqual({ code: 0, out: 'nothing waits for an approver\n', err: '' });
    const revision = await propose();
    const [header = '', row = '', rest] = (await as('vera', 'get', 'proposals')).out.split('\n');
    expect(cells(header)).toEqual(['DOCUMENT', 'CHANGE', 'REVISION', 'AUTHOR', 'SINCE', 'NEEDS AN APPROVER', 'WHY']);
    const [document, change, shown, author, since, , why] = cells(row);
    expect([document, change, shown, author, why]).toEqual([
      ...['guardrail/streams', 'publish', revision.slice(0, 12), 'ada', 'it was right for a week'],
    ]);
    expect(Date.parse(since!)).toBeLessThanOrEqual(Date.now());
    expect(rest).toBe('');
  });

  it('are shown beside what they would replace, and as the document itself', async () => {
    await propose();
    const { code, out } = await as('vera', 'get', 'proposals', 'guardrail/streams');
    expect(code).toBe(0);
    expect(out).toContain('\n-spec: { at: request, when: streamed, action: { deny: {} }, mode: dryrun }\n');
    expect(out).toContain('\n+spec: { at: request, when: streamed, action: { deny: {} }, mode: enforce }\n');
    const yaml = (await as('vera', 'get', 'proposals', 'streams', '-o', 'yaml')).out;
    expect((await guardspan(['check', evaluator.write('out.yaml', yaml)])).code).toBe(0);
  });

  it('come into force when somebody else approves what was read', async () => {
    const revision = await propose();
    const approve = ['proposals', 'approve', 'streams', '--revision'];
    expect(await as('grace', ...approve, 'f'.repeat(12))).toMatchObject({
      code: 1,
      err: expect.stringContaining(`another change waits by now, revision ${revision.slice(0, 12)} by ada`) as string,
    });
    expect(await as('ada', ...approve, revision)).toMatchObject({
      ...{ code: 1, out: '' },
      err: expect.stringContaining('GUARDSPAN_FORBIDDEN') as string,
    });
    expect(await as('grace', ...approve, revision.slice(0, 7))).toEqual({
      ...{ code: 0, out: 'guardrail/streams updated\n', err: '' },
    });
    expect(cells((await as('vera', 'get', 'guardrails')).out.split('\n')[1]!)[1]).toBe('enforce');
    expect((await as('grace', ...approve, revision)).err).toBe(
      'error GUARDSPAN_NOT_FOUND no change of streams waits for an approver\n  `guardspan get proposals` lists what waits\n',
    );
  });

  it('are not approved by their author', async () => {
    await as('joan', 'apply', '-f', rail('enforce'));
    const [{ revision }] = JSON.parse((await as('joan', 'get', 'proposals', '-o', 'json')).out) as [
      { revision: string },
    ];
    const { code, err } = await as('joan', 'proposals', 'approve', 'streams', '--revision', revision);
    expect(code).toBe(1);
    expect(err).toContain('GUARDSPAN_SECOND_PERSON');
  });

  it('are dropped with a reason', async () => {
    await propose();
    expect(await as('ada', 'proposals', 'reject', 'guardrail/streams', '--reason', ' ')).toMatchObject({ code: 2 });
    expect(await as('ada', 'proposals', 'reject', 'guardrail/streams', '--reason', 'too soon')).toEqual({
      ...{ code: 0, out: 'guardrail/streams rejected: nothing changes\n', err: '' },
    });
    expect((await as('vera', 'get', 'proposals')).out).toBe('nothing waits for an approver\n');
    expect((await as('grace', 'audit', 'export')).out).toContain('too soon');
  });

  it.each([
    [
      'a revision that is none',
      ['proposals', 'approve', 'streams', '--revision', 'zz'],
      '--revision zz is no revision',
    ],
    ['nearly the resource', ['get', 'proposal'], 'did you mean proposals?'],
  ])('are asked for in a right command line: not with %s', async (_, argv, message) => {
    const { code, out, err } = await as('grace', ...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});
