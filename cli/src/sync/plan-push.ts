import { HELD_KINDS } from '@guardspan/policy';
import type { HeldKind } from '@guardspan/policy';
import type { FiledDocument } from '../load-document-files.js';
import type { HeldDocument } from './held-documents.js';

/** What is to be done about one document. */
export type PushStep = { kind: HeldKind; name: string } & (
  | { do: 'create' | 'update' | 'unchanged'; local: FiledDocument<HeldKind>; held: HeldDocument | undefined }
  | { do: 'delete' | 'keep'; held: HeldDocument }
  /** The other side owns it: nothing is sent. */
  | { do: 'refuse'; code: string; reason: string; hint: string }
);

/**
 * What makes the evaluator hold what the directory holds. git owns what a directory pushes: a document that the UI owns, on either side, is refused; what git
 * owns there and is not in the directory is deleted only when `prune` says so. What others refer to comes first, and leaves last; within a kind by name.
 */
export function planPush(
  local: readonly FiledDocument<HeldKind>[],
  held: readonly HeldDocument[],
  options: { prune: boolean },
): PushStep[] {
  const there = new Map(held.map((one) => [keyOf(one), one]));
  const here = new Set(local.map(keyOf));
  const steps = local.map((one): PushStep => {
    const { kind, name } = one;
    const key = { kind, name };
    const current = there.get(keyOf(one));
    if (one.normal.metadata.managedBy === 'ui')
      return {
        ...key,
        do: 'refuse',
        code: 'GUARDSPAN_MANAGED_BY_UI',
        reason: `${one.file} says that the UI owns it`,
        hint: 'pull it, or set metadata.managedBy to git in the file and delete it in the UI',
      };
    if (current?.normal.metadata.managedBy === 'ui')
      return {
        ...key,
        do: 'refuse',
        code: 'GUARDSPAN_MANAGED_BY_UI',
        reason: 'the UI owns it in the evaluator',
        hint: 'pull it, or delete it in the UI first',
      };
    if (current === undefined) return { ...key, do: 'create', local: one, held: undefined };
    return {
      ...key,
      do: current.revision === one.revision && !current.breakGlass ? 'unchanged' : 'update',
      local: one,
      held: current,
    };
  });
  for (const one of held) {
    if (here.has(keyOf(one)) || one.normal.metadata.managedBy !== 'git') continue;
    steps.push({ kind: one.kind, name: one.name, do: options.prune ? 'delete' : 'keep', held: one });
  }
  return steps.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

/** Steps, as {@link planPush} puts them, in runs of which none refers to another of the same run. */
export function independentRuns(steps: readonly PushStep[]): PushStep[][] {
  const runs: PushStep[][] = [];
  let last = -1;
  for (const step of steps) {
    if (rank(step) !== last) runs.push([]);
    last = rank(step);
    runs.at(-1)!.push(step);
  }
  return runs;
}

function rank(step: PushStep): number {
  const index = HELD_KINDS.indexOf(step.kind);
  return step.do === 'delete' ? 2 * HELD_KINDS.length - index : index;
}

function keyOf({ kind, name }: { kind: HeldKind; name: string }): string {
  return `${kind}/${name}`;
}
