import { z } from 'zod';
import { ApiError } from '../api-error.js';
import { defineRoute, type Route } from '../route.js';
import { directiveSchema, listOf, pendingDirectiveSchema, reasonSchema } from '../schemas.js';

const ANSWERS = {
  approve: {
    change: 'approved',
    operation: 'approveDirective',
    summary: 'Let an action be taken that waits',
    done: 'Issued.',
  },
  reject: {
    change: 'rejected',
    operation: 'rejectDirective',
    summary: 'Refuse an action that waits',
    done: 'Refused.',
  },
} as const;

/** What a person says about an action that waits for one. */
function answerRoute(answer: keyof typeof ANSWERS): Route {
  const { change, operation, summary, done } = ANSWERS[answer];
  return defineRoute({
    method: 'POST',
    path: `/api/v1/directives/{verdictId}/${answer}`,
    operationId: operation,
    summary,
    tag: 'directives',
    role: 'approver',
    body: z.strictObject({ reason: reasonSchema }),
    responses: {
      200: { description: done, schema: z.object({ [change]: z.literal(true) }) },
      404: { description: 'Nothing waits.' },
    },
    handle: async ({ deps, params, body, principal }) => {
      const verdictId = params['verdictId']!;
      const waiting = deps.directives.pending().find((one) => one.verdictId === verdictId);
      if (waiting === undefined) throw nothingWaits(verdictId);
      // On record before it happens: nothing may act that a person let through and nobody wrote down, and a restart finds what was said.
      await deps.store.appendAudit([
        {
          kind: 'override',
          at: deps.clock(),
          actor: principal.name,
          guardrail: waiting.guardrail,
          traceId: '',
          verdictId,
          body: { change, reason: body.reason, scope: waiting.scope },
        },
      ]);
      if (!deps.directives[answer](verdictId, principal.name)) throw nothingWaits(verdictId);
      deps.events.publish({ type: 'override', at: deps.clock(), data: { verdict: verdictId, change } });
      return { status: 200, body: { [change]: true } };
    },
  });
}

/** Directives, and what people say about actions that wait for them. */
export const directiveRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/directives',
    operationId: 'listDirectives',
    summary: 'Active directives, and those that wait for a person',
    tag: 'directives',
    role: 'viewer',
    responses: {
      200: {
        description: 'Directives.',
        schema: listOf(directiveSchema).extend({ pending: z.array(pendingDirectiveSchema) }),
      },
    },
    handle: ({ deps }) => ({
      status: 200,
      body: { items: deps.directives.active(), pending: deps.directives.pending() },
    }),
  }),
  answerRoute('approve'),
  answerRoute('reject'),
];

function nothingWaits(id: string): ApiError {
  return new ApiError(
    404,
    'GUARDSPAN_NOT_FOUND',
    `No action of a verdict ${id} waits for a person.`,
    'List what waits: GET /api/v1/directives, `pending`.',
  );
}
