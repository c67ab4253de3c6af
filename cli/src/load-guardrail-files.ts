import { bindGuardrails } from '@guardspan/policy';
import type { LoadedGuardrail } from '@guardspan/policy';
import { findDocuments } from './find-documents.js';
import type { DocumentFile } from './find-documents.js';
import { loadSoundFiles } from './load-document-files.js';

/** A guard-rail and the file that it stands in. */
export interface FiledGuardrail extends LoadedGuardrail {
  file: string;
}

/**
 * The guard-rails of files and directories, bound with the exceptions and packs that stand there too.
 * @throws CliError FAILED when one of them has errors; USAGE when a path does not exist.
 */
export async function loadGuardrailFiles(paths: readonly string[]): Promise<FiledGuardrail[]> {
  return guardrailsOf(await findDocuments(paths));
}

/**
 * The guard-rails among the documents of files, bound with the exceptions and packs among them.
 * @throws CliError FAILED when a document has errors
 */
export function guardrailsOf(files: readonly DocumentFile[]): FiledGuardrail[] {
  const { Guardrail, GuardrailException, DetectorPack } = loadSoundFiles(files);
  const written = Guardrail.map(({ normal, revision }) => ({ guardrail: normal, revision }));
  const bound = bindGuardrails(written, { exceptions: GuardrailException, packs: DetectorPack });
  return bound.map((revised, index) => ({
    ...revised,
    source: Guardrail[index]!.source,
    file: Guardrail[index]!.file,
  }));
}
