import type { Guardrail } from '@guardspan/policy';
import type { FiledGuardrail } from '../load-guardrail-files.js';

/** A guard-rail as the evaluator holds it. */
export interface HeldGuardrail {
  name: string;
  revision: string;
  source: string;
  guardrail: Guardrail;
}

/** What is to be done about one guard-rail. */
export type PushStep =
  | { do: 'create' | 'update' | 'unchanged'; name: string; local: FiledGuardrail; held: HeldGuardrail | undefined }
  | { do: 'delete' | 'keep'; name: string; held: HeldGuardrail }
  /** The other side owns it: nothing is sent. */
  | { do: 'refuse'; name: string; reason: string; hint: string };

/**
 * What makes the evaluator hold what the directory holds. git owns what a directory pushes: a document that the UI owns, on either side, is refused; what git
 * owns there and is not in the directory is deleted only when `prune` says so. Sorted by name.
 */
export function planPush(
  local: readonly FiledGuardrail[],
  held: readonly HeldGuardrail[],
  options: { prune: boolean },
): PushStep[] {
  const there = new Map(held.map((one) => [one.name, one]));
  const here = new Set(local.map(({ guardrail }) => guardrail.metadata.name));
  const steps = local.map((one): PushStep => {
    const { name, managedBy } = one.guardrail.metadata;
    const current = there.get(name);
    if (managedBy === 'ui')
      return {
        do: 'refuse',
        name,
        reason: `${one.file} says that the UI owns it`,
        hint: 'pull it, or set metadata.managedBy to git in the file and delete it in the UI',
      };
    if (current?.guardrail.metadata.managedBy === 'ui')
      return {
        do: 'refuse',
        name,
        reason: 'the UI owns it in the evaluator',
        hint: 'pull it, or delete it in the UI first',
      };
    if (current === undefined) return { do: 'create', name, local: one, held: undefined };
    return { do: current.revision === one.revision ? 'unchanged' : 'update', name, local: one, held: current };
  });
  for (const one of held) {
    if (here.has(one.name) || one.guardrail.metadata.managedBy !== 'git') continue;
    steps.push({ do: options.prune ? 'delete' : 'keep', name: one.name, held: one });
  }
  return steps.sort((a, b) => (a.name < b.name ? -1 : 1));
}
