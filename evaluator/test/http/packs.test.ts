import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { document, packOf, startHarness, type Harness } from './harness.js';

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.close());
const NEW = { 'if-none-match': '*' };
const ANY = { 'if-match': '*' };
const uses = (entities = ''): string =>
  document('slow', { when: 'own.count > 0', more: `  uses: {own: {detector: pack/acme, on: prompt.text${entities}}}` });
const put = async (path: string, body: string, headers: { [name: string]: string } = NEW) => {
  const response = await h.call('PUT', `/api/v1/${path}`, 'eddie-editor', { body, headers });
  const { code } = (await response.json()) as { code?: string };
  return [response.status, code];
};

describe('packs over HTTP', () => {
  it('are bound to the guard-rails that use them, which change with them', async () => {
    expect(await put('packs/acme', packOf('acme', 'project: {words: [heron]}'))).toEqual([201, undefined]);
    expect(await put('guardrails/slow', uses())).toEqual([201, undefined]);
    const before = h.published.at(-1)![0]!;
    expect(before.guardrail.spec.uses.own!.pack).toMatchObject({ entities: { project: { words: ['heron'] } } });
    expect(await put('packs/acme', packOf('acme', 'project: {words: [jay]}'), ANY)).toEqual([200, undefined]);
    const after = h.published.at(-1)![0]!;
    expect(after.revision).not.toBe(before.revision);
    const [, bound] = (await h.store.queryAudit({ kind: 'document' })).slice(-2);
    expect(bound!.body).toMatchObject({
      ...{ change: 'bound', revision: after.revision },
      packs: [{ detector: 'pack/acme', revision: after.guardrail.spec.uses.own!.pack!.revision }],
    });
  });

  it('must be there before they are used, with the entities that are used, and stay while they are', async () => {
    expect(await put('guardrails/slow', uses())).toEqual([422, 'GUARDSPAN_PACK_UNKNOWN']);
    await put('packs/acme', packOf('acme', 'project: {words: [heron]}'));
    expect(await put('guardrails/slow', uses(', entities: [other]'))).toEqual([422, 'GUARDSPAN_DETECTOR_UNKNOWN']);
    expect(await put('guardrails/slow', uses(', entities: [project]'))).toEqual([201, undefined]);
    expect(await put('packs/acme', packOf('acme', 'other: {words: [heron]}'), ANY)).toEqual([
      409,
      'GUARDSPAN_PACK_IN_USE',
    ]);
    const gone = () => h.call('DELETE', '/api/v1/packs/acme', 'eddie-editor', { headers: ANY });
    expect(((await (await gone()).json()) as { code: string }).code).toBe('GUARDSPAN_PACK_IN_USE');
    await h.call('DELETE', '/api/v1/guardrails/slow', 'eddie-editor', { headers: ANY });
    expect((await gone()).status).toBe(204);
  });

  it('change by two people while a guard-rail enforces by them', async () => {
    await put('packs/acme', packOf('acme', 'project: {words: [heron]}'));
    await put('guardrails/slow', uses().replace('mode: warn', 'mode: enforce'));
    await h.call('POST', '/api/v1/proposals/guardrails/slow/approve', 'anna-approver');
    expect(await put('packs/acme', packOf('acme', 'project: {words: [jay]}'), ANY)).toEqual([202, undefined]);
    expect(h.deps.documents.proposals()).toMatchObject([
      { kind: 'DetectorPack', reason: 'slow enforces by what it finds.' },
    ]);
  });

  it('are tested with the guard-rails that use them', async () => {
    await put('packs/acme', packOf('acme', 'project: {words: [heron]}'));
    const test = (text: string): string =>
      `${uses()}\n  tests:\n    - {name: a, given: {model: {name: m}, prompt: {text: ${text}}}, expect: {action: deny}}`;
    expect(await put('guardrails/slow', test('a jay'))).toEqual([422, 'GUARDSPAN_TEST_FAILED']);
    expect(await put('guardrails/slow', test('a heron'))).toEqual([201, undefined]);
  });
});
