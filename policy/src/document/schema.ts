import { z } from 'zod';
import { CHECK_POSITIONS } from '../external/types.js';
import { API_VERSION } from '../names.js';
import { evidenceKeys } from './evidence-schema.js';
import { regoDocumentSchema } from '../rego/schema.js';
import { cel, duration, globs, IDENTIFIER, match, metadata, NAME_PATTERN, share, stringMap } from './schema-parts.js';
import { scopingKeys } from './scoping-schema.js';
import { ACTION_TYPES, INLINE_POINTS, MODES, REWRITE_ROLES } from './types.js';
import { valueRulesDocumentSchema } from '../values/value-schema.js';

const status = z.int().min(400).max(599);

const detectorUse = z
  .strictObject({
    detector: z.string().min(1),
    on: z.enum(['prompt.text', 'output.text', 'features', 'output.values']),
    entities: z.array(z.string()).max(64).optional(),
    minScore: share.optional(),
    values: valueRulesDocumentSchema
      .optional()
      .describe('Of the detector `values`: what each feature or output has to be, by name.'),
    deadline: duration
      .optional()
      .describe(
        'The detector is a model or a service that the process declares by this name; this is how long it may take.',
      ),
    position: z
      .enum(CHECK_POSITIONS)
      .optional()
      .describe(
        'before (default): ask, then call the model. beside: at the same time; the answer of the model is held.',
      ),
  })
  .refine((use) => use.position === undefined || use.deadline !== undefined, {
    path: ['position'],
    message: 'position says when a detector outside of the process is asked; give it a deadline too',
  });

const among = cel.optional();
const signal = z.union([
  z.strictObject({ count: cel, among }),
  z.strictObject({ rate: cel, among }),
  z.strictObject({ ratio: cel, among, confidence: z.number().gt(0).lt(1).optional() }),
  z.strictObject({ sum: cel, among }),
  z.strictObject({ mean: cel, among }),
  z.strictObject({ quantile: z.number().gt(0).lt(1), of: cel, among }),
]);

const over = z.strictObject({
  window: duration.optional(),
  every: duration.optional(),
  settle: duration.optional(),
  groupBy: z.array(z.string().min(1).max(128)).max(8).optional(),
  minSamples: z.int().min(1).optional(),
  signals: z
    .record(z.string().regex(IDENTIFIER, 'a signal name is letters, digits and underscores'), signal)
    .optional(),
  ...evidenceKeys,
});

const action = z
  .union([
    z.strictObject({
      deny: z.strictObject({
        status: status.optional(),
        retryAfter: duration.optional(),
        guidance: z.string().max(500).optional(),
      }),
    }),
    z.strictObject({
      redact: z.strictObject({
        detections: z.array(z.string()).min(1),
        tools: globs
          .min(1)
          .optional()
          .describe('Looks only into what these tools are given, by their names, * globs. Left out: into every text.'),
        with: z.string().max(64).optional(),
      }),
    }),
    z.strictObject({
      rewrite: z
        .strictObject({
          with: z
            .string()
            .min(1)
            .max(4000)
            .optional()
            .describe('A literal. {text} stands for the text as it was; without it the text is replaced.'),
          by: z
            .string()
            .regex(NAME_PATTERN)
            .optional()
            .describe('Name of a rewriter that the process declares. Exactly one of `with` and `by`.'),
          deadline: duration.optional().describe('How long the rewriter may take; only with `by`. Default 1s.'),
          roles: z
            .array(z.enum(REWRITE_ROLES))
            .min(1)
            .max(REWRITE_ROLES.length)
            .optional()
            .describe('At request: whose messages. Default user.'),
        })
        .refine((rewrite) => rewrite.deadline === undefined || rewrite.by !== undefined, {
          path: ['deadline'],
          message: 'deadline says how long a rewriter may take; give its name (`by`) too',
        }),
    }),
    z.strictObject({
      throttle: z.strictObject({
        rate: z.number().min(0).optional(),
        burst: z.int().min(1).optional(),
        status: status.optional(),
        retryAfter: duration.optional(),
      }),
    }),
    z.strictObject({
      reroute: z.strictObject({ to: z.string().regex(NAME_PATTERN), percent: z.number().min(0).max(100).optional() }),
    }),
    z.strictObject({
      shutdown: z.strictObject({
        status: status.optional(),
        retryAfter: duration.optional(),
        fallback: z.string().regex(NAME_PATTERN).optional(),
      }),
    }),
    z.strictObject({ annotate: z.strictObject({ attributes: stringMap }) }),
    z.strictObject({
      sample: z.strictObject({
        percent: z
          .number()
          .min(0)
          .max(100)
          .describe('Share of the traces whose calls get the span attribute guardspan.sample.'),
      }),
    }),
  ])
  .describe('Exactly one of deny, redact, rewrite, throttle, reroute, shutdown, annotate, sample.');

