import { z } from 'zod';
import { DISPOSITIONS } from '../decide/types.js';
import { ACTION_TYPES, INLINE_POINTS, MODES } from '../document/types.js';
import type { ClientMessage } from './messages.js';

/** Bounds on what a client may send, beside the size of a message. */
export const MESSAGE_LIMITS = { maxName: 512, maxItems: 10_000, maxTrace: 16 } as const;

const name = z.string().max(MESSAGE_LIMITS.maxName);
const text = z.string().max(4096);
const count = z.number().min(0);
const items = <T extends z.ZodType>(item: T): z.ZodArray<T> => z.array(item).max(MESSAGE_LIMITS.maxItems);

const actionType = z.enum(ACTION_TYPES);
const capability = z.object({
  client: name,
  version: name,
  at: z.enum(INLINE_POINTS),
  actions: items(actionType),
  streamed: z.boolean(),
});
const callSite = z.object({ client: name, model: name, version: name });
const target = z.object({ name });
const sites = {
  capabilities: items(capability),
  callSites: items(callSite),
  targets: items(target),
  engines: items(name).exactOptional(),
  rewriters: items(name).exactOptional(),
};

/** One step of a condition. */
export const traceStepSchema = z.object({
  expression: text,
  value: z.union([text, z.number(), z.boolean(), z.null()]),
  evaluated: z.boolean(),
});
const verdict = z.object({
  id: name,
  guardrail: name,
  revision: name,
  mode: z.enum(MODES),
  point: z.enum([...INLINE_POINTS, 'windowed']),
  outcome: z.enum(['pass', 'violation', 'not_evaluated']),
  code: name,
  message: text,
  action: actionType,
  disposition: z.enum(DISPOSITIONS),
  trace: z.array(traceStepSchema).max(MESSAGE_LIMITS.maxTrace),
  directive: name,
  sentBeforeVerdict: z.boolean().exactOptional(),
  exception: name.exactOptional(),
});
const decisionRecord = z.object({
  traceId: name,
  spanId: name,
  callId: name,
  at: z.number(),
  model: name,
  modelVersion: name,
  action: name,
  disposition: z.enum(DISPOSITIONS),
  verdicts: z.array(verdict).max(100),
  directive: name,
  rerouteTo: name,
  redactions: count,
  rewrites: count.exactOptional(),
});
const counts = z.record(name, count);

/** Messages from a process to the evaluator. Unknown keys are ignored, so that a newer client can talk to an older server. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    protocols: z.array(name).max(16),
    featureLevel: z.int().min(0),
    instance: name.min(1),
    incarnation: name.min(1),
    sdk: z.object({ name, version: name }),
    resource: z.object({ service: name, serviceVersion: name, environment: name, host: name, pid: z.number() }),
    ...sites,
    allow: z.object({ actions: items(actionType) }),
    have: z.object({ revision: name, epoch: z.number(), directiveSeq: z.number() }),
  }),
  z.object({ type: z.literal('sites'), ...sites }),
  z.object({ type: z.literal('ack'), revision: name }),
  z.object({
    type: z.literal('nack'),
    revision: name,
    errors: items(z.object({ guardrail: name, revision: name, code: name, message: text })),
  }),
  z.object({ type: z.literal('applied'), directives: items(name), released: items(name) }),
  z.object({
    type: z.literal('report'),
    seq: count,
    clock: z.number(),
    cells: items(
      z.object({
        model: name,
        version: name,
        bucket: z.number(),
        started: count,
        denied: count,
        finished: count,
        finishedWithin: counts,
        guarded: count,
        unguarded: counts,
      }),
    ),
    gaps: items(z.object({ reason: name, name, count })),
    feedDropped: count,
    dispositions: items(z.object({ guardrail: name, disposition: z.enum(DISPOSITIONS), action: name, count })),
  }),
  z.object({ type: z.literal('decisions'), seq: count, records: items(decisionRecord), dropped: count }),
  z.object({ type: z.literal('pong'), nonce: z.number(), clock: z.number() }),
]);

// Compile-time proof in both directions that the schema and the rest of the code mean the same by a message.
type Parsed = z.infer<typeof clientMessageSchema>;
type Same = [Parsed] extends [ClientMessage] ? ([ClientMessage] extends [Parsed] ? true : false) : false;
true satisfies Same;
