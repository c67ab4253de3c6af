import type { z } from 'zod';
import type { Finding } from '../finding.js';

/** What a document comes to once its shape is right. */
export interface ReadDocument<Normal> {
  name: string;
  normal: Normal;
  /** Of its canonical JSON the revision is taken. */
  identity: unknown;
  /** What is wrong beyond the shape; the document does not count when there is anything. */
  findings: Finding[];
}

/** One kind of document: everything that loader, layout, schemas and command know about it. */
export interface DocumentKind<Normal> {
  /** As it stands after `kind:`. */
  readonly kind: string;
  /** What people call one, e.g. `guard-rail`. */
  readonly noun: string;
  /** Where an evaluator holds them: the segment of its API, e.g. `guardrails`. Null for what it holds none of. */
  readonly collection: string | null;
  /** Where hints about the shape point. */
  readonly page: string;
  /** Unknown keys are errors. */
  readonly schema: z.ZodType;
  /** JSON Schema (2020-12) for editors; its order of keys is that of the layout. */
  jsonSchema(): object;
  /** Normal form and findings of what {@link schema} accepted. Never throws. */
  read(shape: never): ReadDocument<Normal>;
}
