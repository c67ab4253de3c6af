import { DOCUMENT_KINDS, HELD_KINDS, loadDocuments } from '@guardspan/policy';
import type { HeldKind, LoadedDocument } from '@guardspan/policy';
import { ApiError } from '../api-error.js';
import type { PublishInput } from '../deps.js';

const MAX_PROBLEMS = 100;

/** Reads the one document of a publication. Throws ApiError 422: invalid, not one, another kind or name. */
export function loadOne(input: Pick<PublishInput, 'text' | 'file' | 'key' | 'loaded'>): LoadedDocument<HeldKind> {
  if (input.loaded !== undefined) return input.loaded;
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
  return { ...only, source: input.text };
}
