import { z } from 'zod';
import type { ModelCall } from '../call/model-call.js';
import { readCall } from '../call/read-call.js';
import { DISPOSITIONS } from '../decide/types.js';
import type { GuardspanError } from '../error.js';
import { API_VERSION } from '../names.js';
import { parseDuration } from './duration.js';
import type { Finding } from './finding.js';
import { documentName, duration } from './schema-parts.js';
import { ACTION_TYPES } from './types.js';

const call = z
  .record(z.string(), z.json())
  .describe('Fields of a ModelCall, with prompt: {text} and output: {text} for detectors.');
const action = z.enum(['allow', ...ACTION_TYPES]);
const STATES = ['ok', 'pending', 'firing', 'probing'] as const;

const expectation = z
  .strictObject({
    action: action.optional(),
    disposition: z.enum(DISPOSITIONS).optional(),
    text: z.string().optional().describe('The text of the prompt, or of the answer, after redaction and rewriting.'),
    guardrails: z.array(z.string()).optional().describe('Names of all guard-rails whose verdict is not a pass.'),
    to: z.string().optional().describe('Target of a reroute.'),
    count: z
      .partialRecord(action, z.int().min(0))
      .optional()
      .describe('How many of the calls of this step end in each action; what is left out may be any number.'),
  })
  .describe('What must come out for every call of the step.');

const series = z.strictObject({
  guardrail: z.string(),
  of: z
    .record(z.string(), z.string())
    .optional()
    .describe('Values of groupBy fields; left out: every series of the guard-rail.'),
  state: z.enum(STATES),
});

const step = z.strictObject({
  at: duration.optional().describe('Virtual time since the start of the case; left out: right after the step before.'),
  call: call.optional(),
  times: z.int().min(1).max(100_000).optional(),
  every: duration.optional().describe('Time between the calls of this step.'),
  expect: expectation.optional(),
  series: z.array(series).min(1).optional().describe('States of windowed guard-rails after this step.'),
});

/** A suite of tests as people write it (`kind: GuardrailTest`). Unknown keys are errors. */
export const testSuiteDocumentSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('GuardrailTest'),
  metadata: z.strictObject({
    name: documentName,
    labels: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.strictObject({
    description: z.string().max(1000).optional(),
    guardrails: z
      .array(z.string().min(1))
      .min(1)
      .describe('Files and directories of the guard-rails under test, from where the suite stands.'),
    mode: z
      .enum(['enforce', 'as-written'])
      .optional()
      .describe(
        'enforce (default): every guard-rail acts, apart from those that are off. as-written: by its own mode.',
      ),
    defaults: call.optional(),
    cases: z
      .array(z.strictObject({ name: z.string().min(1), steps: z.array(step).min(1).max(1000) }))
      .min(1)
      .max(1000),
  }),
});

/** JSON Schema of a suite, for editors. */
export function testSuiteJsonSchema(): object {
  return {
    $id: 'https://guardspan.dev/schema/v1alpha1/guardrail-test.schema.json',
    title: 'Guardspan suite of tests',
    ...z.toJSONSchema(testSuiteDocumentSchema, { io: 'input' }),
  };
}

type SuiteDocument = z.infer<typeof testSuiteDocumentSchema>;

/** What a step expects of each of its calls. */
export type SuiteExpectation = z.infer<typeof expectation>;
/** The state that series of a windowed guard-rail must be in. */
export type SuiteSeries = z.infer<typeof series>;

/** One step of a case: calls, and what must be true of them and after them. */
export interface SuiteStep {
  /** Seconds since the start of the case; NaN: right after the step before. */
  at: number;
  /** Makes the call of this step afresh, defaults filled in; null when the step only looks. */
  call: (() => ReturnType<typeof readCall>) | null;
  times: number;
  /** Seconds between calls. */
  every: number;
  expect: SuiteExpectation;
  series: SuiteSeries[];
}

/** A sequence of calls on its own virtual time, with fresh state. */
export interface SuiteCase {
  name: string;
  steps: SuiteStep[];
}

/** A suite of tests in normal form. */
export interface TestSuite {
  name: string;
  guardrails: string[];
  mode: 'enforce' | 'as-written';
  cases: SuiteCase[];
}

/** Brings a suite into its normal form and checks the calls that it writes down. Never throws. */
export function normaliseTestSuite({ metadata, spec }: SuiteDocument): { suite: TestSuite; problems: Finding[] } {
  const problems: Finding[] = [];
  const seconds = (text: string | undefined, fallback: number): number =>
    text === undefined ? fallback : parseDuration(text);
  const reader = (fragment: unknown, path: (string | number)[]): SuiteStep['call'] => {
    const make = (): ReturnType<typeof readCall> => withDefaults(spec.defaults, fragment);
    try {
      make();
    } catch (error) {
      const { code, message, hint } = error as GuardspanError;
      problems.push({ code, message, hint, path });
    }
    return make;
  };
  const cases = spec.cases.map(({ name, steps }, caseIndex) => ({
    name,
    steps: steps.map((one, index): SuiteStep => {
      const path = ['spec', 'cases', caseIndex, 'steps', index];
      if (one.call === undefined && one.series === undefined)
        problems.push({
          code: 'GUARDSPAN_DOC_VALUE',
          message: 'the step makes no call and looks at no series',
          hint: 'give it `call`, `series` or both',
          path,
        });
      return {
        at: seconds(one.at, NaN),
        call: one.call === undefined ? null : reader(one.call, [...path, 'call']),
        times: one.times ?? 1,
        every: seconds(one.every, 0),
        expect: one.expect ?? {},
        series: one.series ?? [],
      };
    }),
  }));
  return { suite: { name: metadata.name, guardrails: spec.guardrails, mode: spec.mode ?? 'enforce', cases }, problems };
}

function withDefaults(defaults: unknown, fragment: unknown): ReturnType<typeof readCall> {
  const base = readCall(defaults ?? {});
  const written = readCall(fragment, base.call satisfies ModelCall);
  return { ...written, prompt: written.prompt ?? base.prompt, output: written.output ?? base.output };
}
