import { z } from 'zod';
import type { operations } from './openapi.gen';

/** The body of a successful JSON answer, as the evaluator's OpenAPI document has it. */
type Answer<Id extends keyof operations> = Extract<
  operations[Id]['responses'][keyof operations[Id]['responses'] & (200 | 201 | 202)],
  { content: { 'application/json': unknown } }
>['content']['application/json'];

/** Keeps a schema to the OpenAPI document: it compiles only when every answer that is described there is taken. */
function answer<Id extends keyof operations>() {
  return <S extends z.ZodType>(schema: Answer<Id> extends z.input<S> ? S : never): S => schema;
}

const scope = z.record(z.string(), z.string());
const traceStep = z.looseObject({ expression: z.string(), value: z.unknown(), evaluated: z.boolean() });

/** The fields that the app reads of each answer; more may come. Times are seconds from epoch, 0 for none. */
const guardrail = z.looseObject({
  name: z.string(),
  revision: z.string(),
  generation: z.number(),
  author: z.string(),
  approver: z.string(),
  at: z.number(),
  deleted: z.boolean(),
  source: z.string(),
  why: z.string(),
  breakGlass: z.looseObject({ base: z.string(), until: z.number() }).nullable(),
  inert: z.string().nullable(),
  guardrail: z.looseObject({
    spec: z.looseObject({ mode: z.enum(['off', 'dryrun', 'warn', 'enforce']) }),
  }),
});
const verdict = z.looseObject({
  id: z.string(),
  guardrail: z.string(),
  revision: z.string(),
  series: scope,
  mode: z.string(),
  action: z.string(),
  disposition: z.string(),
  state: z.string(),
  code: z.string(),
  message: z.string(),
  firstAt: z.number(),
  lastAt: z.number(),
  releasedAt: z.number(),
  signals: z.unknown(),
  trace: z.unknown(),
  exampleTraceIds: z.array(z.string()),
});
const feedback = z.looseObject({
  verdictId: z.string(),
  judgement: z.enum(['right', 'false_alarm', 'unclear']),
  by: z.string(),
  reason: z.string(),
  at: z.number(),
});
const directive = z.looseObject({
  id: z.string(),
  epoch: z.number(),
  guardrail: z.string(),
  scope,
  action: z.looseObject({ type: z.string() }),
  reason: z.looseObject({ code: z.string(), message: z.string(), trace: z.array(traceStep.partial()) }),
  issuedAt: z.number(),
  leaseUntil: z.number(),
  releasedAt: z.number(),
  appliedBy: z.number(),
  matching: z.number(),
});
const instance = z.looseObject({
  service: z.string(),
  serviceVersion: z.string(),
  environment: z.string(),
  instance: z.string(),
  incarnation: z.string(),
  host: z.string(),
  pid: z.number(),
  sdk: z.string(),
  featureLevel: z.number(),
  transport: z.string(),
  connected: z.boolean(),
  connectedAt: z.number(),
  lastSeen: z.number(),
  revision: z.string(),
  acknowledgedAt: z.number(),
  current: z.boolean(),
  errors: z.array(z.looseObject({ guardrail: z.string(), code: z.string(), message: z.string() })),
  targets: z.array(z.string()),
  // An older evaluator knows none.
  rewriters: z.array(z.string()).optional(),
  forbidden: z.array(z.string()),
  applied: z.array(z.string()),
});
const series = z.looseObject({
  guardrail: z.string(),
  revision: z.string(),
  series: scope,
  state: z.enum(['ok', 'pending', 'firing', 'probing']),
  since: z.number(),
  verdictId: z.string(),
  signals: z.record(z.string(), z.looseObject({ value: z.number().nullable(), samples: z.number().nullable() })),
  degraded: z.boolean(),
  evidence: z
    .looseObject({
      value: z.number().nullable(),
      threshold: z.number(),
      promise: z.looseObject({ status: z.string(), reasons: z.array(z.string()) }),
    })
    .optional(),
});
const kill = z.looseObject({
  id: z.string(),
  scope: z.looseObject({ guardrail: z.string(), model: z.string(), service: z.string() }),
  reason: z.string(),
  by: z.string(),
  at: z.number(),
  until: z.number(),
});
const quantiles = z.looseObject({
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});
const model = z.looseObject({
  service: z.string(),
  environment: z.string(),
  model: z.string(),
  version: z.string(),
  kind: z.string(),
  firstAt: z.number(),
  lastAt: z.number(),
  answered: z.number(),
  failed: z.number(),
  refused: z.number(),
  duration: quantiles,
  timeToFirst: quantiles,
  verdicts: z.array(
    z.looseObject({ guardrail: z.string(), action: z.string(), disposition: z.string(), calls: z.number() }),
  ),
});
const binding = z.looseObject({ name: z.string(), mode: z.string(), action: z.string(), windowed: z.boolean() });
const judged = {
  verdicts: z.number(),
  right: z.number(),
  falseAlarm: z.number(),
  unclear: z.number(),
  precision: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
};
const record = z.looseObject({
  seq: z.number(),
  kind: z.string(),
  at: z.number(),
  actor: z.string(),
  guardrail: z.string(),
  traceId: z.string(),
  verdictId: z.string(),
  body: z.unknown(),
});
const effect = z.looseObject({
  name: z.string(),
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  limit: z.number().nullable(),
});
const explanation = z.looseObject({
  test: z.string(),
  mode: z.string(),
  evidence: z.looseObject({
    value: z.number().nullable(),
    threshold: z.number(),
    path: z.array(z.tuple([z.number(), z.number().nullable()])),
    crossedAt: z.number(),
    crossedCalls: z.number(),
  }),
  promise: z.looseObject({ status: z.string(), reasons: z.array(z.string()), text: z.string() }),
  needed: z.number().nullable(),
  counters: z.looseObject({ calls: z.number(), buckets: z.number(), late: z.number() }),
  effect: effect.optional(),
  firstOffendingBucket: z.number(),
  groups: z.array(
    z.looseObject({ stratum: z.string(), group: z.string(), calls: z.number(), rate: z.number().nullable() }),
  ),
  causes: z.array(
    z.looseObject({
      kind: z.string(),
      field: z.string(),
      value: z.string(),
      calls: z.number(),
      before: z.number().nullable(),
      after: z.number().nullable(),
    }),
  ),
  summary: z.string(),
});
const proposal = z.looseObject({
  collection: z.string(),
  name: z.string(),
  change: z.enum(['put', 'delete']),
  revision: z.string(),
  author: z.string(),
  at: z.number(),
  source: z.string(),
  reason: z.string(),
  why: z.string(),
  base: z.string(),
  stale: z.boolean(),
});
const published = z.looseObject({
  outcome: z.enum(['created', 'updated', 'unchanged', 'valid', 'proposed', 'deleted']),
  incompatible: z.array(z.looseObject({ service: z.string(), instance: z.string(), message: z.string() })),
  warnings: z.array(z.string()),
});
const list = <T extends z.ZodType>(item: T) => z.looseObject({ items: z.array(item) });

