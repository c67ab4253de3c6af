import type { z } from 'zod';
import { normaliseTestSuite, testSuiteDocumentSchema, testSuiteJsonSchema } from '../test-suite.js';
import type { TestSuite } from '../test-suite.js';
import type { DocumentKind } from './document-kind.js';

/** `kind: GuardrailTest`: sequences of calls and what must come of them. */
export const guardrailTestKind: DocumentKind<TestSuite> = {
  kind: 'GuardrailTest',
  noun: 'suite',
  collection: null,
  page: 'docs/testing.md',
  schema: testSuiteDocumentSchema,
  jsonSchema: testSuiteJsonSchema,
  read: (shape: z.infer<typeof testSuiteDocumentSchema>) => {
    const { suite, problems } = normaliseTestSuite(shape);
    return { name: suite.name, normal: suite, identity: shape, findings: problems };
  },
};
