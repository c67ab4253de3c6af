import { guardrailDocumentSchema, HELD_KINDS, MODES } from '@guardspan/policy';
import { z } from 'zod';
import { AUDIT_KINDS, JUDGEMENTS } from '../store/types.js';

const seconds = z.number().describe('Seconds from epoch; 0 for none.');
const scopeMap = z.record(z.string(), z.string());
const traceStep = z.looseObject({ expression: z.string(), evaluated: z.boolean() });
const reading = z.looseObject({ value: z.number().nullable(), samples: z.number().nullable() });

/** RFC 9457. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  hint: z.string(),
  errors: z.array(
    z.object({
      code: z.string(),
      message: z.string(),
      line: z.number(),
      column: z.number(),
      path: z.string(),
      hint: z.string(),
    }),
  ),
});
/** What every version of a document has. */
const versionHead = {
  name: z.string(),
  revision: z.string(),
  generation: z.number(),
  author: z.string(),
  approver: z.string(),
  at: seconds,
  deleted: z.boolean(),
  source: z.string(),
  why: z.string().describe('Why it was changed, in the words of its author; empty when none were given.'),
  breakGlass: z
    .object({ base: z.string().describe('Revision that the repository asked for.'), until: seconds })
    .nullable()
    .describe('Set while the document differs from its repository by a break-glass edit.'),
};
export const guardrailViewSchema = z.object({
  ...versionHead,
  inert: z.string().nullable().describe('Why it can act nowhere, or null.'),
  guardrail: z.looseObject({ kind: z.literal('Guardrail'), spec: z.looseObject({ mode: z.enum(MODES) }) }),
});
export const exceptionViewSchema = z.object({
  ...versionHead,
  expired: z.boolean().describe('It exempts nothing any more.'),
  exception: z.looseObject({
    kind: z.literal('GuardrailException'),
    spec: z.looseObject({ owner: z.string(), reason: z.string(), expires: seconds, guardrails: z.array(z.string()) }),
  }),
});
export const packViewSchema = z.object({
  ...versionHead,
  pack: z.looseObject({
    kind: z.literal('DetectorPack'),
    spec: z.looseObject({
      entities: z.record(z.string(), z.looseObject({ score: z.number(), maxLength: z.number() })),
    }),
  }),
});
const incompatibleSchema = z.object({
  service: z.string(),
  instance: z.string(),
  code: z.string(),
  message: z.string(),
});
/** What came of a change; the document stands under the name of its kind. */
export function publishResultSchema(of?: { one: string; viewSchema: z.ZodType }): z.ZodObject {
  return z.object({
    outcome: z.enum(['created', 'updated', 'unchanged', 'valid', 'proposed', 'deleted']),
    incompatible: z.array(incompatibleSchema),
    warnings: z.array(z.string()),
    ...(of === undefined
      ? {
          guardrail: guardrailViewSchema.optional(),
          exception: exceptionViewSchema.optional(),
          pack: packViewSchema.optional(),
        }
      : { [of.one]: of.viewSchema }),
  });
}
export const proposalSchema = z.object({
  kind: z.enum(HELD_KINDS),
  collection: z.string().describe('Segment of its paths.'),
  name: z.string(),
  change: z.enum(['put', 'delete']),
  revision: z.string().describe('Of the document that would come into force, or leave.'),
  author: z.string(),
  at: seconds,
  source: z.string().describe('The authored text; empty for a deletion.'),
  reason: z.string().describe('Why an approver is needed.'),
  why: z.string().describe('Why it is changed, in the words of its author; empty when none were given.'),
  base: z.string().describe('Revision that was in force when it was proposed; empty when there was none.'),
  origin: z.enum(['git', 'ui']),
  allowPartial: z.boolean(),
  breakGlass: z.number().describe('Seconds for which a break-glass edit would hold; 0 when it is none.'),
  stale: z.boolean().describe('The document was changed since: it cannot be approved.'),
});
/** A change that waits for an approver, as the API shows it. Times in seconds from epoch. */
export type ProposalView = z.infer<typeof proposalSchema>;
/** A proposal beside what it would replace. */
export const proposalDetailSchema = proposalSchema.extend({
  inForce: z.string().describe('The authored text in force; empty when there is none.'),
});
/** What {@link proposalDetailSchema} describes. */
export type ProposalDetail = z.infer<typeof proposalDetailSchema>;
/** The authored form of a document, as `PUT` takes it. */
export const documentSchema = guardrailDocumentSchema;
export const verdictSchema = z.object({
  id: z.string(),
  guardrail: z.string(),
  revision: z.string(),
  series: scopeMap,
  mode: z.string(),
  action: z.string(),
  disposition: z.string(),
  state: z.string(),
  code: z.string(),
  message: z.string(),
  firstAt: seconds,
  lastAt: seconds,
  releasedAt: seconds,
  signals: z.unknown(),
  trace: z.unknown(),
  exampleTraceIds: z.array(z.string()),
  auditSeq: z.number(),
});
export const feedbackSchema = z.object({
  verdictId: z.string(),
  judgement: z.enum(JUDGEMENTS),
  by: z.string(),
  reason: z.string(),
  at: seconds,
});
export const directiveSchema = z.looseObject({
  id: z.string(),
  epoch: z.number(),
  guardrail: z.string(),
  scope: scopeMap,
  action: z.looseObject({ type: z.string() }),
  reason: z.looseObject({ code: z.string(), message: z.string(), trace: z.array(traceStep) }),
  issuedAt: seconds,
  leaseUntil: seconds,
  releasedAt: seconds,
  appliedBy: z.number(),
  matching: z.number(),
});
export const pendingDirectiveSchema = z.object({
  verdictId: z.string(),
  guardrail: z.string(),
  scope: scopeMap,
  at: seconds,
  reason: z.enum(['max_scopes', 'approval']).describe('`limits.maxScopes` is reached, or the document asks.'),
  until: z.number().describe('Seconds from epoch at which `onTimeout` decides; 0 without end.'),
  onTimeout: z.enum(['execute', 'cancel', '']),
});
export const fleetInstanceSchema = z.object({
  service: z.string(),
  serviceVersion: z.string(),
  environment: z.string(),
  instance: z.string(),
  incarnation: z.string(),
  host: z.string(),
  pid: z.number(),
  sdk: z.string(),
  featureLevel: z.number(),
  transport: z.enum(['websocket', 'sync']),
  connected: z.boolean().describe('False for one that left in the last ten minutes.'),
  connectedAt: seconds,
  lastSeen: seconds,
  revision: z.string(),
  acknowledgedAt: seconds.describe('When the set of that revision arrived there.'),
  current: z.boolean(),
  errors: z.array(z.object({ guardrail: z.string(), revision: z.string(), code: z.string(), message: z.string() })),
  targets: z.array(z.string()),
  rewriters: z.array(z.string()).describe('Names that a guard-rail may give as `rewrite: {by}`.'),
  forbidden: z.array(z.string()),
  applied: z.array(z.string()),
  clockOffset: z.number(),
});
export const coverageSchema = z.object({
  rows: z.array(
    z.object({
      service: z.string(),
      model: z.string(),
      version: z.string(),
      guarded: z.number(),
      byRequest: z.number().describe('Of the guarded calls: decided by request.'),
      unguarded: z.record(z.string(), z.number()),
      coverage: z.number().nullable(),
    }),
  ),
  gaps: z.array(z.object({ service: z.string(), reason: z.string(), name: z.string(), count: z.number() })),
  exempted: z
    .array(z.object({ service: z.string(), guardrail: z.string(), count: z.number() }))
    .describe('Of the guarded calls: exempted from a guard-rail by an exception.'),
  guarded: z.number(),
  unguarded: z.number(),
  coverage: z.number().nullable(),
});
/** The baseline in force, of a test whose limit may differ from bucket to bucket. */
export const baselineSchema = z
  .object({
    kind: z.enum(['anchor', 'lagged', 'rolling']),
    season: z.string().describe('Empty: one limit for every hour.'),
    limit: z.number().describe('What was allowed in the last bucket.'),
    anchor: z.number().describe('What the frozen baseline alone would have allowed.'),
    moved: z.number().describe('Odds of `limit` by odds of `anchor`.'),
    budget: z.number().describe('The largest factor that `moved` may be; 1 when nothing moves.'),
    spent: z.boolean().describe('The baseline stands still until a person approves another one.'),
    spentAt: z.number(),
    windowFrom: z.number(),
    windowTo: z.number(),
  })
  .describe('Of a baseline with a season or one that moves.');
