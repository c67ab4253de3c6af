import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { document, exceptionOf, packOf, startHarness, type Harness } from './harness.js';

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.close());

type Owner = 'git' | 'ui';
const GIT = 'GUARDSPAN_MANAGED_BY_GIT';
const UI = 'GUARDSPAN_MANAGED_BY_UI';

/** The rows of docs/guardrails.md, "Who owns a document": who owned it, whom the new text names, who sends it, and the answer. */
const CHANGES: readonly [Owner | 'nobody', Owner, Owner, string | number][] = [
  ['nobody', 'git', 'git', 201],
  ['nobody', 'git', 'ui', GIT],
  ['nobody', 'ui', 'git', UI],
  ['nobody', 'ui', 'ui', 201],
  ['git', 'git', 'git', 200],
  ['git', 'git', 'ui', GIT],
  ['git', 'ui', 'git', UI],
  ['git', 'ui', 'ui', GIT],
  ['ui', 'git', 'git', UI],
  ['ui', 'git', 'ui', GIT],
  ['ui', 'ui', 'git', UI],
  ['ui', 'ui', 'ui', 200],
];
const REMOVALS: readonly [Owner, Owner, string | number][] = [
  ['git', 'git', 204],
  ['git', 'ui', GIT],
  ['ui', 'git', UI],
  ['ui', 'ui', 204],
];

const KINDS: readonly [string, (managedBy: Owner, again: boolean) => string][] = [
  ['guardrails', (managedBy, again) => document('one', { managedBy, mode: again ? 'dryrun' : 'warn' })],
  ['exceptions', (managedBy, again) => exceptionOf('one', { managedBy, expires: again ? '2027-02-01' : '2027-01-01' })],
  ['packs', (managedBy, again) => packOf('one', `a: {words: [${again ? 'jay' : 'heron'}]}`, managedBy)],
];

describe.each(KINDS)('%s', (path, text) => {
  const put = (managedBy: Owner, origin: Owner, again: boolean): Promise<Response> =>
    h.call('PUT', `/api/v1/${path}/one?origin=${origin}`, 'eddie-editor', {
      body: text(managedBy, again),
      headers: again ? { 'if-match': '*' } : { 'if-none-match': '*' },
    });
  const answer = async (response: Response): Promise<string | number> =>
    response.ok ? response.status : ((await response.json()) as { code: string }).code;

  it.each(CHANGES)('owned by %s, written as owned by %s, sent by %s: %s', async (before, named, origin, expected) => {
    if (before !== 'nobody') expect(await answer(await put(before, before, false))).toBe(201);
    expect(await answer(await put(named, origin, before !== 'nobody'))).toBe(expected);
  });

  it.each(REMOVALS)('owned by %s, removed by %s: %s', async (owner, origin, expected) => {
    await put(owner, owner, false);
    const gone = await h.call('DELETE', `/api/v1/${path}/one?origin=${origin}`, 'eddie-editor', {
      headers: { 'if-match': '*' },
    });
    expect(await answer(gone)).toBe(expected);
  });
});
