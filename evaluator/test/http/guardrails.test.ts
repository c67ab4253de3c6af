import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { document, shutdownDocument, startHarness, type Harness } from './harness.js';

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.close());
const SLOW = { kind: 'Guardrail', name: 'slow' } as const;
const WHY = { body: { reason: 'not now' } };
const NEW = { 'if-none-match': '*' };
const put = (name: string, body: string, headers: { [name: string]: string } = NEW, query = '', as = 'eddie-editor') =>
  h.call('PUT', `/api/v1/guardrails/${name}${query}`, as, { body, headers });
const code = async (response: Response): Promise<[number, string]> => [
  response.status,
  ((await response.json()) as { code: string }).code,
];

describe('guard-rails over HTTP', () => {
  it('creates, reads, changes under If-Match, keeps the history and deletes', async () => {
    const created = await put('slow', document('slow'));
    expect(created.status).toBe(201);
    const etag = created.headers.get('etag')!;
    expect((await h.call('GET', '/api/v1/guardrails/slow', 'vera-viewer')).headers.get('etag')).toBe(etag);
    const changed = await put('slow', document('slow', { mode: 'dryrun' }), { 'if-match': etag });
    expect(changed.status).toBe(200);
    expect(await code(await put('slow', document('slow'), { 'if-match': etag }))).toEqual([
      412,
      'GUARDSPAN_PRECONDITION',
    ]);
    expect(h.published.at(-1)!.map((one) => one.guardrail.spec.mode)).toEqual(['dryrun']);
    const gone = await h.call('DELETE', '/api/v1/guardrails/slow', 'eddie-editor', {
      headers: { 'if-match': changed.headers.get('etag')! },
    });
    expect(gone.status).toBe(204);
    expect(h.published.at(-1)).toEqual([]);
    const history = (await (await h.call('GET', '/api/v1/guardrails/slow/history', 'vera-viewer')).json()) as {
      items: { generation: number; deleted: boolean }[];
    };
    expect(history.items.map((one) => [one.generation, one.deleted])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect((await h.store.queryAudit({ kind: 'document' })).map((r) => (r.body as { change: string }).change)).toEqual([
      'created',
      'updated',
      'deleted',
    ]);
  });

  it('needs a precondition, and a name that fits', async () => {
    expect(await code(await put('slow', document('slow'), {}))).toEqual([428, 'GUARDSPAN_PRECONDITION_REQUIRED']);
    expect(await code(await put('fast', document('slow')))).toEqual([422, 'GUARDSPAN_NAME']);
  });

  it('names each place that is wrong and keeps the old one', async () => {
    const response = await put('slow', document('slow').replace('mode: warn', 'mood: warn'));
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const problem = (await response.json()) as { errors: { line: number; path: string; code: string }[] };
    expect(problem.errors[0]!.line).toBe(9);
    expect(problem.errors[0]!.code).toMatch(/^GUARDSPAN_/);
    expect(h.deps.documents.list('Guardrail')).toEqual([]);
  });

  it('tells in a dry run what would happen and stores nothing', async () => {
    const response = await put('slow', document('slow', { mode: 'enforce' }), {}, '?dryRun=true');
    expect(await response.json()).toMatchObject({
      outcome: 'valid',
      warnings: ['It will need an approver: it raises the mode to enforce.'],
    });
    expect(await h.store.documents()).toEqual([]);
  });

  it('lets only somebody else raise a mode to enforce', async () => {
    const proposed = await put('slow', document('slow', { mode: 'enforce' }), NEW, '', 'anna-approver');
    expect(proposed.status).toBe(202);
    expect(h.deps.documents.list('Guardrail')).toEqual([]);
    const approve = (as: string): Promise<Response> => h.call('POST', '/api/v1/proposals/guardrails/slow/approve', as);
    expect(await code(await approve('anna-approver'))).toEqual([403, 'GUARDSPAN_SECOND_PERSON']);
    expect(await code(await approve('eddie-editor'))).toEqual([403, 'GUARDSPAN_FORBIDDEN']);
    expect((await approve('adam-approver')).status).toBe(201);
    expect(h.deps.documents.get(SLOW)).toMatchObject({ author: 'anna-approver', approver: 'adam-approver' });
    expect(await h.store.proposals()).toEqual([]);
  });

  it('does not approve a change of what is not in force any more', async () => {
    expect((await put('slow', document('slow'))).status).toBe(201);
    expect((await put('slow', document('slow', { mode: 'enforce' }), { 'if-match': '*' })).status).toBe(202);
    expect((await put('slow', document('slow', { mode: 'dryrun' }), { 'if-match': '*' })).status).toBe(200);
    const proposals = (await (await h.call('GET', '/api/v1/proposals', 'vera-viewer')).json()) as { items: unknown[] };
    expect(proposals.items).toMatchObject([{ name: 'slow', stale: true }]);
    expect(await code(await h.call('POST', '/api/v1/proposals/guardrails/slow/approve', 'anna-approver'))).toEqual([
      409,
      'GUARDSPAN_PROPOSAL_STALE',
    ]);
    expect(h.deps.documents.get(SLOW)!.normal.spec.mode).toBe('dryrun');
  });

  it('approves what the approver read, and nothing that was proposed since', async () => {
    await put('slow', document('slow', { mode: 'enforce' }));
    const read = h.deps.documents.proposals()[0]!.revision;
    await put('slow', document('slow', { mode: 'enforce', when: "model.name != 'x'" }));
    const approve = (revision: string): Promise<Response> =>
      h.call('POST', '/api/v1/proposals/guardrails/slow/approve', 'anna-approver', {
        headers: { 'if-match': `"${revision}"` },
      });
    expect(await code(await approve(read))).toEqual([412, 'GUARDSPAN_PRECONDITION']);
    expect((await approve(h.deps.documents.proposals()[0]!.revision)).status).toBe(201);
  });

  it('keeps why a document was changed: with the version, with what waits, and on record', async () => {
    await put('slow', document('slow'), NEW, '?why=a%20first%20try');
    await put('slow', document('slow', { mode: 'enforce' }), { 'if-match': '*' }, '?why=it%20held%20for%20a%20week');
    expect(h.deps.documents.proposals()).toMatchObject([{ why: 'it held for a week' }]);
    await h.call('POST', '/api/v1/proposals/guardrails/slow/approve', 'anna-approver');
    await h.call('DELETE', '/api/v1/guardrails/slow?why=not%20needed', 'eddie-editor', {
      headers: { 'if-match': '*' },
    });
    const history = (await (await h.call('GET', '/api/v1/guardrails/slow/history', 'vera-viewer')).json()) as {
      items: { why: string }[];
    };
    expect(history.items.map(({ why }) => why)).toEqual(['a first try', 'it held for a week', 'not needed']);
    const records = await h.store.queryAudit({ kind: 'document' });
    expect(records.map(({ body }) => (body as { why: string }).why)).toEqual([
      ...['a first try', 'it held for a week', 'it held for a week', 'not needed'],
    ]);
  });

  it('replaces what waits by another proposal of the same author only', async () => {
    await put('slow', document('slow', { mode: 'enforce' }));
    const other = document('slow', { mode: 'enforce', when: "model.name != 'x'" });
    expect(await code(await put('slow', other, NEW, '', 'anna-approver'))).toEqual([409, 'GUARDSPAN_PROPOSAL_WAITS']);
    expect((await put('slow', other)).status).toBe(202);
    expect((await h.call('POST', '/api/v1/proposals/guardrails/slow/reject', 'anna-approver', WHY)).status).toBe(204);
    expect((await put('slow', document('slow', { mode: 'enforce' }), NEW, '', 'anna-approver')).status).toBe(202);
  });

  it('approves with the permission to leave processes out that was asked for', async () => {
    h.fakes.incompatible = [{ service: 'shop', instance: 'i1', code: 'GUARDSPAN_TARGET', message: 'unknown target' }];
    expect((await put('slow', document('slow', { mode: 'enforce' }), NEW, '?allowPartial=true')).status).toBe(202);
    const approved = await h.call('POST', '/api/v1/proposals/guardrails/slow/approve', 'anna-approver');
    expect([approved.status, ((await approved.json()) as { incompatible: unknown[] }).incompatible.length]).toEqual([
      201, 1,
    ]);
  });

  it('lets nobody change alone what a guard-rail that enforces acts on', async () => {
    await put('slow', document('slow', { mode: 'enforce' }));
    await h.call('POST', '/api/v1/proposals/guardrails/slow/approve', 'anna-approver');
    const change = async (body: string): Promise<[number, string]> => {
      const response = await put('slow', body, { 'if-match': '*' });
      const waits = h.deps.documents.proposals()[0]?.reason ?? '';
      await h.call('POST', '/api/v1/proposals/guardrails/slow/reject', 'eddie-editor', WHY);
      return [response.status, waits];
    };
    const enforce = (more: object): string => document('slow', { mode: 'enforce', ...more });
    expect(await change(enforce({ when: 'true' }))).toEqual([202, 'it enforces, and changes when.']);
    expect(await change(enforce({ action: '{deny: {status: 451}}' }))).toEqual([
      202,
      'it enforces, and changes action.',
    ]);
    expect(await change(enforce({}).replace('[m]', '[m, n]'))).toEqual([202, 'it enforces, and changes match.']);
    expect(h.deps.documents.get(SLOW)!.generation).toBe(1);
    expect(await change(enforce({ more: '  description: Words.\n' }))).toEqual([200, '']);
    expect(await change(document('slow', { when: 'true' }))).toEqual([200, '']);
  });

  it('refuses a document whose own test fails', async () => {
    const tests = (expected: string): string => `  tests:
    - {name: stops m, given: {model: {name: m}}, expect: {action: ${expected}}}
`;
    const response = await put('slow', document('slow', { more: tests('allow') }));
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      code: 'GUARDSPAN_TEST_FAILED',
      errors: [{ code: 'GUARDSPAN_TEST_FAILED', path: 'spec.tests[0]', message: expect.stringContaining('stops m') }],
    });
    expect(h.deps.documents.list('Guardrail')).toEqual([]);
    expect((await put('slow', document('slow', { more: tests('deny') }))).status).toBe(201);
  });

  it('wants an approver for any shutdown', async () => {
    expect((await put('stop', shutdownDocument('stop'))).status).toBe(202);
    expect((await h.call('POST', '/api/v1/proposals/guardrails/stop/reject', 'eddie-editor', WHY)).status).toBe(204);
    expect((await h.call('POST', '/api/v1/proposals/guardrails/stop/reject', 'eddie-editor', WHY)).status).toBe(404);
  });

  it('leaves documents of the repository to the repository', async () => {
    const owned = document('slow', { managedBy: 'git', mode: 'enforce' });
    expect(await code(await put('slow', owned))).toEqual([409, 'GUARDSPAN_MANAGED_BY_GIT']);
    expect(await code(await put('slow', owned, NEW, '?origin=git', 'vera-viewer'))).toEqual([
      403,
      'GUARDSPAN_FORBIDDEN',
    ]);
    expect((await put('slow', owned, NEW, '?origin=git', 'ada-admin')).status).toBe(201);
    expect(await code(await put('slow', document('slow'), { 'if-match': '*' }))).toEqual([
      409,
      'GUARDSPAN_MANAGED_BY_GIT',
    ]);
  });

  it('records whose token spoke for the repository, and asks for an approver unless it is an admin', async () => {
    const mild = document('mild', { managedBy: 'git' });
    expect((await put('mild', mild, NEW, '?origin=git')).status).toBe(201);
    const strict = document('mild', { managedBy: 'git', mode: 'enforce' });
    expect((await put('mild', strict, { 'if-match': '*' }, '?origin=git')).status).toBe(202);
    expect((await h.call('POST', '/api/v1/proposals/guardrails/mild/approve', 'anna-approver')).status).toBe(200);
    expect((await put('other', document('other', { managedBy: 'git' }), NEW, '?origin=git', 'ada-admin')).status).toBe(
      201,
    );
    const audit = await h.store.queryAudit({ kind: 'document' });
    expect(audit.map((r) => [r.actor, (r.body as { origin: string; approver?: string }).origin])).toEqual([
      ['eddie-editor', 'git'],
      ['eddie-editor', 'git'],
      ['eddie-editor', 'git'],
      ['ada-admin', 'git'],
    ]);
    expect(audit.map((r) => (r.body as { approver?: string }).approver)).toEqual([
      '',
      undefined,
      'anna-approver',
      'git',
    ]);
  });

  it('refuses to enforce what can act nowhere, and what connected processes cannot load', async () => {
    h.fakes.inert = 'no client can deny.';
    expect(await code(await put('slow', document('slow', { mode: 'enforce' })))).toEqual([409, 'GUARDSPAN_INERT']);
    expect((await put('slow', document('slow'))).status).toBe(201);
    h.fakes.incompatible = [{ service: 'shop', instance: 'i1', code: 'GUARDSPAN_TARGET', message: 'unknown target' }];
    expect(await code(await put('other', document('other')))).toEqual([409, 'GUARDSPAN_INCOMPATIBLE']);
    const partial = await put('other', document('other'), NEW, '?allowPartial=true');
    expect(partial.status).toBe(201);
    expect(((await partial.json()) as { incompatible: unknown[] }).incompatible).toHaveLength(1);
  });
});

describe('single user', () => {
  it('may approve alone, and that is recorded', async () => {
    const alone = await startHarness({ separateApprover: false });
    const response = await alone.call('PUT', '/api/v1/guardrails/slow', 'ada-admin', {
      body: document('slow', { mode: 'enforce' }),
      headers: NEW,
    });
    expect(response.status).toBe(201);
    expect((await alone.store.queryAudit({ kind: 'document' }))[0]!.body).toMatchObject({ selfApproved: true });
    await alone.close();
  });
});
