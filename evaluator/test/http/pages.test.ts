import { loadGuardrails } from '@guardspan/policy';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { pageOf } from '../../src/http/page.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { document, startHarness, type Harness } from './harness.js';

let h: Harness | undefined;
afterEach(async () => {
  await h?.close();
  h = undefined;
});

/** Names of all pages of a list. */
function walk(
  all: readonly string[],
  limit: number,
  change: (page: number) => readonly string[] = () => all,
): string[] {
  const found: string[] = [];
  for (let page = 0, after = ''; ; page++) {
    const { items, next } = pageOf(change(page), (one) => one, { after, limit });
    expect(items.length).toBeLessThanOrEqual(limit);
    found.push(...items);
    if (next === '') return found;
    after = next;
  }
}

describe('pages', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 50 });

  it('hold every item exactly once, whatever their size', () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 60 }), (all, limit) => {
        expect(walk(all, limit).sort()).toEqual([...all].sort());
      }),
    );
  });

  it('hold what is there all the time exactly once, also when the list changes meanwhile', () => {
    fc.assert(
      fc.property(names, names, fc.integer({ min: 1, max: 10 }), (stays, comes, limit) => {
        const passing = comes.filter((one) => !stays.includes(one));
        const found = walk(stays, limit, (page) => (page % 2 === 0 ? stays : [...passing, ...stays]));
        expect(found.filter((one) => stays.includes(one)).sort()).toEqual([...stays].sort());
        expect(new Set(found).size).toBe(found.length);
      }),
    );
  });
});

interface Listed {
  items: { name: string }[];
  total: number;
  next: string;
}

describe('the lists of the API', () => {
  const list = async (query: string): Promise<Listed> =>
    (await (await h!.call('GET', `/api/v1/guardrails${query}`, 'vera-viewer')).json()) as Listed;

  it('give a caller all of 5,000 guard-rails, in pages or at once', async () => {
    const store = createMemoryStore();
    const [one] = loadGuardrails(document('one'), { file: 'one.yaml' }).guardrails;
    const expected = Array.from({ length: 5000 }, (_, index) => `g-${String(index).padStart(4, '0')}`);
    const rest = { author: 'ann', approver: '', at: 1, deleted: false, why: '', breakGlass: null };
    // At once, so that they are committed together.
    await Promise.all(
      expected.map((name) => {
        const normal = { ...one!.guardrail, metadata: { ...one!.guardrail.metadata, name } };
        const key = { kind: 'Guardrail', name } as const;
        return store.putDocument({ ...key, ...rest, revision: one!.revision, normal, source: document(name) });
      }),
    );
    h = await startHarness({ store });
    const whole = await list('');
    expect([whole.items.length, whole.total, whole.next]).toEqual([5000, 5000, '']);
    const found: string[] = [];
    let requests = 0;
    for (let next: string | undefined; next !== ''; requests++) {
      const page: Listed = await list(`?limit=1000${next === undefined ? '' : `&after=${next}`}`);
      expect(page.total).toBe(5000);
      found.push(...page.items.map(({ name }) => name));
      ({ next } = page);
    }
    expect([requests, found]).toEqual([5, expected]);
  });

  it('show processes that left only to those who ask for them', async () => {
    const harness = (h = await startHarness());
    const instances = async (query: string): Promise<string[]> => {
      const { items } = (await (await harness.call('GET', `/api/v1/fleet${query}`, 'vera-viewer')).json()) as {
        items: { instance: string }[];
      };
      return items.map(({ instance }) => instance);
    };
    expect(await instances('')).toEqual(['i1']);
    expect(await instances('?gone=true')).toEqual(['i1', 'left']);
    expect(await instances('?gone=true&service=bank')).toEqual([]);
  });

  it.each(['?after=no/cursor', '?limit=0', '?limit=1001', '?limit=many'])('refuse %s', async (query) => {
    h = await startHarness();
    for (const path of ['guardrails', 'series', 'fleet']) {
      const response = await h.call('GET', `/api/v1/${path}${query}`, 'vera-viewer');
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'GUARDSPAN_INVALID']);
    }
  });
});
