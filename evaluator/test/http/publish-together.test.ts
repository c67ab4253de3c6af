import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PublishInput, PublishResult } from '../../src/http/deps.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { StoreError } from '../../src/store/store-error.js';
import type { Store } from '../../src/store/types.js';
import { document, packOf, startHarness } from './harness.js';
import type { Harness } from './harness.js';

let h: Harness;
/** Names of documents that the store refuses. */
let refused: ReadonlySet<string>;
beforeEach(async () => {
  refused = new Set();
  const store = createMemoryStore();
  const refusing: Store = {
    ...store,
    putDocument: (version, options) =>
      refused.has(version.name)
        ? Promise.reject(new StoreError('GUARDSPAN_STORE_COMMIT', 'the disk is full', 'free space'))
        : store.putDocument(version, options),
  };
  h = await startHarness({ store: refusing });
  h.published.length = 0;
});
afterEach(() => h.close());

function publish(text: string, expected?: string): Promise<PublishResult> {
  const rest: Omit<PublishInput, 'text' | 'expected'> = {
    ...{ file: 'x.yaml', origin: 'ui', author: 'ann', approver: '', dryRun: false, allowPartial: false },
  };
  return h.deps.documents.publish({ text, expected, ...rest });
}

/** What came of each: an outcome, or the code of the error. */
async function outcomes(all: readonly Promise<{ outcome: string }>[]): Promise<string[]> {
  const settled = await Promise.allSettled(all);
  return settled.map((one) => (one.status === 'fulfilled' ? one.value.outcome : (one.reason as { code: string }).code));
}
const namesInForce = (): string[] => h.published.at(-1)!.map(({ guardrail }) => guardrail.metadata.name);

describe('publications that come at the same time', () => {
  it('are stored together, come into force together, and are on record in order', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `g-${String(index).padStart(2, '0')}`);
    expect(new Set(await outcomes(names.map((name) => publish(document(name)))))).toEqual(new Set(['created']));
    expect(h.published.length).toBe(1);
    expect(namesInForce()).toEqual(names);
    const records = await h.store.queryAudit({ kind: 'document' });
    expect(records.map(({ guardrail }) => guardrail)).toEqual(names);
  });

  it('are each refused by themselves', async () => {
    const failing = document('failing', {
      more: '  tests: [{name: t, given: {model: {name: m}}, expect: {action: allow}}]\n',
    });
    const all = [document('a'), 'no document', failing, document('b')].map((text) => publish(text));
    expect(await outcomes(all)).toEqual(['created', 'GUARDSPAN_INVALID_DOCUMENT', 'GUARDSPAN_TEST_FAILED', 'created']);
    expect(namesInForce()).toEqual(['a', 'b']);
  });

  it('are each kept out by a store that does not take them', async () => {
    refused = new Set(['a', 'c']);
    const all = ['a', 'b', 'c'].map((name) => publish(document(name)));
    expect(await outcomes(all)).toEqual(['GUARDSPAN_STORE_COMMIT', 'created', 'GUARDSPAN_STORE_COMMIT']);
    expect(namesInForce()).toEqual(['b']);
    refused = new Set();
    expect(await outcomes([publish(document('a'))])).toEqual(['created']);
    expect(namesInForce()).toEqual(['a', 'b']);
  });

  it('see what came before them when they are about the same document', async () => {
    const first = document('a');
    const second = document('a', { when: "model.name == 'n'" });
    expect(await outcomes([publish(first, ''), publish(second, ''), publish(second), publish(second)])).toEqual([
      ...['created', 'GUARDSPAN_PRECONDITION', 'updated', 'unchanged'],
    ]);
    expect(h.deps.documents.get({ kind: 'Guardrail', name: 'a' })!.generation).toBe(2);
  });

  it('may use a pack that comes before them', async () => {
    const uses = `${document('a', { when: 'p.count > 0.0' })}  uses: {p: {detector: pack/words, on: prompt.text}}\n`;
    const pack = packOf('words', 'word: {words: [tulip]}');
    expect(await outcomes([publish(uses), publish(pack), publish(uses)])).toEqual([
      ...['GUARDSPAN_PACK_UNKNOWN', 'created', 'created'],
    ]);
  });

  it('do not overtake another change', async () => {
    const key = { kind: 'Guardrail', name: 'a' } as const;
    const remove = (): Promise<{ outcome: string }> =>
      h.deps.documents.remove({ key, author: 'ann', approver: '', origin: 'ui', expected: undefined });
    const all = [publish(document('a')), remove(), publish(document('a')), publish(document('b')), remove()];
    expect(await outcomes(all)).toEqual(['created', 'deleted', 'created', 'created', 'deleted']);
    expect(namesInForce()).toEqual(['b']);
  });

  it('wait for an approver without holding up the others', async () => {
    const enforcing = document('strict', { mode: 'enforce', more: '  onError: allow\n' });
    expect(await outcomes([publish(document('a')), publish(enforcing), publish(document('b'))])).toEqual([
      ...['created', 'proposed', 'created'],
    ]);
    expect(namesInForce()).toEqual(['a', 'b']);
    expect(h.deps.documents.proposals().map(({ name }) => name)).toEqual(['strict']);
  });
});
