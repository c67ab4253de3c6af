import { z } from 'zod';
import type { DocumentVersion } from '../../store/types.js';
import { hasRole } from '../../auth/roles.js';
import { ApiError } from '../api-error.js';
import type { ApiDeps, PublishResult } from '../deps.js';
import { proposeBaseline } from '../documents/propose-baseline.js';
import { defineRoute, type Context, type Reply, type Route } from '../route.js';
import { flagSchema, guardrailViewSchema, listOf, proposalSchema, publishResultSchema } from '../schemas.js';

const TAG = 'guard-rails';
const ITEM = '/api/v1/guardrails/{name}';
const originSchema = z.enum(['git', 'ui']).default('ui');
const IF_MATCH = { name: 'if-match', description: 'ETag of the revision that is changed.' };
const IF_NONE_MATCH = { name: 'if-none-match', description: '`*`: it must not exist yet.' };

const baselined = publishResultSchema.extend({
  source: z.string().describe('The document with the new baseline.'),
  baseline: z.looseObject({ model: z.string(), calls: z.number() }),
});

/** Guard-rails: read, change under a precondition, approve. */
export const guardrailRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/guardrails',
    operationId: 'listGuardrails',
    summary: 'List the guard-rails in force',
    tag: TAG,
    role: 'viewer',
    responses: { 200: { description: 'Sorted by name.', schema: listOf(guardrailViewSchema) } },
    handle: ({ deps }) => ({ status: 200, body: { items: deps.documents.list().map((one) => view(deps, one)) } }),
  }),
  defineRoute({
    method: 'GET',
    path: ITEM,
    operationId: 'getGuardrail',
    summary: 'Read a guard-rail',
    tag: TAG,
    role: 'viewer',
    responses: {
      200: { description: 'With its ETag.', schema: guardrailViewSchema },
      404: { description: 'There is none.' },
    },
    handle: ({ deps, params }) => {
      const found = deps.documents.get(params['name']!);
      if (found === undefined) throw missing(params['name']!);
      return { status: 200, headers: { etag: `"${found.revision}"` }, body: view(deps, found) };
    },
  }),
  defineRoute({
    method: 'PUT',
    path: ITEM,
    operationId: 'putGuardrail',
    summary: 'Create or change a guard-rail (YAML or JSON)',
    tag: TAG,
    role: 'editor',
    text: ['application/yaml', 'application/json', 'text/plain'],
    query: z.object({ dryRun: flagSchema, allowPartial: flagSchema, origin: originSchema }),
    requestHeaders: [IF_MATCH, IF_NONE_MATCH],
    responses: {
      200: { description: 'Changed, unchanged, or valid (dry run).', schema: publishResultSchema },
      201: { description: 'Created.', schema: publishResultSchema },
      202: { description: 'Waits for an approver who is not the author.', schema: publishResultSchema },
      409: { description: 'Owned elsewhere, inert, or not loadable by connected processes.' },
      412: { description: 'It changed meanwhile.' },
      422: { description: 'The document is wrong or one of its own tests fails; `errors` names each place.' },
      428: { description: 'If-Match or If-None-Match is missing.' },
    },
    handle: async (context) => {
      const { deps, params, query, body, principal } = context;
      const name = params['name']!;
      const result = await deps.documents.publish({
        text: body as string,
        name,
        file: name,
        origin: query.origin,
        author: principal.name,
        approver: reviewedInGit(context) ? 'git' : '',
        expected: query.dryRun ? precondition(context, true) : precondition(context, false),
        dryRun: query.dryRun,
        allowPartial: query.allowPartial,
      });
      return publishReply(deps, result);
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: ITEM,
    operationId: 'deleteGuardrail',
    summary: 'Delete a guard-rail',
    tag: TAG,
    role: 'editor',
    query: z.object({ origin: originSchema }),
    requestHeaders: [IF_MATCH],
    responses: {
      204: { description: 'Deleted; its history stays.' },
      404: { description: 'There is none.' },
      409: { description: 'Owned elsewhere.' },
      412: { description: 'It changed meanwhile.' },
      428: { description: 'If-Match is missing.' },
    },
    handle: async (context) => {
      await context.deps.documents.remove({
        name: context.params['name']!,
        author: context.principal.name,
        origin: context.query.origin,
        expected: precondition(context, false),
      });
      return { status: 204 };
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${ITEM}/history`,
    operationId: 'getGuardrailHistory',
    summary: 'Every version of a guard-rail, oldest first',
    tag: TAG,
    role: 'viewer',
    responses: {
      200: { description: 'With author and approver.', schema: listOf(guardrailViewSchema) },
      404: { description: 'There never was one.' },
    },
    handle: async ({ deps, params }) => {
      const versions = await deps.store.documentHistory(params['name']!);
      if (versions.length === 0) throw missing(params['name']!);
      return { status: 200, body: { items: versions.map((one) => view(deps, one)) } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: `${ITEM}/baseline`,
    operationId: 'proposeBaseline',
    summary: 'Propose a new frozen baseline from the closed buckets of a series; an approver decides',
    tag: TAG,
    role: 'editor',
    body: z.object({
      series: z
        .record(z.string(), z.string())
        .default({})
        .describe('`groupBy` field to value; empty when there is one series.'),
      from: z.number().optional().describe('Seconds from epoch; seven days before `to` when left out.'),
      to: z.number().optional().describe('Seconds from epoch; now when left out.'),
      dryRun: z.boolean().default(false),
    }),
    responses: {
      200: {
        description: 'A dry run, or git owns the document: `source` is to be committed there.',
        schema: baselined,
      },
      202: { description: 'Waits for an approver who is not the author.', schema: baselined },
      404: { description: 'There is no such guard-rail.' },
      409: { description: 'It has no baseline, no such series, or no calls in that time.' },
    },
    handle: async ({ deps, params, body, principal }) => {
      const name = params['name']!;
      const to = body.to ?? deps.clock();
      const from = body.from ?? to - 7 * 86_400;
      const { source, baseline, document, warnings } = await proposeBaseline(deps, {
        ...{ name, series: body.series, from, to },
      });
      const origin = document.guardrail.metadata.managedBy;
      const result = await deps.documents.publish({
        ...{ text: source, name, file: name, origin, author: principal.name, approver: '' },
        ...{ expected: document.revision, dryRun: body.dryRun || origin === 'git', allowPartial: true },
      });
      const committed = 'git owns it: commit `source` to its repository, where whoever reviews it approves it.';
      const told = [...result.warnings, ...warnings, ...(origin === 'git' ? [committed] : [])];
      const reply = publishReply(deps, { ...result, warnings: told });
      return { ...reply, body: { ...(reply.body as object), source, baseline } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/proposals',
    operationId: 'listProposals',
    summary: 'Changes that wait for an approver',
    tag: TAG,
    role: 'viewer',
    responses: { 200: { description: 'Sorted by name.', schema: listOf(proposalSchema) } },
    handle: ({ deps }) => ({ status: 200, body: { items: deps.documents.proposals() } }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/proposals/{name}/approve',
    operationId: 'approveProposal',
    summary: 'Bring a waiting change into force',
    tag: TAG,
    role: 'approver',
    requestHeaders: [{ name: 'if-match', description: 'Revision of the waiting change that was read.' }],
    responses: {
      200: { description: 'In force.', schema: publishResultSchema },
      201: { description: 'In force, new.', schema: publishResultSchema },
      403: { description: 'The author cannot approve.' },
      404: { description: 'Nothing waits.' },
      409: { description: 'The document was changed since, or it can no longer be published.' },
      412: { description: 'Another change waits by now.' },
    },
    handle: async (context) => {
      const { deps, params, principal } = context;
      const expected = precondition(context, true);
      return publishReply(deps, await deps.documents.approve(params['name']!, principal.name, expected));
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/v1/proposals/{name}',
    operationId: 'rejectProposal',
    summary: 'Drop a waiting change',
    tag: TAG,
    role: 'editor',
    responses: { 204: { description: 'Dropped.' }, 404: { description: 'Nothing waits.' } },
    handle: async ({ deps, params, principal }) => {
      if (!(await deps.documents.reject(params['name']!, principal.name))) throw missing(params['name']!);
      return { status: 204 };
    },
  }),
];

function view(deps: ApiDeps, version: DocumentVersion): unknown {
  return { ...version, inert: version.deleted ? null : deps.fleet.inert(version) };
}

function publishReply(deps: ApiDeps, result: PublishResult): Reply {
  const { version, ...rest } = result;
  const status = result.outcome === 'created' ? 201 : result.outcome === 'proposed' ? 202 : 200;
  const inForce = result.outcome !== 'valid' && result.outcome !== 'proposed';
  return {
    status,
    headers: inForce ? { etag: `"${version.revision}"` } : {},
    body: { ...rest, guardrail: view(deps, version) },
  };
}

/** Value of `PublishInput.expected` from the headers. */
function precondition({ headers }: Pick<Context, 'headers'>, optional: boolean): string | undefined {
  const match = headers['if-match'];
  if (typeof match === 'string') return match === '*' ? '*' : match.replace(/^(W\/)?"|"$/g, '');
  if (headers['if-none-match'] === '*') return '';
  if (optional) return undefined;
  throw new ApiError(
    428,
    'GUARDSPAN_PRECONDITION_REQUIRED',
    'A change needs If-Match or If-None-Match.',
    'Send `If-Match: "<revision>"` for a change, `If-None-Match: *` for a new guard-rail.',
  );
}

/** What a pipeline with an admin token publishes was reviewed in its repository; other tokens only say where it comes from. */
function reviewedInGit({ query, principal }: Context<{ origin: 'git' | 'ui' }>): boolean {
  return query.origin === 'git' && hasRole(principal.role, 'admin');
}

function missing(name: string): ApiError {
  return new ApiError(
    404,
    'GUARDSPAN_NOT_FOUND',
    `There is no guard-rail or change ${name}.`,
    'List what is there first.',
  );
}
