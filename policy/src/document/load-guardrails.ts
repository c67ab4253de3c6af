import { loadDocuments } from './load-documents.js';
import type { LoadError } from './load-error.js';
import type { TestSuite } from './test-suite.js';
import type { RevisedGuardrail } from './types.js';

/** A loaded guard-rail with the text that it was written as. */
export interface LoadedGuardrail extends RevisedGuardrail {
  source: string;
}

/** Guard-rails and suites of a file. Documents without errors are returned even when others have some. */
export interface LoadResult {
  guardrails: LoadedGuardrail[];
  /** Suites of tests (`kind: GuardrailTest`). */
  suites: TestSuite[];
  errors: LoadError[];
}

/** {@link loadDocuments} for who wants guard-rails and suites only. Errors of documents of every kind are reported. Never throws. */
export function loadGuardrails(text: string, options: { file: string }): LoadResult {
  const { documents, errors } = loadDocuments(text, options);
  return {
    guardrails: documents.Guardrail.map(({ revision, normal, source }) => ({ revision, guardrail: normal, source })),
    suites: documents.GuardrailTest.map(({ normal }) => normal),
    errors,
  };
}
