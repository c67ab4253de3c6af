import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuardrailDirectory } from '../../src/serve/guardrail-directory.js';
import { document, startHarness, type Harness } from './harness.js';

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.close());

const KEY = { kind: 'Guardrail', name: 'slow' } as const;
const git = (mode: string, when?: string): string =>
  document('slow', { managedBy: 'git', mode, ...(when === undefined ? {} : { when }) });
const put = (text: string, query: string, as = 'eddie-editor'): Promise<Response> =>
  h.call('PUT', `/api/v1/guardrails/slow?${query}`, as, { body: text, headers: { 'if-match': '*' } });
const code = async (response: Response): Promise<unknown> => [
  response.status,
  ((await response.json()) as { code: string }).code,
];
const current = () => h.deps.documents.get(KEY)!;
const inForce = (): string => h.published.at(-1)![0]!.guardrail.spec.mode;
const records = async (): Promise<{ [key: string]: unknown }[]> =>
  (await h.store.queryAudit({ kind: 'document' })).map(({ body }) => body as { [key: string]: unknown });
/** Lets the evaluator look for edits that are over, and waits until it has done what it found. */
async function tick(): Promise<void> {
  h.deps.documents.tick();
  // Changes run one after the other: this one is answered after what was found.
  await h.deps.documents.reject({ kind: 'Guardrail', name: 'none' }, 'x', 'x');
}

beforeEach(async () => {
  await h.call('PUT', '/api/v1/guardrails/slow?origin=git', 'ada-admin', {
    body: git('enforce'),
    headers: { 'if-none-match': '*' },
  });
});

