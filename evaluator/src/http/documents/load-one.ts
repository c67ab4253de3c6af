import { loadGuardrails, runGuardrailTests, type RevisedGuardrail } from '@guardspan/policy';
import { ApiError } from '../api-error.js';
import type { PublishInput } from '../deps.js';

const MAX_PROBLEMS = 100;

/** Reads the one document of a publication and runs its own tests. Throws ApiError 422: invalid, not one, another name, a failing test. */
export function loadOne(input: Pick<PublishInput, 'text' | 'file' | 'name'>): RevisedGuardrail & { source: string } {
  const { guardrails, errors } = loadGuardrails(input.text, { file: input.file });
  const [only] = guardrails;
  if (errors.length > 0) {
    throw new ApiError(422, 'GUARDSPAN_INVALID_DOCUMENT', errors[0]!.message, errors[0]!.hint, {
      errors: errors
        .slice(0, MAX_PROBLEMS)
        .map(({ code, message, line, column, path, hint }) => ({ code, message, line, column, path, hint })),
    });
  }
  if (only === undefined || guardrails.length !== 1) {
    throw new ApiError(
      422,
      'GUARDSPAN_ONE_DOCUMENT',
      `The body holds ${guardrails.length} documents.`,
      'Send exactly one document.',
    );
  }
  const name = only.guardrail.metadata.name;
  if (input.name !== undefined && input.name !== name) {
    throw new ApiError(
      422,
      'GUARDSPAN_NAME',
      `The document is called ${name}, the path says ${input.name}.`,
      'Make them equal.',
    );
  }
  runOwnTests(only);
  return { ...only, source: input.text };
}

function runOwnTests(document: RevisedGuardrail): void {
  const results = runGuardrailTests(document);
  const failed = results.flatMap((result, index) => (result.passed ? [] : [{ ...result, index }]));
  if (failed.length === 0) return;
  throw new ApiError(
    422,
    'GUARDSPAN_TEST_FAILED',
    `${failed.length} of its ${results.length} tests fail: ${failed[0]!.name}: ${failed[0]!.message}`,
    'Mend the condition, or the expectation of the test.',
    {
      errors: failed.slice(0, MAX_PROBLEMS).map(({ name, message, index }) => ({
        code: 'GUARDSPAN_TEST_FAILED',
        message: `${name}: ${message}`,
        line: 0,
        column: 0,
        path: `spec.tests[${index}]`,
        hint: '',
      })),
    },
  );
}
