import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { document, startHarness, type Harness } from './harness.js';

let h: Harness;
beforeEach(async () => {
  h = await startHarness({ separateApprover: false });
  const keys = { mode: 'enforce', more: '  where: "tenant != \'vip\'"\n  onError: allow\n' };
  const created = await h.call('PUT', '/api/v1/guardrails/slow', 'ada-admin', {
    body: document('slow', { ...keys, when: 'has(features.age) && features.age < 18.0' }),
    headers: { 'if-none-match': '*' },
  });
  expect(created.status).toBe(201);
});
afterEach(() => h.close());

interface Answered {
  allow: boolean;
  reason: string;
  decision: { action: string; evaluated: number; verdicts: { guardrail: string; disposition: string }[] };
}

/** The two ways to ask, and what is the answer in what they give. */
const WAYS = [
  ['/api/v1/decide', (request: unknown) => request, (body: unknown) => body as Answered],
  [
    '/v1/data/guardspan/decide',
    (input: unknown) => ({ input }),
    (body: unknown) => (body as { result: Answered }).result,
  ],
] as const;

describe.each(WAYS)('POST %s', (path, wrap, unwrap) => {
  const ask = (request: unknown, as = 'shop-agent', query = ''): Promise<Response> =>
    h.call('POST', `${path}${query}`, as, { body: wrap(request) as object });
  const answer = async (request: unknown, query = ''): Promise<Answered> => {
    const response = await ask(request, 'shop-agent', query);
    expect(response.status).toBe(200);
    return unwrap(await response.json());
  };
  const about = (call: object): object => ({ call: { service: 'shop', model: { name: 'm' }, ...call } });

  it('decides about a fragment: what is left out is unknown, and what is wrong in it ends the call with a reason', async () => {
    expect(await answer(about({ features: { age: 12 } }))).toMatchObject({
      allow: false,
      reason: 'guard-rail slow found a violation',
      decision: { action: 'deny', evaluated: 1, verdicts: [{ guardrail: 'slow', disposition: 'enforced' }] },
    });
    expect(await answer(about({ features: { age: 40 } }))).toMatchObject({ allow: true, decision: { evaluated: 1 } });
    expect(await answer(about({}))).toMatchObject({ allow: true, reason: '', decision: { evaluated: 1 } });
  });

  it('says that nothing was evaluated when no guard-rail is about the call', async () => {
    const outside = { allow: true, decision: { evaluated: 0, verdicts: [] } };
    expect(await answer({ call: { service: 'shop', model: { name: 'other' } } })).toMatchObject(outside);
    expect(await answer(about({ tenant: 'vip', features: { age: 12 } }))).toMatchObject(outside);
  });

  it('takes parameters that clients of Open Policy Agent send', async () => {
    const query = '?pretty=true&metrics=true&explain=notes&provenance=true';
    expect(await answer(about({ features: { age: 12 } }), query)).toMatchObject({ allow: false });
  });

  it.each([
    ['a point that is none', { at: 'later' }, 'at'],
    ['a field that is none', about({ modle: {} }), 'call'],
    ['a group', about({ group: { sex: 'F' } }), 'call'],
    ['a truth', about({ truth: { repaid: true } }), 'call'],
    ['a number as text', about({ duration: '3' }), 'call.duration'],
    ['an action that is none', { ...about({}), can: ['shout'] }, 'can.0'],
    ['a text that is none', { ...about({}), texts: [{ text: 5 }] }, 'texts.0.text'],
    ['too many texts', { ...about({}), texts: Array.from({ length: 257 }, () => ({ text: '' })) }, 'texts'],
  ])('refuses %s, and names its place', async (_name, request, place) => {
    const response = await ask(request);
    const { code, errors } = (await response.json()) as { code: string; errors: { path: string }[] };
    expect([response.status, code]).toEqual([400, 'GUARDSPAN_INVALID']);
    expect(errors[0]!.path).toContain(place);
  });

  it('refuses what is no JSON, what is too large, and who may not ask', async () => {
    const headers = { 'content-type': 'application/json' };
    const code = async (response: Response): Promise<unknown> => [
      response.status,
      ((await response.json()) as { code: string }).code,
    ];
    expect(await code(await h.call('POST', path, 'shop-agent', { body: '{"at":', headers }))).toEqual([
      400,
      'GUARDSPAN_JSON',
    ]);
    const large = { ...about({}), texts: [{ text: 'x'.repeat(5_000_000) }] };
    expect(await code(await ask(large))).toEqual([413, 'GUARDSPAN_BODY_TOO_LARGE']);
    expect(await code(await ask(about({}), ''))).toEqual([401, 'GUARDSPAN_UNAUTHORIZED']);
    expect(await code(await ask(about({}), 'vera-viewer'))).toEqual([403, 'GUARDSPAN_FORBIDDEN']);
    expect(await code(await ask({ call: { service: 'bank', model: { name: 'm' } } }))).toEqual([
      403,
      'GUARDSPAN_SERVICE',
    ]);
    expect(await code(await ask({ call: { model: { name: 'm' } } }))).toEqual([403, 'GUARDSPAN_SERVICE']);
  });
});

it('the path of Open Policy Agent needs an input', async () => {
  const response = await h.call('POST', '/v1/data/guardspan/decide', 'shop-agent', { body: {} });
  const { code, errors } = (await response.json()) as { code: string; errors: { path: string }[] };
  expect([response.status, code, errors[0]!.path]).toEqual([400, 'GUARDSPAN_INVALID', 'input']);
});