export const dispositionsSchema = z.object({
  step: z.number().describe('Seconds of a slice.'),
  since: seconds.describe('Nothing is known before: the last hour, or the start of the evaluator.'),
  items: z.array(
    z.object({
      start: seconds,
      calls: z.number().describe('Guarded calls.'),
      counts: z.record(z.string(), z.number()).describe('Verdicts that are no pass, by disposition.'),
    }),
  ),
});
export const sessionSchema = z.object({
  name: z.string().describe('Of the token, or of the user that it speaks for.'),
  role: z.string().describe('Of this request.'),
  tokenRole: z.string().describe('The most that any user of this token may do.'),
  onBehalf: z.boolean().describe('The token speaks for users of Grafana.'),
  version: z.string().describe('Of the evaluator.'),
  singleUser: z.boolean(),
  separateApprover: z.boolean().describe('Changes need an approver who is not their author.'),
});
export const seriesSchema = z.object({
  guardrail: z.string(),
  revision: z.string(),
  series: scopeMap,
  state: z.enum(['ok', 'pending', 'firing', 'probing']),
  since: seconds,
  verdictId: z.string(),
  signals: z.record(z.string(), reading),
  degraded: z.boolean(),
  evidence: z
    .object({
      value: z.number().nullable().describe('Nats.'),
      threshold: z.number(),
      warned: z.boolean(),
      promise: z.object({ status: z.enum(['kept', 'not_guaranteed']), reasons: z.array(z.string()) }),
      baseline: baselineSchema.optional(),
    })
    .optional()
    .describe('Of guard-rails with a test.'),
});
const quantilesSchema = z
  .object({ p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable() })
  .describe('Seconds, estimated from counts by bucket; null without an observation.');
