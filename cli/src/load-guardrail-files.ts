import type { LoadedGuardrail } from '@guardspan/policy';
import { findDocuments } from './find-documents.js';
import type { DocumentFile } from './find-documents.js';
import { loadSoundFiles } from './load-document-files.js';

/** A guard-rail and the file that it stands in. */
export interface FiledGuardrail extends LoadedGuardrail {
  file: string;
}

/**
 * Loads all guard-rails of files and directories.
 * @throws CliError FAILED when one of them has errors; USAGE when a path does not exist.
 */
export async function loadGuardrailFiles(paths: readonly string[]): Promise<FiledGuardrail[]> {
  return guardrailsOf(await findDocuments(paths));
}

/**
 * The guard-rails among the documents of files.
 * @throws CliError FAILED when a document has errors
 */
export function guardrailsOf(files: readonly DocumentFile[]): FiledGuardrail[] {
  return loadSoundFiles(files).Guardrail.map(({ normal, revision, source, file }) => ({
    ...{ guardrail: normal, revision },
    ...{ source, file },
  }));
}
