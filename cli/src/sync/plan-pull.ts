import { join } from 'node:path';
import type { FiledGuardrail } from '../load-guardrail-files.js';
import type { HeldGuardrail } from './plan-push.js';

/** What is to be done about one file. */
export type PullStep =
  | { do: 'create' | 'update'; name: string; file: string; before: string; after: string }
  | { do: 'unchanged'; name: string }
  | { do: 'delete' | 'keep'; name: string; file: string }
  /** git owns it and the directory says something else: the directory wins, nothing is written. */
  | { do: 'differs'; name: string; file: string; before: string; after: string }
  | { do: 'refuse'; name: string; reason: string; hint: string };

/**
 * What makes a directory hold what the evaluator holds. The evaluator owns what the UI manages: such files are created, changed and, with `prune`, deleted. What git
 * manages is created where it is missing and never changed: its directory is the source.
 *
 * @param documentsIn Number of documents in a file: one that holds several is not rewritten.
 */
export function planPull(
  local: readonly FiledGuardrail[],
  held: readonly HeldGuardrail[],
  directory: string,
  documentsIn: (file: string) => number,
  options: { prune: boolean },
): PullStep[] {
  const here = new Map(local.map((one) => [one.guardrail.metadata.name, one]));
  const there = new Set(held.map(({ name }) => name));
  const steps = held.map((one): PullStep => {
    const { name } = one;
    // The name becomes a file's: what a server says must not leave the directory.
    if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name))
      return {
        do: 'refuse',
        name: JSON.stringify(name),
        reason: 'this is no name of a guard-rail',
        hint: 'check the server',
      };
    const mine = here.get(name);
    const after = `${one.source.trim()}\n`;
    if (mine === undefined) return { do: 'create', name, file: join(directory, `${name}.yaml`), before: '', after };
    if (mine.revision === one.revision) return { do: 'unchanged', name };
    const { file, source: before } = mine;
    if (one.guardrail.metadata.managedBy === 'git') return { do: 'differs', name, file, before, after };
    if (documentsIn(file) > 1)
      return {
        do: 'refuse',
        name,
        reason: `${file} holds several documents`,
        hint: 'move it into a file of its own, then pull again',
      };
    return { do: 'update', name, file, before, after };
  });
  for (const { guardrail, file } of local) {
    const { name, managedBy } = guardrail.metadata;
    if (there.has(name) || managedBy !== 'ui') continue;
    steps.push({ do: options.prune && documentsIn(file) === 1 ? 'delete' : 'keep', name, file });
  }
  return steps.sort((a, b) => (a.name < b.name ? -1 : 1));
}
