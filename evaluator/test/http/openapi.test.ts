import { readFileSync } from 'node:fs';
import { loadGuardrails } from '@guardspan/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCells } from '../../src/count/cells/cell-codec.js';
import type { Checkpoint } from '../../src/engine/types.js';
import { apiMarkdown } from '../../src/http/api-markdown.js';
import { forPeople } from '../../src/engine/evidence/for-people.js';
import { createOpenApiDocument } from '../../src/http/openapi.js';
import { routes } from '../../src/http/routes/index.js';
import { problemSchema } from '../../src/http/schemas.js';
import { helloOf } from '../channel/support/agent.js';
import { blocksOf } from '../count/blocks-of.js';
import { document, exceptionOf, FIRING, packOf, startHarness, type Harness } from './harness.js';

/** A document whose test has a baseline, and a bucket that was counted for it. */
const based = `
apiVersion: guardspan/v1alpha1
kind: Guardrail
metadata: {name: based, managedBy: ui}
spec:
  over:
    every: 60s
    groupBy: [model]
    test: {rate: {of: streamed, baseline: {model: m, calls: 900, events: 9}}}
    promise: {falseAlarms: 1, per: 30d}
  action: {annotate: {attributes: {a: b}}}
  mode: warn
`;
const counted: Checkpoint = {
  buckets: blocksOf(loadGuardrails(based, { file: 'based' }).guardrails[0]!.revision, [
    {
      series: '["m"]',
      bucket: 120,
      arm: 'model',
      totals: encodeCells({ rows: [['', '', [98, 2]]], categories: [], units: 0, parts: [] }),
    },
  ]),
  series: [],
  seen: [],
  closedBefore: 180,
};

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
  await h.store.commitCheckpoint(counted);
  await h.store.putVerdict(FIRING);
  const over = { ...(await h.store.verdict('v1'))!, id: 'v2', state: 'ok', releasedAt: 9 };
  await h.store.putVerdict(over, forPeople(h.deps.engine.explain('v1')!));
  h.fakes.pending = [
    { verdictId: 'v1', guardrail: 'slow', scope: {}, at: 1, reason: 'max_scopes', until: 0, onTimeout: '' },
  ];
});
afterAll(() => h.close());