describe('a break-glass edit', () => {
  const EDIT = 'breakGlass=600&why=it%20refuses%20everybody';

  it('changes what git owns, says who, why and until when, and is seen to differ', async () => {
    const base = current().revision;
    const answer = await put(git('warn'), EDIT);
    expect(answer.status).toBe(200);
    const { guardrail } = (await answer.json()) as { guardrail: unknown };
    const until = expect.any(Number) as number;
    const why = 'it refuses everybody';
    expect(guardrail).toMatchObject({ author: 'eddie-editor', why, breakGlass: { base, until } });
    expect(inForce()).toBe('warn');
    expect(h.deps.documents.drifted().map(({ name }) => name)).toEqual(['slow']);
    const record = { change: 'updated', origin: 'ui', previous: base, why, breakGlass: { base, until } };
    expect((await records()).at(-1)).toMatchObject(record);
  });

  it('goes back by itself when its time is over, with a record and without a second person', async () => {
    const { revision, source, author } = current();
    await put(git('warn'), EDIT);
    await tick();
    expect(inForce()).toBe('warn');
    h.pass(600);
    await tick();
    expect(inForce()).toBe('enforce');
    expect(current()).toMatchObject({ revision, source, author, approver: 'git', breakGlass: null });
    expect(h.deps.documents.drifted()).toEqual([]);
    expect((await records()).at(-1)).toMatchObject({ change: 'reverted', endsBreakGlass: { base: revision } });
    expect(h.faults).toEqual([]);
  });

  it('can be made longer, changed again and taken back, and stays an edit of what git asked for', async () => {
    const base = current().revision;
    await put(git('warn'), EDIT);
    const { until } = current().breakGlass!;
    h.pass(300);
    await put(git('warn'), EDIT);
    expect(current().breakGlass!.until).toBeGreaterThan(until + 299);
    await put(git('off'), EDIT);
    expect(current().breakGlass).toMatchObject({ base });
    expect((await put(git('enforce'), EDIT)).status).toBe(200);
    expect(current()).toMatchObject({ revision: base, breakGlass: null });
  });

  it('is ended by the next push, also by one that says the same as the edit', async () => {
    await put(git('warn'), EDIT);
    // Who pushes without the role of a pipeline goes back to what was approved, which needs nobody.
    expect((await put(git('enforce'), 'origin=git')).status).toBe(200);
    expect(current().breakGlass).toBeNull();
    await put(git('warn'), EDIT);
    await put(git('warn'), 'origin=git', 'ada-admin');
    expect(current().breakGlass).toBeNull();
    expect(inForce()).toBe('warn');
    expect((await records()).at(-1)).toMatchObject({ change: 'updated', origin: 'git', endsBreakGlass: {} });
    h.pass(1000);
    await tick();
    expect(inForce()).toBe('warn');
  });

  it('needs a second person where every change does, and holds from when that one approved it', async () => {
    expect((await put(git('enforce', "model.name != 'x'"), EDIT)).status).toBe(202);
    expect(h.deps.documents.proposals()).toMatchObject([{ breakGlass: 600, origin: 'ui' }]);
    h.pass(10_000);
    const approved = await h.call('POST', '/api/v1/proposals/guardrails/slow/approve', 'anna-approver');
    expect(approved.status).toBe(200);
    expect(current().breakGlass!.until).toBeGreaterThan(11_500);
  });

  it.each([
    ['without a reason', git('warn'), 'breakGlass=600', [400, 'GUARDSPAN_BREAK_GLASS']],
    ['for less than a minute', git('warn'), 'breakGlass=59&why=x', [400, 'GUARDSPAN_INVALID']],
    ['for more than a week', git('warn'), 'breakGlass=604801&why=x', [400, 'GUARDSPAN_INVALID']],
    ['by git', git('warn'), 'breakGlass=600&why=x&origin=git', [409, 'GUARDSPAN_BREAK_GLASS']],
    ['that takes the document', document('slow'), 'breakGlass=600&why=x', [409, 'GUARDSPAN_BREAK_GLASS']],
    ['that is none', git('warn'), 'why=x', [409, 'GUARDSPAN_MANAGED_BY_GIT']],
  ])('%s is refused', async (_name, text, query, expected) => {
    expect(await code(await put(text, query))).toEqual(expected);
    expect(current().breakGlass).toBeNull();
  });

  it('of what is not there, or not owned by git, is refused', async () => {
    const send = (headers: { [name: string]: string }, text: string): Promise<Response> =>
      h.call('PUT', '/api/v1/guardrails/other?breakGlass=600&why=x', 'eddie-editor', { body: text, headers });
    const missing = await send({ 'if-none-match': '*' }, document('other', { managedBy: 'git' }));
    expect(await code(missing)).toEqual([404, 'GUARDSPAN_NOT_FOUND']);
    await h.call('PUT', '/api/v1/guardrails/other', 'eddie-editor', {
      body: document('other'),
      headers: { 'if-none-match': '*' },
    });
    const owned = await send({ 'if-match': '*' }, document('other', { mode: 'off' }));
    expect(await code(owned)).toEqual([409, 'GUARDSPAN_BREAK_GLASS']);
  });

  it('is tried again when it cannot be taken back, and holds until then', async () => {
    await put(git('warn'), EDIT);
    const history = h.store.documentHistory.bind(h.store);
    h.store.documentHistory = () => Promise.reject(new Error('the disk is away'));
    h.pass(600);
    await tick();
    expect([inForce(), h.faults.map(({ message }) => message)]).toEqual(['warn', ['the disk is away']]);
    h.store.documentHistory = history;
    h.pass(60);
    await tick();
    expect(inForce()).toBe('enforce');
  });
});

it('a directory that is read again leaves a break-glass edit alone until its file changes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'guardspan-glass-'));
  try {
    const directory = new GuardrailDirectory(folder, h.deps.documents, () => undefined);
    await writeFile(join(folder, 'slow.yaml'), git('enforce'));
    await directory.reload();
    await put(git('warn'), 'breakGlass=600&why=x');
    expect(await directory.reload()).toEqual([]);
    expect([inForce(), h.deps.documents.drifted().length]).toEqual(['warn', 1]);
    await writeFile(join(folder, 'slow.yaml'), git('dryrun'));
    await directory.reload();
    expect([inForce(), h.deps.documents.drifted().length]).toEqual(['dryrun', 0]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