/** A list in pages. An evaluator without pages gives everything at once. */
const pages = <T extends z.ZodType>(item: T) => list(item).extend({ next: z.string().default('') });

/** Schemas of the evaluator's answers by operation, checked where they enter the app. */
export const ANSWERS = {
  getSession: answer<'getSession'>()(
    z.looseObject({
      name: z.string(),
      role: z.string(),
      tokenRole: z.string(),
      onBehalf: z.boolean(),
      version: z.string(),
      singleUser: z.boolean(),
      separateApprover: z.boolean(),
    }),
  ),
  listGuardrails: answer<'listGuardrails'>()(pages(guardrail)),
  getGuardrail: answer<'getGuardrail'>()(guardrail),
  getGuardrailHistory: answer<'getGuardrailHistory'>()(list(guardrail)),
  putGuardrail: answer<'putGuardrail'>()(published.extend({ guardrail })),
  listProposals: answer<'listProposals'>()(list(proposal)),
  approveProposal: answer<'approveProposal'>()(published),
  listEvidence: answer<'listEvidence'>()(
    list(explanation.extend({ guardrail: z.string(), series: scope, state: z.string() })),
  ),
  listVerdicts: answer<'listVerdicts'>()(list(verdict)),
  getVerdict: answer<'getVerdict'>()(verdict.extend({ feedback: z.array(feedback) })),
  explainVerdict: answer<'explainVerdict'>()(explanation),
  postFeedback: answer<'postFeedback'>()(feedback),
  approveDirective: answer<'approveDirective'>()(z.looseObject({ approved: z.literal(true) })),
  rejectDirective: answer<'rejectDirective'>()(z.looseObject({ rejected: z.literal(true) })),
  releaseVerdict: answer<'releaseVerdict'>()(z.looseObject({ released: z.literal(true) })),
  listSeries: answer<'listSeries'>()(pages(series).extend({ total: z.number() })),
  listDirectives: answer<'listDirectives'>()(
    list(directive).extend({
      pending: z.array(
        z.looseObject({
          ...{ verdictId: z.string(), guardrail: z.string(), scope, at: z.number() },
          ...{ reason: z.enum(['max_scopes', 'approval']), until: z.number() },
          onTimeout: z.enum(['execute', 'cancel', '']),
        }),
      ),
    }),
  ),
  listFleet: answer<'listFleet'>()(pages(instance).extend({ total: z.number() })),
  getCoverage: answer<'getCoverage'>()(
    z.looseObject({
      rows: z.array(
        z.looseObject({
          service: z.string(),
          model: z.string(),
          version: z.string(),
          guarded: z.number(),
          unguarded: z.record(z.string(), z.number()),
          coverage: z.number().nullable(),
        }),
      ),
      gaps: z.array(z.looseObject({ service: z.string(), reason: z.string(), name: z.string(), count: z.number() })),
      guarded: z.number(),
      unguarded: z.number(),
      coverage: z.number().nullable(),
    }),
  ),
  listDispositions: answer<'listDispositions'>()(
    z.looseObject({
      step: z.number(),
      since: z.number(),
      items: z.array(z.looseObject({ start: z.number(), calls: z.number(), counts: z.record(z.string(), z.number()) })),
    }),
  ),
  listKillSwitches: answer<'listKillSwitches'>()(list(kill)),
  engageKillSwitch: answer<'engageKillSwitch'>()(kill),
  liftKillSwitch: answer<'liftKillSwitch'>()(kill),
  listModels: answer<'listModels'>()(pages(model)),
  listModelGuardrails: answer<'listModelGuardrails'>()(list(binding)),
  getPrecision: answer<'getPrecision'>()(
    z.looseObject({
      since: z.number(),
      ...judged,
      modes: z.array(z.looseObject({ mode: z.string(), ...judged })),
    }),
  ),
  queryAudit: answer<'queryAudit'>()(list(record)),
};

export type Session = z.infer<typeof ANSWERS.getSession>;
export type GuardrailView = z.infer<typeof guardrail>;
export type Published = z.infer<typeof ANSWERS.putGuardrail>;
export type Proposal = z.infer<typeof proposal>;
export type SeriesEvidence = z.infer<typeof ANSWERS.listEvidence>['items'][number];
export type Verdict = z.infer<typeof verdict>;
export type VerdictDetail = z.infer<typeof ANSWERS.getVerdict>;
export type Explanation = z.infer<typeof explanation>;
export type Feedback = z.infer<typeof feedback>;
export type Directive = z.infer<typeof directive>;
export type FleetInstance = z.infer<typeof instance>;
export type SeriesState = z.infer<typeof series>;
export type Coverage = z.infer<typeof ANSWERS.getCoverage>;
export type Dispositions = z.infer<typeof ANSWERS.listDispositions>;
export type Judgement = Feedback['judgement'];
export type ModelTotals = z.infer<typeof model>;
export type Binding = z.infer<typeof binding>;
export type Precision = z.infer<typeof ANSWERS.getPrecision>;
export type KillSwitch = z.infer<typeof kill>;
export type AuditRecord = z.infer<typeof record>;