export const modelSchema = z.object({
  service: z.string(),
  environment: z.string(),
  model: z.string(),
  version: z.string(),
  kind: z.string(),
  firstAt: seconds,
  lastAt: seconds,
  answered: z.number(),
  failed: z.number(),
  refused: z.number().describe('By a guard-rail.'),
  inputTokens: z.number(),
  outputTokens: z.number(),
  cost: z.number(),
  duration: quantilesSchema,
  timeToFirst: quantilesSchema,
  verdicts: z
    .array(z.object({ guardrail: z.string(), action: z.string(), disposition: z.string(), calls: z.number() }))
    .describe('Calls about which a guard-rail had a verdict that is no pass.'),
});
export const modelGuardrailSchema = z.object({
  name: z.string(),
  mode: z.enum(MODES),
  action: z.string(),
  windowed: z.boolean(),
});
const precisionNumbers = {
  verdicts: z.number().describe('Windowed verdicts that are kept, judged or not.'),
  right: z.number(),
  falseAlarm: z.number(),
  unclear: z.number().describe('Judged, and neither of both.'),
  precision: z.number().nullable().describe('right / (right + falseAlarm); null before the first of them.'),
  lower: z.number().nullable().describe('Ends of its Wilson interval, 95 %.'),
  upper: z.number().nullable(),
};
export const precisionSchema = z.object({
  since: seconds.describe('Beginning of the oldest verdict that is kept.'),
  ...precisionNumbers,
  modes: z.array(z.object({ mode: z.string(), ...precisionNumbers })).describe('By the mode that they were found in.'),
});
export const killSchema = z.object({
  id: z.string(),
  scope: z.object({ guardrail: z.string(), model: z.string(), service: z.string() }),
  reason: z.string(),
  by: z.string(),
  expiresIn: z.number(),
  at: seconds,
  until: seconds,
});
export const auditRecordSchema = z.object({
  seq: z.number(),
  kind: z.enum(AUDIT_KINDS),
  at: seconds,
  actor: z.string(),
  guardrail: z.string(),
  traceId: z.string(),
  verdictId: z.string(),
  body: z.unknown(),
  previous: z.string(),
  hash: z.string(),
});

/** A reason that a person gives: bounded, not blank. */
export const reasonSchema = z.string().trim().min(1).max(1000);
/** Why a document is changed: kept with the version, and on record. */
export const whySchema = z.string().trim().max(1000).default('');
/** Text that may come in a query: `true` or `false`. */
export const flagSchema = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');
export const limitSchema = z.coerce.number().int().min(1).max(1000).default(100);
/** A list under `items`. */
export function listOf<T extends z.ZodType>(item: T): z.ZodObject<{ items: z.ZodArray<T> }> {
  return z.object({ items: z.array(item) });
}
