import { join } from 'node:path';
import type { HeldKind } from '@guardspan/policy';
import type { FiledDocument } from '../load-document-files.js';
import { singularOf } from '../resources.js';
import { driftText } from './drift.js';
import type { HeldDocument } from './held-documents.js';

/** What is to be done about one file. */
export type PullStep = { kind: HeldKind } & (
  | { do: 'create' | 'update'; name: string; file: string; before: string; after: string }
  | { do: 'unchanged'; name: string }
  | { do: 'delete' | 'keep'; name: string; file: string }
  /** git owns it and the directory says something else: the directory wins, nothing is written. */
  | { do: 'differs'; name: string; file: string; before: string; after: string; drift: string }
  | { do: 'refuse'; name: string; code: string; reason: string; hint: string }
);

/**
 * What makes a directory hold what the evaluator holds. The evaluator owns what the UI manages: such files are created, changed and, with `prune`, deleted. What git
 * manages is created where it is missing and never changed: its directory is the source.
 *
 * @param documentsIn Number of documents in a file: one that holds several is not rewritten.
 */
export function planPull(
  local: readonly FiledDocument<HeldKind>[],
  held: readonly HeldDocument[],
  directory: string,
  documentsIn: (file: string) => number,
  options: { prune: boolean },
): PullStep[] {
  const here = new Map(local.map((one) => [`${one.kind}/${one.name}`, one]));
  const there = new Set(held.map(({ kind, name }) => `${kind}/${name}`));
  const steps = held.map((one): PullStep => {
    const { kind, name } = one;
    // The name becomes a file's: what a server says must not leave the directory.
    if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name))
      return {
        ...{ kind, do: 'refuse' },
        name: JSON.stringify(name),
        code: 'GUARDSPAN_NAME',
        reason: 'this is no name of a document',
        hint: 'check the server',
      };
    const mine = here.get(`${kind}/${name}`);
    const after = `${one.source.trim()}\n`;
    if (mine === undefined)
      return { kind, do: 'create', name, file: join(directory, fileOf(kind, name)), before: '', after };
    if (mine.revision === one.revision) return { kind, do: 'unchanged', name };
    const { file, source: before } = mine;
    if (one.normal.metadata.managedBy === 'git') {
      const drift = driftText(one);
      return { kind, do: 'differs', name, file, before, after, drift };
    }
    if (documentsIn(file) > 1)
      return {
        ...{ kind, do: 'refuse', name },
        code: 'GUARDSPAN_ONE_DOCUMENT',
        reason: `${file} holds several documents`,
        hint: 'move it into a file of its own, then pull again',
      };
    return { kind, do: 'update', name, file, before, after };
  });
  for (const { kind, name, normal, file } of local) {
    if (there.has(`${kind}/${name}`) || normal.metadata.managedBy !== 'ui') continue;
    steps.push({ kind, do: options.prune && documentsIn(file) === 1 ? 'delete' : 'keep', name, file });
  }
  return steps.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Documents of several kinds may have one name. */
function fileOf(kind: HeldKind, name: string): string {
  return kind === 'Guardrail' ? `${name}.yaml` : `${name}.${singularOf(kind)}.yaml`;
}
