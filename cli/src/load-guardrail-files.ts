import { loadGuardrails } from '@guardspan/policy';
import type { LoadedGuardrail } from '@guardspan/policy';
import { CliError } from './cli-io.js';
import { EXIT } from './exit-codes.js';
import { findDocuments } from './find-documents.js';

/** A guard-rail and the file that it stands in. */
export interface FiledGuardrail extends LoadedGuardrail {
  file: string;
}

/**
 * Loads all guard-rails of files and directories.
 * @throws CliError FAILED when one of them has errors; USAGE when a path does not exist.
 */
export async function loadGuardrailFiles(paths: readonly string[]): Promise<FiledGuardrail[]> {
  const found: FiledGuardrail[] = [];
  const problems: string[] = [];
  for (const { path, text } of await findDocuments(paths)) {
    const { guardrails, errors } = loadGuardrails(text, { file: path });
    for (const { line, column, code, message } of errors) problems.push(`${path}:${line}:${column} ${code} ${message}`);
    for (const loaded of guardrails) found.push({ ...loaded, file: path });
  }
  if (problems.length > 0)
    throw new CliError(EXIT.FAILED, problems.join('\n'), '`guardspan check` says how to mend each');
  return found;
}
