import { z } from 'zod';
import type { DocumentKey } from '../../store/types.js';
import { ApiError } from '../api-error.js';
import type { ApiDeps, Proposal } from '../deps.js';
import { COLLECTIONS } from '../documents/collections.js';
import { preconditionOf } from '../precondition.js';
import { defineRoute, type Route } from '../route.js';
import type { ProposalDetail, ProposalView } from '../schemas.js';
import { listOf, proposalDetailSchema, proposalSchema, publishResultSchema, reasonSchema } from '../schemas.js';
import { publishReply } from './documents.js';

const TAG = 'proposals';
const ITEM = '/api/v1/proposals/{collection}/{name}';
const IF_MATCH = { name: 'if-match', description: 'Revision of the waiting change that was read.' };

/** Changes that wait for a second person: read, approve, reject. `collection` is `guardrails`, `exceptions`, as in the paths of the documents. */
export const proposalRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/proposals',
    operationId: 'listProposals',
    summary: 'Changes that wait for an approver',
    tag: TAG,
    role: 'viewer',
    responses: { 200: { description: 'Sorted by kind and name.', schema: listOf(proposalSchema) } },
    handle: ({ deps }) => ({ status: 200, body: { items: deps.documents.proposals().map(viewOf) } }),
  }),
  defineRoute({
    method: 'GET',
    path: ITEM,
    operationId: 'getProposal',
    summary: 'One waiting change beside what it would replace',
    tag: TAG,
    role: 'viewer',
    responses: {
      200: {
        description: 'With its revision as ETag: send it back to approve what was read.',
        schema: proposalDetailSchema,
      },
      404: { description: 'Nothing waits.' },
    },
    handle: ({ deps, params }) => {
      const proposal = found(deps, params);
      const current = deps.documents.get(proposal);
      return {
        status: 200,
        headers: { etag: `"${proposal.revision}"` },
        body: { ...viewOf(proposal), inForce: current?.source ?? '' } satisfies ProposalDetail,
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: `${ITEM}/approve`,
    operationId: 'approveProposal',
    summary: 'Bring a waiting change into force',
    tag: TAG,
    role: 'approver',
    requestHeaders: [IF_MATCH],
    responses: {
      200: { description: 'In force, or deleted.', schema: publishResultSchema() },
      201: { description: 'In force, new.', schema: publishResultSchema() },
      403: { description: 'The author cannot approve (`GUARDSPAN_SECOND_PERSON`).' },
      404: { description: 'Nothing waits.' },
      409: { description: 'The document was changed since, or it can no longer be published.' },
      412: { description: 'Another change waits by now.' },
    },
    handle: async (context) => {
      const { deps, params, principal } = context;
      const { version, ...rest } = await deps.documents.approve(
        keyOf(params),
        principal.name,
        preconditionOf(context, true),
      );
      return publishReply(deps, version, rest);
    },
  }),
  defineRoute({
    method: 'POST',
    path: `${ITEM}/reject`,
    operationId: 'rejectProposal',
    summary: 'Drop a waiting change, and say why; its author may do so too',
    tag: TAG,
    role: 'editor',
    body: z.object({ reason: reasonSchema }),
    responses: { 204: { description: 'Dropped; the reason is in the audit.' }, 404: { description: 'Nothing waits.' } },
    handle: async ({ deps, params, principal, body }) => {
      const key = keyOf(params);
      if (!(await deps.documents.reject(key, principal.name, body.reason))) throw missing(key.name);
      return { status: 204 };
    },
  }),
];

function keyOf(params: { readonly [name: string]: string }): DocumentKey {
  const { collection, name } = params;
  const kind = COLLECTIONS.find(({ path }) => path === collection)?.kind;
  if (kind === undefined || name === undefined) throw missing(`${collection}/${name}`);
  return { kind, name };
}

function found({ documents }: Pick<ApiDeps, 'documents'>, params: { readonly [name: string]: string }): Proposal {
  const { kind, name } = keyOf(params);
  const proposal = documents.proposals().find((one) => one.kind === kind && one.name === name);
  if (proposal === undefined) throw missing(name);
  return proposal;
}

/** A proposal with the segment of its paths. */
function viewOf(proposal: Proposal): ProposalView {
  return { ...proposal, collection: COLLECTIONS.find(({ kind }) => kind === proposal.kind)!.path };
}

function missing(name: string): ApiError {
  return new ApiError(
    404,
    'GUARDSPAN_NOT_FOUND',
    `No change of ${name} waits for an approver.`,
    'List what waits: GET /api/v1/proposals.',
  );
}
