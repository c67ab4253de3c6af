import { afterEach, describe, expect, it } from 'vitest';
import { document, startHarness, type Harness } from './harness.js';

let h: Harness;
afterEach(() => h.close());

const CREATE = { 'if-none-match': '*' };

async function named(query: string): Promise<string[]> {
  const answer = await h.call('GET', `/api/v1/models/guardrails?${query}`, 'vera-viewer');
  return ((await answer.json()) as { items: { name: string }[] }).items.map(({ name }) => name);
}

describe('models', () => {
  it('come with the guard-rails that look at their calls, and no others', async () => {
    h = await startHarness({ separateApprover: false });
    const put = async (name: string, text: string): Promise<void> => {
      const { status } = await h.call('PUT', `/api/v1/guardrails/${name}`, 'eddie-editor', {
        body: text,
        headers: CREATE,
      });
      expect(status).toBe(201);
    };
    await put('of-m', document('of-m'));
    await put('of-shop', document('of-shop').replace('{models: [m]}', '{services: [shop], models: [m*]}'));
    await put('of-version', document('of-version').replace('{models: [m]}', '{versions: ["2"]}'));
    await put('asleep', document('asleep', { mode: 'off' }));
    expect(await named('model=m&version=1&service=shop')).toEqual(['of-m', 'of-shop']);
    expect(await named('model=m&version=2&service=bank')).toEqual(['of-m', 'of-version']);
    expect(await named('model=mine&version=1&service=shop')).toEqual(['of-shop']);
    expect(await named('model=other&version=1&service=shop')).toEqual([]);
    expect(await named('service=bank')).toEqual(['of-m', 'of-version']);
    expect(await named('')).toEqual(['of-m', 'of-shop', 'of-version']);
  });

  it('are listed in pages', async () => {
    h = await startHarness();
    const quantiles = { p50: 0.1, p95: null, p99: null };
    h.fakes.models = ['b', 'a'].map((model) => ({
      ...{ service: 'shop', environment: '', model, version: '1', kind: 'llm', firstAt: 1, lastAt: 2 },
      ...{ answered: 3, failed: 0, refused: 1, inputTokens: 0, outputTokens: 0, cost: 0 },
      ...{ duration: quantiles, timeToFirst: quantiles, verdicts: [] },
    }));
    const page = async (query: string): Promise<{ items: { model: string }[]; total: number; next: string }> =>
      (await h.call('GET', `/api/v1/models${query}`, 'vera-viewer')).json() as never;
    const first = await page('?limit=1');
    expect([first.items.map(({ model }) => model), first.total]).toEqual([['a'], 2]);
    expect((await page(`?limit=1&after=${first.next}`)).items).toMatchObject([{ model: 'b', answered: 3 }]);
  });
});