const NEW = { 'if-none-match': '*' };
const reason = { reason: 'because' };
const sync = '/api/v1/agent/sync?service=shop&instance=i&incarnation=c';
const owned = document('owned', { managedBy: 'git' });
const git = '?origin=git';
const PACK = 'a: {words: [heron]}';
const USES = '  uses: {own: {detector: pack/p, on: prompt.text}}';
const any = { 'if-match': '*' };
const fact = { items: [{ call_id: 'c', name: 'repaid', value: true, at: 1 }] };
/** [operation, path, token, expected status, body, headers]: run in this order against one server. */
const steps: [string, string, string, number, unknown?, { [name: string]: string }?][] = [
  ['getOpenApi', '/api/v1/openapi.json', '', 200],
  ['putGuardrail', '/api/v1/guardrails/slow', 'eddie-editor', 428, document('slow')],
  ['putGuardrail', '/api/v1/guardrails/slow', 'eddie-editor', 422, 'kind: x', NEW],
  [
    'putGuardrail',
    '/api/v1/guardrails/slow',
    'eddie-editor',
    415,
    document('slow'),
    { ...NEW, 'content-type': 'text/html' },
  ],
  ['putGuardrail', '/api/v1/guardrails/slow', 'eddie-editor', 413, 'x'.repeat(1_100_000), NEW],
  ['putGuardrail', '/api/v1/guardrails/slow?dryRun=maybe', 'eddie-editor', 400, document('slow'), NEW],
  ['putGuardrail', '/api/v1/guardrails/slow', 'eddie-editor', 201, document('slow'), NEW],
  ['putGuardrail', '/api/v1/guardrails/slow', 'eddie-editor', 412, document('slow'), NEW],
  [
    'putGuardrail',
    '/api/v1/guardrails/slow',
    'eddie-editor',
    200,
    document('slow', { mode: 'dryrun' }),
    { 'if-match': '*' },
  ],
  [
    'putGuardrail',
    '/api/v1/guardrails/slow',
    'eddie-editor',
    202,
    document('slow', { mode: 'enforce' }),
    { 'if-match': '*' },
  ],
  ['putGuardrail', '/api/v1/guardrails/owned', 'eddie-editor', 409, document('owned', { managedBy: 'git' }), NEW],
  ['putGuardrail', '/api/v1/guardrails/based', 'eddie-editor', 201, based, NEW],
  ['proposeBaseline', '/api/v1/guardrails/based/baseline', 'eddie-editor', 200, { dryRun: true }],
  ['proposeBaseline', '/api/v1/guardrails/based/baseline', 'eddie-editor', 202, {}],
  ['proposeBaseline', '/api/v1/guardrails/none/baseline', 'eddie-editor', 404, {}],
  ['proposeBaseline', '/api/v1/guardrails/slow/baseline', 'eddie-editor', 409, {}],
  ['listGuardrails', '/api/v1/guardrails', 'vera-viewer', 200],
  ['listGuardrails', '/api/v1/guardrails', '', 401],
  ['getGuardrail', '/api/v1/guardrails/slow', 'vera-viewer', 200],
  ['getGuardrail', '/api/v1/guardrails/none', 'vera-viewer', 404],
  ['getGuardrailHistory', '/api/v1/guardrails/slow/history', 'vera-viewer', 200],
  ['getGuardrailHistory', '/api/v1/guardrails/none/history', 'vera-viewer', 404],
  ['listProposals', '/api/v1/proposals', 'vera-viewer', 200],
  ['approveProposal', '/api/v1/proposals/guardrails/slow/approve', 'eddie-editor', 403],
  [
    'approveProposal',
    '/api/v1/proposals/guardrails/slow/approve',
    'anna-approver',
    412,
    undefined,
    { 'if-match': '"old"' },
  ],
  ['approveProposal', '/api/v1/proposals/guardrails/slow/approve', 'anna-approver', 200],
  ['approveProposal', '/api/v1/proposals/guardrails/slow/approve', 'anna-approver', 404],
  ['putGuardrail', '/api/v1/guardrails/stop', 'eddie-editor', 202, document('stop', { mode: 'enforce' }), NEW],
  ['putGuardrail', '/api/v1/guardrails/stop', 'eddie-editor', 201, document('stop'), NEW],
  ['approveProposal', '/api/v1/proposals/guardrails/stop/approve', 'anna-approver', 409],
  ['rejectProposal', '/api/v1/proposals/guardrails/stop/reject', 'eddie-editor', 204, { reason: 'no' }],
  ['putGuardrail', '/api/v1/guardrails/new', 'eddie-editor', 202, document('new', { mode: 'enforce' }), NEW],
  ['approveProposal', '/api/v1/proposals/guardrails/new/approve', 'anna-approver', 201],
  ['rejectProposal', '/api/v1/proposals/guardrails/stop/reject', 'eddie-editor', 404, { reason: 'no' }],
  ['putGuardrail', `/api/v1/guardrails/owned${git}`, 'eddie-editor', 201, owned, NEW],
  ['deleteGuardrail', '/api/v1/guardrails/owned', 'eddie-editor', 409, undefined, any],
  ['deleteGuardrail', '/api/v1/guardrails/none', 'eddie-editor', 404, undefined, any],
  ['deleteGuardrail', '/api/v1/guardrails/slow', 'eddie-editor', 428],
  ['deleteGuardrail', '/api/v1/guardrails/slow', 'eddie-editor', 412, undefined, { 'if-match': '"old"' }],
  ['deleteGuardrail', '/api/v1/guardrails/slow', 'eddie-editor', 204, undefined, { 'if-match': '*' }],
  ['putPack', '/api/v1/packs/p', 'eddie-editor', 428, packOf('p', PACK)],
  ['putPack', '/api/v1/packs/p', 'eddie-editor', 422, packOf('p', 'a: {pattern: a*}'), NEW],
  ['putPack', '/api/v1/packs/p', 'eddie-editor', 201, packOf('p', PACK), NEW],
  ['putPack', '/api/v1/packs/p', 'eddie-editor', 412, packOf('p', PACK), NEW],
  ['putPack', '/api/v1/packs/p', 'eddie-editor', 200, packOf('p', PACK), any],
  ['putPack', '/api/v1/packs/p', 'eddie-editor', 409, packOf('p', PACK, 'git'), any],
  ['listPacks', '/api/v1/packs', 'vera-viewer', 200],
  ['getPack', '/api/v1/packs/p', 'vera-viewer', 200],
  ['getPack', '/api/v1/packs/none', 'vera-viewer', 404],
  ['getPackHistory', '/api/v1/packs/p/history', 'vera-viewer', 200],
  ['getPackHistory', '/api/v1/packs/none/history', 'vera-viewer', 404],
  ['putGuardrail', '/api/v1/guardrails/p', 'eddie-editor', 202, document('p', { mode: 'enforce', more: USES }), NEW],
  ['approveProposal', '/api/v1/proposals/guardrails/p/approve', 'anna-approver', 201],
  ['putPack', '/api/v1/packs/p', 'eddie-editor', 202, packOf('p', 'a: {words: [jay]}'), any],
  ['deletePack', '/api/v1/packs/p', 'eddie-editor', 409, undefined, any],
  ['deleteGuardrail', '/api/v1/guardrails/p', 'eddie-editor', 204, undefined, any],
  ['deletePack', '/api/v1/packs/p', 'eddie-editor', 428],
  ['deletePack', '/api/v1/packs/p', 'eddie-editor', 412, undefined, { 'if-match': '"old"' }],
  ['deletePack', '/api/v1/packs/p', 'eddie-editor', 204, undefined, any],
  ['deletePack', '/api/v1/packs/p', 'eddie-editor', 404, undefined, any],
  ['putGuardrail', '/api/v1/guardrails/w', 'eddie-editor', 202, document('w', { more: '  approval: required' }), NEW],
  ['approveProposal', '/api/v1/proposals/guardrails/w/approve', 'anna-approver', 201],
  ['deleteGuardrail', '/api/v1/guardrails/w', 'eddie-editor', 202, undefined, any],
  ['rejectProposal', '/api/v1/proposals/guardrails/w/reject', 'eddie-editor', 204, { reason: 'no' }],
  ['putException', '/api/v1/exceptions/e', 'eddie-editor', 428, exceptionOf('e')],
  ['putException', '/api/v1/exceptions/e', 'eddie-editor', 422, document('e'), NEW],
  ['putException', '/api/v1/exceptions/e', 'eddie-editor', 201, exceptionOf('e'), NEW],
  ['putException', '/api/v1/exceptions/e', 'eddie-editor', 412, exceptionOf('e'), NEW],
  ['putException', '/api/v1/exceptions/e', 'eddie-editor', 200, exceptionOf('e'), any],
  ['putException', '/api/v1/exceptions/e', 'eddie-editor', 409, exceptionOf('e', { managedBy: 'git' }), any],
  ['putException', '/api/v1/exceptions/w', 'eddie-editor', 202, exceptionOf('w', { approval: 'required' }), NEW],
  ['getProposal', '/api/v1/proposals/exceptions/w', 'vera-viewer', 200],
  ['getProposal', '/api/v1/proposals/exceptions/none', 'vera-viewer', 404],
  ['getProposal', '/api/v1/proposals/none/w', 'vera-viewer', 404],
  ['approveProposal', '/api/v1/proposals/exceptions/w/approve', 'anna-approver', 201],
  ['deleteException', '/api/v1/exceptions/w', 'eddie-editor', 202, undefined, any],
  ['approveProposal', '/api/v1/proposals/exceptions/w/approve', 'anna-approver', 200],
  ['listExceptions', '/api/v1/exceptions', 'vera-viewer', 200],
  ['getException', '/api/v1/exceptions/e', 'vera-viewer', 200],
  ['getException', '/api/v1/exceptions/none', 'vera-viewer', 404],
  ['getExceptionHistory', '/api/v1/exceptions/e/history', 'vera-viewer', 200],
  ['getExceptionHistory', '/api/v1/exceptions/none/history', 'vera-viewer', 404],
  ['deleteException', '/api/v1/exceptions/e', 'eddie-editor', 428],
  ['deleteException', `/api/v1/exceptions/e${git}`, 'eddie-editor', 409, undefined, any],
  ['deleteException', '/api/v1/exceptions/e', 'eddie-editor', 412, undefined, { 'if-match': '"old"' }],
  ['deleteException', '/api/v1/exceptions/e', 'eddie-editor', 204, undefined, any],
  ['deleteException', '/api/v1/exceptions/e', 'eddie-editor', 404, undefined, any],
  ['listVerdicts', '/api/v1/verdicts?active=true', 'vera-viewer', 200],
  ['listVerdicts', '/api/v1/verdicts?limit=0', 'vera-viewer', 400],
  ['getVerdict', '/api/v1/verdicts/v1', 'vera-viewer', 200],
  ['getVerdict', '/api/v1/verdicts/none', 'vera-viewer', 404],
  ['releaseVerdict', '/api/v1/verdicts/v1/release', 'anna-approver', 200, reason],
  ['releaseVerdict', '/api/v1/verdicts/v1/release', 'anna-approver', 409, reason],
  ['releaseVerdict', '/api/v1/verdicts/none/release', 'anna-approver', 404, reason],
  ['releaseVerdict', '/api/v1/verdicts/v1/release', 'anna-approver', 400, {}],
  ['postFeedback', '/api/v1/feedback', 'eddie-editor', 201, { verdictId: 'v1', judgement: 'unclear', ...reason }],
  ['postFeedback', '/api/v1/feedback', 'eddie-editor', 404, { verdictId: 'v9', judgement: 'unclear', ...reason }],
  ['explainVerdict', '/api/v1/verdicts/v1/explanation', 'vera-viewer', 200],
  ['explainVerdict', '/api/v1/verdicts/v2/explanation', 'vera-viewer', 200],
  ['explainVerdict', '/api/v1/verdicts/v9/explanation', 'vera-viewer', 404],
  ['listEvidence', '/api/v1/evidence', 'vera-viewer', 200],
  ['listSeries', '/api/v1/series', 'vera-viewer', 200],
  ['listDirectives', '/api/v1/directives', 'vera-viewer', 200],
  ['approveDirective', '/api/v1/directives/v1/approve', 'anna-approver', 200, reason],
  ['approveDirective', '/api/v1/directives/v9/approve', 'anna-approver', 404, reason],
  ['rejectDirective', '/api/v1/directives/v1/reject', 'anna-approver', 200, reason],
  ['rejectDirective', '/api/v1/directives/v1/reject', 'eddie-editor', 403, reason],
  ['rejectDirective', '/api/v1/directives/v9/reject', 'anna-approver', 404, reason],
  ['listModels', '/api/v1/models', 'vera-viewer', 200],
  ['listModelGuardrails', '/api/v1/models/guardrails?model=m', 'vera-viewer', 200],
  ['getPrecision', '/api/v1/guardrails/slow/precision', 'vera-viewer', 200],
  ['listFleet', '/api/v1/fleet', 'vera-viewer', 200],
  ['getCoverage', '/api/v1/coverage', 'vera-viewer', 200],
  ['listAlerts', '/api/v1/alerts', 'vera-viewer', 200],
  ['listDispositions', '/api/v1/dispositions?guardrail=slow', 'vera-viewer', 200],
  ['getSession', '/api/v1/session', 'vera-viewer', 200],
  ['getSession', '/api/v1/session', '', 401],
  ['getSession', '/api/v1/session', 'grafana-app', 403, undefined, { 'x-grafana-context': 'anna' }],
  ['listWebhooks', '/api/v1/webhooks', 'vera-viewer', 200],
  ['replayWebhooks', '/api/v1/webhooks/replay', 'eddie-editor', 200, {}],
  ['engageKillSwitch', '/api/v1/kill', 'anna-approver', 201, { ...reason, expiresIn: 60 }],
  ['listKillSwitches', '/api/v1/kill', 'vera-viewer', 200],
  ['liftKillSwitch', '/api/v1/kill/id1?reason=done', 'anna-approver', 403],
  ['liftKillSwitch', '/api/v1/kill/id1?reason=done', 'adam-approver', 200],
  ['liftKillSwitch', '/api/v1/kill/id1?reason=done', 'adam-approver', 404],
  ['postTruths', '/api/v1/truths', 'eddie-editor', 200, fact],
  ['postTruths', '/api/v1/truths', 'eddie-editor', 400, { items: [] }],
  ['postGroups', '/api/v1/groups', 'eddie-editor', 200, fact],
  ['agentSync', sync, 'shop-agent', 200],
  ['agentSync', sync.replace('shop', 'bank'), 'shop-agent', 403],
  ['agentSync', sync, 'vera-viewer', 403],
  ['agentExchange', '/api/v1/agent/sync?since=c', 'shop-agent', 200, { messages: [helloOf('shop')] }],
  ['agentExchange', '/api/v1/agent/sync', 'shop-agent', 403, { messages: [helloOf('bank')] }],
  ['agentExchange', '/api/v1/agent/sync', 'shop-agent', 400, { messages: [] }],
  ['agentExchange', '/api/v1/agent/sync', 'shop-agent', 400, { messages: [{ type: 'ack', revision: 'r' }] }],
  ['agentExchange', '/api/v1/agent/sync', 'shop-agent', 400, { messages: [helloOf('shop', { protocols: ['x'] })] }],
  ['decide', '/api/v1/decide', 'shop-agent', 200, { call: { service: 'shop' } }],
  ['decide', '/api/v1/decide', 'shop-agent', 403, { call: { service: 'bank' } }],
  ['decide', '/api/v1/decide', 'vera-viewer', 403, { call: { service: 'shop' } }],
  ['decide', '/api/v1/decide', 'shop-agent', 400, { call: { service: 'shop', group: { sex: 'f' } } }],
  ['decideAsOpa', '/v1/data/guardspan/decide', 'shop-agent', 200, { input: { call: { service: 'shop' } } }],
  ['decideAsOpa', '/v1/data/guardspan/decide', 'shop-agent', 403, { input: { call: { service: 'bank' } } }],
  ['decideAsOpa', '/v1/data/guardspan/decide', 'shop-agent', 400, {}],
  ['queryAudit', '/api/v1/audit?descending=true', 'vera-viewer', 200],
  ['exportAudit', '/api/v1/audit/export', 'anna-approver', 200],
  ['streamEvents', '/api/v1/events', 'vera-viewer', 200],
];

