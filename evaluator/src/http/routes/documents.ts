import type { HeldKind } from '@guardspan/policy';
import { z } from 'zod';
import { hasRole } from '../../auth/roles.js';
import type { DocumentVersion } from '../../store/types.js';
import { ApiError } from '../api-error.js';
import type { ApiDeps } from '../deps.js';
import { BREAK_GLASS_LIMITS } from '../documents/break-glass.js';
import { COLLECTIONS } from '../documents/collections.js';
import type { Collection } from '../documents/collections.js';
import { afterSchema, pageOf, pagesOf, pageSizeSchema } from '../page.js';
import { preconditionOf } from '../precondition.js';
import { defineRoute, type Context, type Reply, type Route } from '../route.js';
import { flagSchema, listOf, publishResultSchema, whySchema } from '../schemas.js';

const originSchema = z.enum(['git', 'ui']).default('ui');
const breakGlassSchema = z.coerce
  .number()
  .min(BREAK_GLASS_LIMITS.min)
  .max(BREAK_GLASS_LIMITS.max)
  .optional()
  .describe('Seconds for which a change of what git owns holds; it needs `why`.');
const IF_MATCH = { name: 'if-match', description: 'ETag of the revision that is changed.' };
const IF_NONE_MATCH = { name: 'if-none-match', description: '`*`: it must not exist yet.' };

/** Documents of every kind: read, change under a precondition, delete. */
export const documentRoutes: readonly Route[] = COLLECTIONS.flatMap((collection) => routesOf(collection));

function routesOf(collection: Collection): Route[] {
  const { kind, path, noun, tag, operation, viewSchema } = collection;
  const list = `/api/v1/${path}`;
  const item = `${list}/{name}`;
  const keyOf = (name: string | undefined): { kind: HeldKind; name: string } => ({ kind, name: name! });
  const missing = (name: string): ApiError =>
    new ApiError(404, 'GUARDSPAN_NOT_FOUND', `There is no ${noun} ${name}.`, 'List what is there first.');
  const replied = publishResultSchema(collection);
  return [
    defineRoute({
      method: 'GET',
      path: list,
      operationId: `list${operation}s`,
      summary: `List the ${noun}s in force`,
      tag,
      role: 'viewer',
      query: z.object({
        after: afterSchema,
        limit: pageSizeSchema.optional().describe('Items of a page; without it all come at once.'),
      }),
      responses: { 200: { description: 'Sorted by name.', schema: pagesOf(viewSchema) } },
      handle: ({ deps, query }) => {
        const page = pageOf(deps.documents.list(kind), ({ name }) => name, query);
        return { status: 200, body: { ...page, items: page.items.map((one) => collection.view(deps, one)) } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: item,
      operationId: `get${operation}`,
      summary: `Read one ${noun}`,
      tag,
      role: 'viewer',
      responses: {
        200: { description: 'With its ETag.', schema: viewSchema },
        404: { description: 'There is none.' },
      },
      handle: ({ deps, params }) => {
        const found = deps.documents.get(keyOf(params['name']));
        if (found === undefined) throw missing(params['name']!);
        return { status: 200, headers: { etag: `"${found.revision}"` }, body: collection.view(deps, found) };
      },
    }),
    defineRoute({
      method: 'PUT',
      path: item,
      operationId: `put${operation}`,
      summary: `Create or change one ${noun} (YAML or JSON)`,
      tag,
      role: 'editor',
      text: ['application/yaml', 'application/json', 'text/plain'],
      query: z.object({
        ...{ dryRun: flagSchema, allowPartial: flagSchema, origin: originSchema, why: whySchema },
        breakGlass: breakGlassSchema,
      }),
      requestHeaders: [IF_MATCH, IF_NONE_MATCH],
      responses: {
        200: { description: 'Changed, unchanged, or valid (dry run).', schema: replied },
        201: { description: 'Created.', schema: replied },
        202: { description: 'Waits for an approver who is not the author.', schema: replied },
        409: {
          description:
            'Owned elsewhere, inert, not loadable by connected processes, or a change of somebody else waits.',
        },
        412: { description: 'It changed meanwhile.' },
        422: { description: 'The document is wrong or one of its own tests fails; `errors` names each place.' },
        428: { description: 'If-Match or If-None-Match is missing.' },
      },
      handle: async (context) => {
        const { deps, params, query, body, principal } = context;
        const key = keyOf(params['name']);
        const result = await deps.documents.publish({
          text: body as string,
          key,
          file: key.name,
          origin: query.origin,
          author: principal.name,
          approver: reviewedInGit(context) ? 'git' : '',
          expected: preconditionOf(context, query.dryRun),
          dryRun: query.dryRun,
          allowPartial: query.allowPartial,
          why: query.why,
          ...(query.breakGlass === undefined ? {} : { breakGlass: query.breakGlass }),
        });
        const { version, ...rest } = result;
        return publishReply(deps, version, rest);
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: item,
      operationId: `delete${operation}`,
      summary: `Delete one ${noun}`,
      tag,
      role: 'editor',
      query: z.object({ origin: originSchema, why: whySchema }),
      requestHeaders: [IF_MATCH],
      responses: {
        ...(collection.mayWaitToLeave
          ? { 202: { description: 'Waits for an approver who is not the author.', schema: replied } }
          : {}),
        204: { description: 'Deleted; its history stays.' },
        404: { description: 'There is none.' },
        409: { description: 'Owned elsewhere, still in use, or a change of somebody else waits.' },
        412: { description: 'It changed meanwhile.' },
        428: { description: 'If-Match is missing.' },
      },
      handle: async (context) => {
        const { version, outcome } = await context.deps.documents.remove({
          key: keyOf(context.params['name']),
          author: context.principal.name,
          approver: reviewedInGit(context) ? 'git' : '',
          origin: context.query.origin,
          expected: preconditionOf(context, false),
          why: context.query.why,
        });
        if (outcome === 'deleted') return { status: 204 };
        return publishReply(context.deps, version, { outcome, incompatible: [], warnings: [] });
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${item}/history`,
      operationId: `get${operation}History`,
      summary: `Every version of one ${noun}, oldest first`,
      tag,
      role: 'viewer',
      responses: {
        200: { description: 'With author and approver.', schema: listOf(viewSchema) },
        404: { description: 'There never was one.' },
      },
      handle: async ({ deps, params }) => {
        const versions = await deps.store.documentHistory(keyOf(params['name']));
        if (versions.length === 0) throw missing(params['name']!);
        return { status: 200, body: { items: versions.map((one) => collection.view(deps, one)) } };
      },
    }),
  ];
}

/** The answer to a change: the version under the name of its kind. */
export function publishReply(
  deps: ApiDeps,
  version: DocumentVersion,
  rest: { outcome: string; incompatible: unknown; warnings: unknown },
): Reply {
  const collection = COLLECTIONS.find(({ kind }) => kind === version.kind)!;
  const { outcome } = rest;
  const status = outcome === 'created' ? 201 : outcome === 'proposed' ? 202 : 200;
  const inForce = outcome === 'created' || outcome === 'updated' || outcome === 'unchanged';
  return {
    status,
    headers: inForce ? { etag: `"${version.revision}"` } : {},
    body: { ...rest, [collection.one]: collection.view(deps, version) },
  };
}

/** What a pipeline with an admin token publishes was reviewed in its repository; other tokens only say where it comes from. */
function reviewedInGit({ query, principal }: Context<{ origin: 'git' | 'ui' }>): boolean {
  return query.origin === 'git' && hasRole(principal.role, 'admin');
}
