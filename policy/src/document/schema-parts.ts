import { z } from 'zod';

/** Names of documents. */
export const NAME_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DURATION = /^\d+(?:\.\d+)?(?:ms|s|m|h|d)$/;
/** Names of detectors and signals: what a condition can read. */
export const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A name of a document. */
export const documentName = z
  .string()
  .regex(NAME_PATTERN, 'a name is lower-case letters, digits and dashes, at most 63 characters');
/** A duration with its unit. */
export const duration = z
  .string()
  .regex(DURATION, 'write a duration with its unit, for example 250ms or 5m')
  .describe('A duration with its unit: 250ms, 10s, 5m, 24h, 90d.');
/** 0..1. */
export const share = z.number().min(0).max(1);
/** A list of globs. */
export const globs = z.array(z.string().min(1).max(256)).max(100);
/** A condition or a number in CEL. */
export const cel = z
  .string()
  .trim()
  .min(1, 'the expression is empty')
  .max(4096)
  .describe('A CEL expression (docs/guardrails.md).');
/** Free texts by name. */
export const stringMap = z.record(z.string().min(1).max(128), z.string().max(1024));
/** Free texts of one line by name. */
const labels = z.record(
  z.string().min(1).max(128),
  z
    .string()
    .max(1024)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'a label is one line, without control characters'),
);
/** A date (its midnight in UTC) or a time. */
export const instant = z.union(
  [z.iso.date(), z.iso.datetime({ offset: true })],
  'write a date, for example 2027-06-30',
);

/** Which calls: AND of keys, OR inside a list. */
export const match = z
  .strictObject({
    services: globs,
    models: globs,
    versions: globs,
    environments: globs,
    tenants: globs,
    operations: globs,
    featureViews: globs,
  })
  .partial()
  .describe('AND of keys, OR inside a list, * globs. Left out: everything.');

/** Head of the documents that an evaluator holds. */
export const metadata = z.strictObject({
  name: documentName,
  labels: labels.optional(),
  annotations: stringMap.optional(),
  managedBy: z.enum(['git', 'ui']).optional(),
});