interface Operation {
  operationId: string;
  responses: { [status: string]: { content?: { [type: string]: unknown } } };
}
const openapi = createOpenApiDocument() as { paths: { [path: string]: { [method: string]: Operation } } };
const operations = new Map(
  Object.values(openapi.paths).flatMap((item) =>
    Object.entries(item).map(([method, one]) => [one.operationId, { method: method.toUpperCase(), ...one }] as const),
  ),
);

describe('OpenAPI document', () => {
  it('is the committed one', () => {
    const committed = readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8');
    expect(JSON.parse(committed)).toEqual(openapi);
  });

  it('is listed in docs/api.md as committed', () => {
    // The formatter pads tables: runs of spaces and dashes are one.
    const plain = (text: string): string => text.replace(/[ -]+/g, ' ');
    const committed = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
    expect(plain(committed)).toBe(plain(apiMarkdown()));
  });

  it('has a step for each status that an operation declares itself, but for the one that needs many open streams', () => {
    const provoked = new Set(steps.map(([id, , , status]) => `${id} ${status}`));
    const declared = routes.flatMap((route) =>
      Object.keys(route.responses).map((status) => `${route.operationId} ${status}`),
    );
    expect(declared.filter((one) => !provoked.has(one))).toEqual(['streamEvents 503']);
    expect(provoked).toContain('getOpenApi 200');
  });

  it.each(steps)('%s %s as "%s" answers %i as described', async (id, path, as, status, body, headers) => {
    const operation = operations.get(id)!;
    const response = await h.call(operation.method, path, as, {
      ...(body === undefined ? {} : { body }),
      ...(headers === undefined ? {} : { headers }),
    });
    const type = response.headers.get('content-type');
    if (type === 'text/event-stream') {
      await response.body!.cancel();
      expect(response.status).toBe(status);
      return;
    }
    const text = await response.text();
    expect(response.status, text).toBe(status);
    const described = operation.responses[String(status)];
    expect(described, `${id} does not describe ${status}`).toBeDefined();
    expect(Object.keys(described!.content ?? {})).toEqual(type === null ? [] : [type]);
    if (status >= 400) {
      expect(problemSchema.safeParse(JSON.parse(text)).success).toBe(true);
      return;
    }
    const schema = routes.find((route) => route.operationId === id)?.responses[status]?.schema;
    if (schema !== undefined) expect(schema.safeParse(JSON.parse(text)).error).toBeUndefined();
  });
});
