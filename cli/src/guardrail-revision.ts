import { existsSync } from 'node:fs';
import type { LoadedGuardrail } from '@guardspan/policy';
import { ApiClient } from './api-client.js';
import { CliError, WRONG_USE } from './cli-error.js';
import type { CliIo } from './cli-io.js';
import type { DocumentFile } from './find-documents.js';
import { findDocuments } from './find-documents.js';
import { gitFiles } from './git-files.js';
import { guardrailsOf } from './load-guardrail-files.js';
import type { ServerFlags } from './server-flags.js';
import { singularOf } from './resources.js';
import { driftText } from './sync/drift.js';
import { heldDocuments } from './sync/held-documents.js';

/** How the evaluator is named where a file, a directory or a revision of git can stand. */
export const EVALUATOR = 'evaluator';

/**
 * The guard-rails of a file, a directory, `REVISION:PATH` of git, or `evaluator`: what is in force there.
 * @throws CliError USAGE for what does not exist, FAILED when a document has errors.
 */
export async function guardrailRevision(from: string, options: ServerFlags, io: CliIo): Promise<LoadedGuardrail[]> {
  return guardrailsOf(await filesOf(from, options, io));
}

async function filesOf(from: string, options: ServerFlags, io: CliIo): Promise<DocumentFile[]> {
  if (existsSync(from)) return findDocuments([from]);
  if (from === EVALUATOR) {
    const held = await heldDocuments(await ApiClient.create(options, io));
    for (const one of held) {
      const drift = driftText(one);
      if (drift !== '') io.err(`${singularOf(one.kind)}/${one.name} ${drift}\n`);
    }
    return held.map(({ name, source }) => ({ path: `${EVALUATOR}:${name}`, text: source }));
  }
  const colon = from.indexOf(':');
  if (colon > 0) return gitFiles(from.slice(0, colon), from.slice(colon + 1));
  throw new CliError(
    WRONG_USE,
    `${from}: there is no such file or directory`,
    `name a path, REVISION:PATH of git, or "${EVALUATOR}"`,
  );
}
