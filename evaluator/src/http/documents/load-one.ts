import {
  bindGuardrails,
  DOCUMENT_KINDS,
  GuardrailSet,
  HELD_KINDS,
  loadDocuments,
  runGuardrailTests,
} from '@guardspan/policy';
import type { Bindings, HeldKind, LoadedDocument, RevisedGuardrail } from '@guardspan/policy';
import { ApiError } from '../api-error.js';
import type { PublishInput } from '../deps.js';

const MAX_PROBLEMS = 100;

/** Reads the one document of a publication and runs its own tests. Throws ApiError 422: invalid, not one, another kind or name, a failing test. */
export function loadOne(
  input: Pick<PublishInput, 'text' | 'file' | 'key'>,
  { packs }: Pick<Bindings, 'packs'>,
): LoadedDocument<HeldKind> {
  const { documents, errors } = loadDocuments(input.text, { file: input.file });
  if (errors.length > 0) {
    throw new ApiError(422, 'GUARDSPAN_INVALID_DOCUMENT', errors[0]!.message, errors[0]!.hint, {
      errors: errors
        .slice(0, MAX_PROBLEMS)
        .map(({ code, message, line, column, path, hint }) => ({ code, message, line, column, path, hint })),
    });
  }
  const found = HELD_KINDS.flatMap((kind): LoadedDocument<HeldKind>[] => documents[kind]);
  const [only] = found;
  if (only === undefined || found.length !== 1) {
    throw new ApiError(
      422,
      'GUARDSPAN_ONE_DOCUMENT',
      `The body holds ${found.length} documents.`,
      'Send exactly one document.',
    );
  }
  const { key } = input;
  if (key !== undefined && key.kind !== only.kind) {
    throw new ApiError(
      422,
      'GUARDSPAN_KIND',
      `The document is a ${DOCUMENT_KINDS[only.kind].noun}, the path holds documents of kind ${key.kind}.`,
      `Send it to /api/v1/${DOCUMENT_KINDS[only.kind].collection}.`,
    );
  }
  if (key !== undefined && key.name !== only.name) {
    throw new ApiError(
      422,
      'GUARDSPAN_NAME',
      `The document is called ${only.name}, the path says ${key.name}.`,
      'Make them equal.',
    );
  }
  if (isGuardrail(only)) {
    const written = { revision: only.revision, guardrail: only.normal };
    // Its tests are about itself: with the packs that it uses, and without exceptions.
    runOwnTests(bindGuardrails([written], { exceptions: [], packs })[0]!);
  }
  return { ...only, source: input.text };
}

/** Narrows a document to a guard-rail. */
export function isGuardrail(document: LoadedDocument<HeldKind>): document is LoadedDocument<'Guardrail'> {
  return document.kind === 'Guardrail';
}

function runOwnTests(document: RevisedGuardrail): void {
  // What it uses and is not there has an error of its own.
  if (GuardrailSet.compile([document]).errors.length > 0) return;
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
