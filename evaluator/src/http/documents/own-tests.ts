import { bindGuardrails, GuardrailSet, runGuardrailTests } from '@guardspan/policy';
import type { Bindings, HeldKind, LoadedDocument } from '@guardspan/policy';
import { ApiError } from '../api-error.js';

const MAX_PROBLEMS = 100;

/**
 * Runs the tests that a guard-rail holds about itself: with the packs that it uses, and without exceptions. Other documents have none.
 *
 * @throws ApiError 422 for a failing test
 */
export function runOwnTests(document: LoadedDocument<HeldKind>, { packs }: Pick<Bindings, 'packs'>): void {
  if (!isGuardrail(document) || document.normal.spec.tests.length === 0) return;
  const written = { revision: document.revision, guardrail: document.normal };
  const [bound] = bindGuardrails([written], { exceptions: [], packs });
  // What it uses and is not there has an error of its own.
  if (GuardrailSet.compile([bound!]).errors.length > 0) return;
  const results = runGuardrailTests(bound!);
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

function isGuardrail(document: LoadedDocument<HeldKind>): document is LoadedDocument<'Guardrail'> {
  return document.kind === 'Guardrail';
}
