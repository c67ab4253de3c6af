import { z } from 'zod';
import { scopingWireKeys } from '../document/scoping-schema.js';
import { PACK_VALIDATORS } from '../document/pack/pack-types.js';
import { ACTION_TYPES, INLINE_POINTS, MODES, REWRITE_ROLES, SIGNAL_FUNCTIONS } from '../document/types.js';
import { regoWireSchema } from '../rego/schema.js';
import { CHECK_POSITIONS } from '../external/types.js';
import { API_VERSION } from '../names.js';
import { valueRulesWireSchema } from '../values/value-schema.js';
import { evidenceSchema } from './evidence-schema.js';
import type { ServerMessage } from './messages.js';
import { clientMessageSchema, MESSAGE_LIMITS, traceStepSchema } from './schema.js';

const text = z.string();
const number = z.number();
const count = z.number().min(0);
const texts = z.array(text);
const textMap = z.record(text, text);
const onStale = z.enum(['keep', 'allow', 'deny']);
const mode = z.enum(MODES);
const json = z.json();

const action = z.discriminatedUnion('type', [
  z.object({ type: z.literal('deny'), status: number, retryAfter: count, guidance: text }),
  z.object({ type: z.literal('redact'), detections: texts, tools: texts.exactOptional(), with: text }),
  z.object({
    type: z.literal('rewrite'),
    with: text.exactOptional(),
    by: z.object({ name: text, deadline: number }).exactOptional(),
    roles: z.array(z.enum(REWRITE_ROLES)),
  }),
  z.object({ type: z.literal('throttle'), rate: count, burst: count, status: number, retryAfter: count }),
  z.object({ type: z.literal('reroute'), to: text, percent: number.min(0).max(100) }),
  z.object({ type: z.literal('shutdown'), status: number, retryAfter: count, fallback: text }),
  z.object({ type: z.literal('annotate'), attributes: textMap }),
  z.object({ type: z.literal('sample'), percent: number.min(0).max(100) }),
]);

const match = z.object({
  services: texts,
  models: texts,
  versions: texts,
  environments: texts,
  tenants: texts,
  operations: texts,
  featureViews: texts,
});

const signal = z.object({
  fn: z.enum(SIGNAL_FUNCTIONS),
  of: text,
  among: text,
  q: number.exactOptional(),
  confidence: number,
});

const over = z.object({
  window: count,
  every: count,
  bucket: count,
  settle: count,
  groupBy: texts,
  minSamples: count,
  signals: z.record(text, signal),
  evidence: evidenceSchema.exactOptional(),
});

const pack = z.object({
  revision: text,
  entities: z.record(
    text,
    z.object({
      words: texts.exactOptional(),
      canaries: texts.exactOptional(),
      pattern: text.exactOptional(),
      caseSensitive: z.boolean(),
      score: number,
      maxLength: count,
      context: z.object({ words: texts, score: number }).exactOptional(),
      validator: z.enum(PACK_VALIDATORS).exactOptional(),
    }),
  ),
});

