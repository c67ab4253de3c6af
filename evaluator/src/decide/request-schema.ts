import { ACTION_TYPES, INLINE_POINTS } from '@guardspan/policy';
import { z } from 'zod';

const word = z.string().max(256);
const values = z.record(word, z.json());
const number = z.number().describe('Left out: unknown.');

/** The part of a `ModelCall` that one may ask about: groups, truths and earlier decisions are not part of it. */
const callSchema = z
  .strictObject({
    model: z.strictObject({ name: word, version: word, kind: word, framework: word, provider: word }).partial(),
    service: word,
    environment: word,
    tenant: word,
    operation: word,
    startedAt: z.number().describe('Seconds from epoch. Left out: now.'),
    duration: number,
    timeToFirst: number,
    streamed: z.boolean(),
    error: z.strictObject({ type: word }),
    usage: z.strictObject({ inputTokens: number, outputTokens: number, totalTokens: number, cost: number }).partial(),
    features: values,
    output: z.strictObject({ label: z.string().max(4096), score: number, values }).partial(),
    toolCalls: z.array(z.strictObject({ name: word, arguments: values })).max(256),
    featureView: z.strictObject({ name: word, version: word }).partial(),
    attrs: values,
  })
  .partial()
  .describe('A call, as far as it is known. Durations in seconds.');

/** What `POST /api/v1/decide` is asked. */
export const decideRequestSchema = z.strictObject({
  at: z
    .enum(INLINE_POINTS)
    .default('request')
    .describe(
      'request: before the model is asked. response: with the whole answer. chunk: a whole answer, guard-rails at chunk only.',
    ),
  call: callSchema.default({}),
  texts: z
    .array(
      z.strictObject({
        path: word.default('').describe('Named in redactions; left out: texts.<index>.'),
        role: z.string().max(32).default(''),
        text: z.string(),
        tool: word
          .exactOptional()
          .describe('The text is what this tool is given. Redactions that name tools look into such texts only.'),
      }),
    )
    .max(256)
    .default([])
    .describe('Texts of the request or the answer, for detectors. Never stored, never logged.'),
  can: z
    .array(z.enum(ACTION_TYPES))
    .max(ACTION_TYPES.length)
    .default([...ACTION_TYPES])
    .describe('Actions that the asker carries out. Others are recorded as unsupported_here.'),
  targets: z.array(word).max(64).default([]).describe('Targets of reroute and fallbacks that the asker has.'),
  rewriters: z
    .array(word)
    .max(64)
    .default([])
    .describe(
      'Rewriters that the asker has. A guard-rail that names another one cannot decide, and fails closed by default.',
    ),
  traceId: z.string().max(64).default(''),
  spanId: z.string().max(32).default(''),
  callId: word.default(''),
});
export type DecideRequest = z.infer<typeof decideRequestSchema>;

const verdict = z.looseObject({ guardrail: z.string(), outcome: z.string(), disposition: z.string() });

/** What it answers. */
export const decideAnswerSchema = z.object({
  allow: z.boolean().describe('False: end the call.'),
  reason: z.string().describe('For people; empty when the call goes on.'),
  revision: z.string().describe('Digest of the guard-rails that were in force.'),
  decision: z.looseObject({
    action: z.string(),
    disposition: z.string(),
    verdicts: z.array(verdict),
    evaluated: z.number().describe('Guard-rails that were evaluated; 0 means that nothing was guarded.'),
    end: z.looseObject({ kind: z.string(), status: z.number(), retryAfter: z.number() }).nullable(),
    redactions: z.array(z.looseObject({ path: z.string(), start: z.number(), end: z.number() })),
    reroute: z.looseObject({ to: z.string() }).nullable(),
    annotations: z.record(z.string(), z.string()),
    sample: z.literal(true).optional().describe('The span of the call gets the attribute guardspan.sample.'),
  }),
  texts: z
    .array(z.object({ path: z.string(), text: z.string() }))
    .describe('The texts that redactions and rewrites changed, as they may be passed on.'),
  rewrites: z
    .array(
      z.object({
        guardrail: z.string(),
        with: z.string().optional().describe('A literal; `{text}` is the text as it is by then.'),
        by: z.object({ name: z.string(), deadline: z.number().describe('Seconds.') }).optional(),
        onError: z
          .enum(['allow', 'deny'])
          .describe('What to do when the rewriter fails: pass the text on, or end the call.'),
        paths: z.array(z.string()),
      }),
    )
    .optional()
    .describe(
      'What the asker does with these texts before they go on, in order: its own rewriters, and what comes after them.',
    ),
});
