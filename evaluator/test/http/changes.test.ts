import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { StoreError } from '../../src/store/store-error.js';
import type { Store } from '../../src/store/types.js';
import { document, FIRING, startHarness, type Harness } from './harness.js';

const ASKED = { reason: 'approval', until: 901, onTimeout: 'cancel' } as const;
const NEW = { 'if-none-match': '*' };
const because = { reason: 'because' };
let h: Harness;
let refuse: boolean;
let released: string[];
beforeEach(async () => {
  refuse = false;
  released = [];
  h = await startHarness({ store: refusing(createMemoryStore()) });
  h.deps.engine.release = (guardrail, _series, _now, by) => released.push(`${guardrail} by ${by}`) > 0;
  await h.store.putVerdict(FIRING);
  h.fakes.pending = [{ verdictId: 'v1', guardrail: 'slow', scope: { model: 'm' }, at: 1, ...ASKED }];
});
afterEach(() => h.close());

/** A store that refuses each write while `refuse` is true, as on a full disk. */
function refusing(store: Store): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const method = target[name as keyof Store] as (...args: unknown[]) => unknown;
      const writes = /^(put|append|delete|release)/.test(String(name));
      return (...args: unknown[]) =>
        refuse && writes
          ? Promise.reject(new StoreError('GUARDSPAN_STORE_COMMIT', 'full', 'free space'))
          : method.apply(target, args);
    },
  });
}
const call = (method: string, path: string, as: string, body?: unknown, headers = {}): Promise<Response> =>
  h.call(method, path, as, { headers, ...(body === undefined ? {} : { body }) });
const audited = async (): Promise<unknown[]> => (await h.store.queryAudit({})).map(({ body }) => body);

describe('a change that the store refuses', () => {
  it.each<[string, string, string, unknown?, { [name: string]: string }?]>([
    ['PUT', '/api/v1/guardrails/slow', 'eddie-editor', document('slow'), NEW],
    ['PUT', '/api/v1/guardrails/slow', 'eddie-editor', document('slow', { mode: 'enforce' }), NEW],
    ['DELETE', '/api/v1/guardrails/kept', 'eddie-editor', undefined, { 'if-match': '*' }],
    ['POST', '/api/v1/proposals/guardrails/waits/approve', 'anna-approver'],
    ['POST', '/api/v1/proposals/guardrails/waits/reject', 'eddie-editor', because],
    ['POST', '/api/v1/feedback', 'eddie-editor', { verdictId: 'v1', judgement: 'right', ...because }],
    ['POST', '/api/v1/verdicts/v1/release', 'anna-approver', because],
    ['POST', '/api/v1/directives/v1/approve', 'anna-approver', because],
    ['POST', '/api/v1/directives/v1/reject', 'anna-approver', because],
    ['DELETE', '/api/v1/kill/id1?reason=done', 'adam-approver'],
  ])('%s %s changes nothing and is not on record', async (method, path, as, body, headers) => {
    const approved: string[] = [];
    h.deps.directives.approve = (id) => approved.push(id) > 0;
    h.deps.directives.reject = (id) => approved.push(`not ${id}`) > 0;
    await call('PUT', '/api/v1/guardrails/kept', 'eddie-editor', document('kept'), NEW);
    await call('PUT', '/api/v1/guardrails/waits', 'eddie-editor', document('waits', { mode: 'enforce' }), NEW);
    await call('POST', '/api/v1/kill', 'anna-approver', { ...because, expiresIn: 0 });
    const state = async (): Promise<unknown> => ({
      documents: h.deps.documents.list('Guardrail'),
      proposals: h.deps.documents.proposals(),
      published: h.published.length,
      kills: h.deps.kill.list(),
      feedback: await h.store.feedback('v1'),
      verdict: await h.store.verdict('v1'),
      audit: await audited(),
      released: [...released],
      approved: [...approved],
    });
    const before = await state();
    refuse = true;
    expect((await call(method, path, as, body, headers)).status).toBe(503);
    refuse = false;
    expect(await state()).toEqual(before);
    const again = await call(method, path, as, body, headers);
    expect(again.ok).toBe(true);
    expect(await state()).not.toEqual(before);
    expect(await audited()).toHaveLength((before as { audit: unknown[] }).audit.length + 1);
  });
});

describe('a kill switch that the disk does not take', () => {
  it('acts, says that it is not on record, and is recorded once the disk takes writes', async () => {
    refuse = true;
    const answer = await call('POST', '/api/v1/kill', 'anna-approver', { ...because, expiresIn: 60 });
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'GUARDSPAN_KILL_UNRECORDED' }]);
    const [held] = h.deps.kill.list();
    expect(held).toMatchObject({ reason: 'because', by: 'anna-approver' });
    expect((await call('DELETE', `/api/v1/kill/${held!.id}?reason=done`, 'adam-approver')).status).toBe(503);
    expect([h.deps.kill.list(), await audited()]).toEqual([[held], []]);
    refuse = false;
    expect((await call('DELETE', `/api/v1/kill/${held!.id}?reason=done`, 'adam-approver')).status).toBe(200);
    expect(await audited()).toMatchObject([{ change: 'engaged' }, { change: 'lifted' }]);
  });
});

describe('release', () => {
  it('is on record before the engine is told, and is made once', async () => {
    h.deps.engine.release = () => {
      throw new Error('the evaluator stops here');
    };
    expect((await call('POST', '/api/v1/verdicts/v1/release', 'anna-approver', because)).status).toBe(500);
    expect(await h.store.verdict('v1')).toMatchObject({ state: 'ok', code: 'operator' });
    expect(await audited()).toEqual([{ change: 'released', reason: 'because', series: { model: 'm' } }]);
    expect((await call('POST', '/api/v1/verdicts/v1/release', 'anna-approver', because)).status).toBe(409);
  });

  it('is refused when another verdict holds the series', async () => {
    await h.store.putVerdict({ ...FIRING, id: 'v0' });
    expect((await call('POST', '/api/v1/verdicts/v0/release', 'anna-approver', because)).status).toBe(409);
    expect(released).toEqual([]);
  });
});

describe('late facts', () => {
  it.each(['truths', 'groups'])('%s say which of them join a call in an open bucket', async (kind) => {
    const [trace, span] = ['a'.repeat(32), 'b'.repeat(16)];
    h.fakes.counted.add(`${trace}/${span}`);
    const fact = { name: 'repaid', value: true, at: 1 };
    const known = { ...fact, trace_id: trace, span_id: span };
    const items = [
      known,
      { ...known, name: 'other' },
      { ...known, span_id: 'c'.repeat(16) },
      { ...fact, call_id: 'k' },
    ];
    const post = async (list: unknown[]): Promise<unknown> =>
      (await call('POST', `/api/v1/${kind}`, 'eddie-editor', { items: list })).json();
    expect(await post(items)).toEqual({ accepted: 4, duplicates: 0, joined: 2, unjoined: 2 });
    expect(await post([known])).toEqual({ accepted: 0, duplicates: 1, joined: 1, unjoined: 0 });
    h.fakes.counted.clear();
    expect(await post([known])).toEqual({ accepted: 0, duplicates: 1, joined: 0, unjoined: 1 });
  });
});
