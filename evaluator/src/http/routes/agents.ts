import { CHANNEL_PROTOCOL, clientMessageSchema, serverMessageSchema } from '@guardspan/policy';
import type { ClientMessage, HelloMessage } from '@guardspan/policy';
import { z } from 'zod';
import { mayUseService } from '../../auth/roles.js';
import type { Principal } from '../../auth/types.js';
import { ApiError } from '../api-error.js';
import { defineRoute, type Reply, type Route } from '../route.js';

/** Of a process that does not say it: clients spoke this level when the question came up. */
const UNSAID_LEVEL = 3;
/** Messages of one exchange; a process has no more kinds to say at a time. */
const MAX_MESSAGES = 32;
const since = z.string().max(256).default('').describe('Cursor of the last answer; empty at first.');
const answers = {
  200: {
    description: 'Messages since the cursor.',
    schema: z.object({ cursor: z.string(), messages: z.array(serverMessageSchema) }),
  },
  403: { description: 'The token is not valid for this service.' },
};

/** The channel by plain HTTP, for processes that cannot hold a websocket. */
export const agentRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/agent/sync',
    operationId: 'agentSync',
    summary: 'The channel by pull, listening only',
    tag: 'agents',
    role: 'agent',
    query: z.object({
      service: z.string().min(1).max(256),
      environment: z.string().max(256).default(''),
      featureLevel: z.coerce
        .number()
        .int()
        .min(0)
        .default(UNSAID_LEVEL)
        .describe('Of `hello`: directives of guard-rails that need a higher one are left out.'),
      instance: z.string().min(1).max(256),
      incarnation: z.string().min(1).max(256),
      since,
    }),
    responses: answers,
    handle: async ({ deps, query, principal }): Promise<Reply> => {
      checkService(principal, query.service);
      return { status: 200, body: await deps.sync.pull({ ...query, principal }) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/agent/sync',
    operationId: 'agentExchange',
    summary: 'The channel by pull, in both directions',
    tag: 'agents',
    role: 'agent',
    query: z.object({ since }),
    body: z.strictObject({
      messages: z
        .array(clientMessageSchema)
        .min(1)
        .max(MAX_MESSAGES)
        .describe('What one process says; `hello` is the first, each time.'),
    }),
    responses: answers,
    handle: async ({ deps, query, body, principal }): Promise<Reply> => {
      const [hello, ...messages] = body.messages;
      if (hello?.type !== 'hello' || !withoutHello(messages))
        throw protocolError('An exchange has one hello, as its first message.');
      if (!hello.protocols.includes(CHANNEL_PROTOCOL))
        throw protocolError(`The evaluator speaks ${CHANNEL_PROTOCOL} and none of the protocols of this hello.`);
      checkService(principal, hello.resource.service);
      return { status: 200, body: await deps.sync.exchange({ hello, messages, since: query.since }) };
    },
  }),
];

function withoutHello(messages: readonly ClientMessage[]): messages is Exclude<ClientMessage, HelloMessage>[] {
  return messages.every(({ type }) => type !== 'hello');
}

function protocolError(detail: string): ApiError {
  return new ApiError(400, 'GUARDSPAN_PROTOCOL', detail, 'See docs/channel.md, Pull.');
}

function checkService(principal: Principal, service: string): void {
  if (mayUseService(principal, service)) return;
  throw new ApiError(
    403,
    'GUARDSPAN_SERVICE',
    `This token is not valid for ${service}.`,
    'Use the token of that service.',
  );
}
