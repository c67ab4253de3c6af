import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { document, exceptionOf, startHarness, type Harness } from './harness.js';

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.close());
const NEW = { 'if-none-match': '*' };
const ANY = { 'if-match': '*' };
const put = async (path: string, body: string, headers: { [name: string]: string } = NEW, as = 'eddie-editor') => {
  const response = await h.call('PUT', `/api/v1/${path}`, as, { body, headers });
  return { status: response.status, body: (await response.json()) as { code?: string; warnings?: string[] } };
};
const boundNow = () => h.published.at(-1)!.map(({ guardrail, revision }) => [guardrail.spec.exceptions, revision]);
const changes = async () =>
  (await h.store.queryAudit({ kind: 'document' })).map(({ guardrail, actor, body }) => ({
    ...(body as { change: string; [key: string]: unknown }),
    ...{ guardrail, actor },
  }));

describe('exceptions over HTTP', () => {
  it('bind to the guard-rails that they name, are told from them by the audit, and leave them as they were', async () => {
    await put('guardrails/slow', document('slow'));
    await put('guardrails/other', document('other'));
    const [, [, plain]] = boundNow() as [unknown, [unknown, string]];
    expect((await put('exceptions/vendor', exceptionOf('vendor'))).status).toBe(201);
    const { revision } = h.deps.documents.get({ kind: 'GuardrailException', name: 'vendor' })!;
    const [other, slow] = boundNow();
    expect(other![0]).toBeUndefined();
    expect(slow![0]).toMatchObject([{ name: 'vendor', revision, match: { services: ['shop'] } }]);
    expect(slow![1]).not.toBe(plain);
    const [created, bound] = (await changes()).slice(-2);
    expect(created).toMatchObject({ change: 'created', kind: 'GuardrailException', name: 'vendor', guardrail: '' });
    expect(bound).toMatchObject({
      ...{ change: 'bound', guardrail: 'slow', actor: 'eddie-editor', revision: slow![1], document: plain },
      exceptions: [{ name: 'vendor', revision }],
    });
    await h.call('DELETE', '/api/v1/exceptions/vendor', 'eddie-editor', { headers: ANY });
    expect(boundNow()[1]).toEqual([undefined, plain]);
    expect((await changes()).at(-1)).toMatchObject({ change: 'deleted', name: 'vendor' });
  });

  it('come back with a restart', async () => {
    await put('guardrails/slow', document('slow'));
    await put('exceptions/vendor', exceptionOf('vendor'));
    const before = boundNow();
    expect(await h.deps.documents.start()).toEqual([]);
    expect(boundNow()).toEqual(before);
  });

  it('say when they exempt nothing', async () => {
    h.deps.clock();
    const { body } = await put('exceptions/old', exceptionOf('old', { expires: '1970-01-01', guardrail: 'none' }));
    expect(body.warnings).toEqual([
      'It has expired: it exempts nothing.',
      'There is no guard-rail none yet: it exempts nothing from it.',
    ]);
    const view = await (await h.call('GET', '/api/v1/exceptions/old', 'vera-viewer')).json();
    expect(view).toMatchObject({ expired: true, exception: { spec: { owner: 'support' } } });
  });

  it('have names of their own, and stay in their collection', async () => {
    await put('guardrails/slow', document('slow'));
    expect((await put('exceptions/slow', exceptionOf('slow'))).status).toBe(201);
    expect((await put('exceptions/other', document('other'))).body.code).toBe('GUARDSPAN_KIND');
    expect((await put('guardrails/vendor', exceptionOf('vendor'))).body.code).toBe('GUARDSPAN_KIND');
  });

  it('are refused while processes would not understand them', async () => {
    await put('guardrails/slow', document('slow'));
    h.fakes.incompatible = [{ service: 'shop', instance: 'i', code: 'feature_level', message: 'speaks level 2' }];
    expect(await put('exceptions/vendor', exceptionOf('vendor'))).toMatchObject({
      ...{ status: 409, body: { code: 'GUARDSPAN_INCOMPATIBLE' } },
    });
    // Of a guard-rail that is not in force no process hears.
    expect((await put('exceptions/other', exceptionOf('other', { guardrail: 'none' }))).status).toBe(201);
    expect((await put('exceptions/vendor?allowPartial=true', exceptionOf('vendor'))).status).toBe(201);
  });

  it('belong to their owner, and viewers change nothing', async () => {
    expect((await put('exceptions/e', exceptionOf('e', { managedBy: 'git' }))).body.code).toBe(
      'GUARDSPAN_MANAGED_BY_GIT',
    );
    expect((await put('exceptions/e', exceptionOf('e'), NEW, 'vera-viewer')).body.code).toBe('GUARDSPAN_FORBIDDEN');
  });
});