const json: z.ZodType = z.json();

const test = z.strictObject({
  name: z.string().min(1),
  given: z.record(z.string(), json),
  expect: z.strictObject({
    action: z.enum(['allow', ...ACTION_TYPES]),
    text: z.string().optional(),
  }),
});

/** A guard-rail as people write it. Unknown keys are errors. */
export const guardrailDocumentSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Guardrail'),
  metadata,
  spec: z.strictObject({
    description: z.string().max(1000).optional(),
    match: match.optional(),
    ...scopingKeys({ match, cel, duration, globs }),
    at: z.enum(INLINE_POINTS).optional(),
    over: over.optional(),
    uses: z.record(z.string().regex(IDENTIFIER), detectorUse).optional(),
    rego: regoDocumentSchema(duration).optional(),
    when: cel.optional(),
    until: cel.optional(),
    for: duration.optional(),
    cooldown: duration.optional(),
    scope: z.array(z.string().min(1)).max(8).optional(),
    probe: z
      .strictObject({
        share: share.optional(),
        perSecond: z.number().min(0).optional(),
        minSamples: z.int().min(1).optional(),
      })
      .optional(),
    action,
    mode: z
      .enum([...MODES, 'audit', 'deny'])
      .describe('Default dryrun. audit and deny are read as dryrun and enforce.')
      .optional(),
    onError: z.enum(['allow', 'deny']).optional(),
    onStale: z.enum(['keep', 'allow', 'deny']).optional(),
    onNoData: z.enum(['ok', 'keep', 'fire']).optional(),
    limits: z
      .strictObject({
        maxActedShare: share.optional(),
        maxActedWindow: duration.optional(),
        maxActedMinCalls: z.int().min(1).optional(),
        onExceed: z.enum(['page', 'warn']).optional(),
        maxScopes: z.int().min(1).optional(),
      })
      .optional(),
    approval: z
      .union([
        z
          .literal('required')
          .describe('Every change of this document, its removal, and every exception from it need a second person.'),
        z
          .strictObject({
            timeout: duration,
            onTimeout: z.enum(['execute', 'cancel']).optional().describe('Default cancel.'),
          })
          .describe('A person is asked before the action is taken; what happens when nobody answers in time.'),
      ])
      .optional(),
    message: z.string().max(500).optional(),
    tests: z.array(test).max(200).optional(),
  }),
});

/** A guard-rail as people write it, after parsing. */
export type GuardrailDocument = z.infer<typeof guardrailDocumentSchema>;

/** JSON Schema (2020-12) of a document, for editors; committed as schema/guardrail.schema.json. */
export function guardrailJsonSchema(): object {
  return {
    $id: 'https://guardspan.dev/schema/v1alpha1/guardrail.schema.json',
    title: 'Guardspan guard-rail',
    ...z.toJSONSchema(guardrailDocumentSchema, { io: 'input' }),
  };
}