const guardrail = z.object({
  apiVersion: text,
  kind: z.literal('Guardrail'),
  metadata: z.object({ name: text, labels: textMap, annotations: textMap, managedBy: z.enum(['git', 'ui']) }),
  spec: z.object({
    description: text,
    match,
    ...scopingWireKeys(match),
    at: z.enum(INLINE_POINTS).nullable(),
    over: over.nullable(),
    uses: z.record(
      text,
      z.object({
        detector: text,
        on: z.enum(['prompt.text', 'output.text', 'features', 'output.values']),
        entities: texts,
        minScore: number,
        values: valueRulesWireSchema.exactOptional(),
        pack: pack.exactOptional(),
        external: z.object({ deadline: number, position: z.enum(CHECK_POSITIONS) }).exactOptional(),
      }),
    ),
    rego: regoWireSchema.exactOptional(),
    when: text,
    until: text,
    for: count,
    cooldown: count,
    scope: texts,
    probe: z.object({ share: number, perSecond: number, minSamples: number }),
    action,
    mode,
    onError: z.enum(['allow', 'deny']),
    onStale,
    onNoData: z.enum(['ok', 'keep', 'fire']),
    limits: z.object({
      maxActedShare: number,
      maxActedWindow: number,
      maxActedMinCalls: number,
      onExceed: z.enum(['page', 'warn']),
      maxScopes: number,
    }),
    approval: z.literal('required').exactOptional(),
    ask: z.object({ timeout: count, onTimeout: z.enum(['execute', 'cancel']) }).exactOptional(),
    message: text,
    tests: z.array(
      z.object({
        name: text,
        given: z.record(text, json),
        expect: z.object({
          action: z.enum(['allow', ...ACTION_TYPES]),
          text: text.exactOptional(),
        }),
      }),
    ),
    exceptions: z
      .array(z.object({ name: text, revision: text, expires: number, match, where: text.exactOptional() }))
      .exactOptional(),
  }),
});
const revised = z.object({ revision: text.regex(/^[0-9a-f]{64}$/), guardrail });

const directive = z.object({
  id: text.min(1),
  epoch: number,
  seq: number,
  guardrail: text,
  revision: text,
  verdict: text,
  scope: textMap,
  action,
  mode,
  onStale,
  probe: z.object({ share: number, perSecond: number }),
  reason: z.object({
    code: text,
    message: text,
    trace: z.array(traceStepSchema).max(MESSAGE_LIMITS.maxTrace),
    traceId: text,
  }),
  expiresIn: count.max(300),
  share: z.object({ rate: count, burst: count }).exactOptional(),
  probeShare: count.exactOptional(),
});

const kill = z.array(
  z.object({
    id: text,
    scope: z.object({ guardrail: text, model: text, service: text }),
    reason: text,
    by: text,
    expiresIn: count,
  }),
);

/** Messages from the evaluator to a process. Unknown keys are ignored, so that an older client can talk to a newer server. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    protocol: text,
    epoch: number,
    heartbeat: count,
    limits: z.object({ maxMessageBytes: count, maxReportCells: count, maxDecisions: count }),
  }),
  z.object({
    type: z.literal('snapshot'),
    revision: text,
    epoch: number,
    directiveSeq: number,
    guardrails: z.array(revised),
    directives: z.array(directive),
    kill,
    limits: z.array(count),
  }),
  z.object({
    type: z.literal('delta'),
    from: text,
    revision: text,
    upsert: z.array(revised),
    remove: texts,
    limits: z.array(count),
  }),
  z.object({ type: z.literal('directive'), epoch: number, directiveSeq: number, directives: z.array(directive) }),
  z.object({ type: z.literal('renew'), epoch: number, ids: texts, expiresIn: count.max(300) }),
  z.object({ type: z.literal('release'), epoch: number, directiveSeq: number, ids: texts, reason: text }),
  z.object({
    type: z.literal('share'),
    epoch: number,
    shares: z.array(z.object({ directive: text, rate: count, burst: count, probe: count })),
  }),
  z.object({ type: z.literal('kill'), kill }),
  z.object({ type: z.literal('ping'), nonce: number }),
  z.object({ type: z.literal('decided'), seq: count }),
]);

// Compile-time proof in both directions that the schema and the rest of the code mean the same by a message.
type Parsed = z.infer<typeof serverMessageSchema>;
type Same = [Parsed] extends [ServerMessage] ? ([ServerMessage] extends [Parsed] ? true : false) : false;
true satisfies Same;

/** JSON Schema (2020-12) of all messages of the channel, by direction; committed as schema/channel.schema.json. */
export function channelJsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Guardspan channel (${API_VERSION})`,
    type: 'object',
    properties: {
      client: z.toJSONSchema(clientMessageSchema, { io: 'input' }),
      server: z.toJSONSchema(serverMessageSchema, { io: 'input' }),
    },
  };
}