describe('a document that requires an approval', () => {
  const watched = (more = ''): string => document('slow', { more: `  approval: required\n${more}` });
  const act = (what: string, as: string, body?: unknown) =>
    h.call('POST', `/api/v1/proposals/${what}`, as, body === undefined ? {} : { body });
  const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

  beforeEach(async () => {
    expect((await put('guardrails/slow', watched())).status).toBe(202);
    expect(await codeOf(await act('guardrails/slow/approve', 'eddie-editor'))).toBe('GUARDSPAN_FORBIDDEN');
    expect((await act('guardrails/slow/approve', 'anna-approver')).status).toBe(201);
  });

  it('changes by two people, whatever its mode, and both are on record', async () => {
    expect((await put('guardrails/slow', document('slow'), ANY, 'anna-approver')).status).toBe(202);
    expect(await codeOf(await act('guardrails/slow/approve', 'anna-approver'))).toBe('GUARDSPAN_SECOND_PERSON');
    const waits = await h.call('GET', '/api/v1/proposals/guardrails/slow', 'vera-viewer');
    expect(await waits.json()).toMatchObject({
      ...{ kind: 'Guardrail', collection: 'guardrails', change: 'put', author: 'anna-approver', stale: false },
      ...{ reason: 'its document requires an approval.', inForce: watched(), source: document('slow') },
    });
    expect((await act('guardrails/slow/approve', 'adam-approver')).status).toBe(200);
    expect((await changes()).at(-1)).toMatchObject({
      ...{ change: 'updated', actor: 'anna-approver', approver: 'adam-approver', selfApproved: false },
    });
  });

  it('leaves by two people', async () => {
    const gone = () => h.call('DELETE', '/api/v1/guardrails/slow', 'eddie-editor', { headers: ANY });
    expect((await gone()).status).toBe(202);
    expect(h.deps.documents.list('Guardrail')).toHaveLength(1);
    expect(h.deps.documents.proposals()).toMatchObject([{ change: 'delete', source: '', stale: false }]);
    const answer = await act('guardrails/slow/approve', 'anna-approver');
    expect([answer.status, await answer.json()]).toMatchObject([200, { outcome: 'deleted' }]);
    expect(h.deps.documents.list('Guardrail')).toEqual([]);
    expect(h.deps.documents.proposals()).toEqual([]);
    expect((await changes()).at(-1)).toMatchObject({
      ...{ change: 'deleted', actor: 'eddie-editor', approver: 'anna-approver' },
    });
  });

  it('is exempted from by two people', async () => {
    expect((await put('exceptions/vendor', exceptionOf('vendor'))).status).toBe(202);
    expect(h.deps.documents.proposals()).toMatchObject([
      { kind: 'GuardrailException', reason: 'it exempts from slow, which requires an approval.' },
    ]);
    expect((await act('exceptions/vendor/approve', 'anna-approver')).status).toBe(201);
    expect(boundNow()[0]![0]).toHaveLength(1);
  });

  it('stays as it is when somebody says why it must not change', async () => {
    await put('guardrails/slow', document('slow'), ANY);
    expect((await act('guardrails/slow/reject', 'anna-approver', {})).status).toBe(400);
    expect((await act('guardrails/slow/reject', 'anna-approver', { reason: 'Too early.' })).status).toBe(204);
    expect((await changes()).at(-1)).toMatchObject({
      ...{ change: 'rejected', actor: 'anna-approver', author: 'eddie-editor', reason: 'Too early.' },
    });
    expect(h.deps.documents.proposals()).toEqual([]);
    expect(h.deps.documents.get({ kind: 'Guardrail', name: 'slow' })!.source).toBe(watched());
  });
});

describe('with one person who may approve their own changes', () => {
  it('a document that requires an approval comes into force, and the record says by whom', async () => {
    await h.close();
    h = await startHarness({ separateApprover: false });
    expect((await put('exceptions/e', exceptionOf('e', { approval: 'required' }))).status).toBe(201);
    expect((await changes()).at(-1)).toMatchObject({ approver: 'eddie-editor', selfApproved: true });
  });
});
