import type { Action, Guardrail } from '@guardspan/policy';
import type { Instance } from './instance.js';
import { matchesModel, matchesProcess } from './process-match.js';

/** Why a guard-rail can act nowhere: the reason that came closest. */
export type InertReason =
  'no_call_site' | 'action_unsupported' | 'forbidden_here' | 'unknown_target' | 'unknown_engine' | 'unknown_rewriter';

/** `active`: it can act in at least one live process. `unknown`: no matching process is connected, so nobody can say. */
export type Reach =
  | { state: 'active'; instances: number; matching: number }
  | { state: 'inert'; reason: InertReason; matching: number }
  | { state: 'unknown' };

/**
 * Where a guard-rail can act among these live processes. A guard-rail of mode `off` is judged as if it were on.
 *
 * @param live Processes that are connected now.
 */
export function reachOf(guardrail: Guardrail, live: readonly Instance[]): Reach {
  let instances = 0;
  let matching = 0;
  let closest = 0;
  for (const instance of live) {
    if (!matchesProcess(guardrail.spec.match, instance.resource)) continue;
    matching++;
    const step = stepOf(guardrail, instance);
    if (step === REASONS.length) instances++;
    else closest = Math.max(closest, step);
  }
  if (matching === 0) return { state: 'unknown' };
  if (instances > 0) return { state: 'active', instances, matching };
  return { state: 'inert', reason: REASONS[closest]!, matching };
}

/** Name of the target that an action needs the process to declare, or empty. */
export function targetOf(action: Action): string {
  if (action.type === 'reroute') return action.to;
  return action.type === 'shutdown' ? action.fallback : '';
}

/** Name of the rewriter that an action needs the process to declare, or empty. */
export function rewriterOf(action: Action): string {
  return action.type === 'rewrite' ? (action.by?.name ?? '') : '';
}

/** In the order in which they are checked: a later one means that a process came closer. */
const REASONS: readonly InertReason[] = [
  'no_call_site',
  'action_unsupported',
  'forbidden_here',
  'unknown_target',
  'unknown_engine',
  'unknown_rewriter',
];

/** Index into {@link REASONS} of what stops this process, or its length when nothing does. */
function stepOf({ spec }: Guardrail, instance: Instance): number {
  // A process that pulls does not say what it can do; it is given the benefit of the doubt.
  if (instance.transport === 'sync') return REASONS.length;
  const clients = new Set<string>();
  for (const site of instance.callSites)
    if (matchesModel(spec.match, site.model, site.version)) clients.add(site.client);
  if (clients.size === 0) return 0;
  const able = instance.capabilities.some(
    // A directive of a windowed guard-rail is applied before the call, whatever the point of the evidence.
    (capability) =>
      clients.has(capability.client) &&
      capability.at === (spec.at ?? 'request') &&
      // Who can put attributes on a span can mark it.
      capability.actions.includes(spec.action.type === 'sample' ? 'annotate' : spec.action.type),
  );
  if (!able) return 1;
  if (!instance.allow.actions.includes(spec.action.type)) return 2;
  const target = targetOf(spec.action);
  if (target !== '' && !instance.targets.some(({ name }) => name === target)) return 3;
  if (spec.rego !== undefined && !instance.engines.includes(spec.rego.engine)) return 4;
  const rewriter = rewriterOf(spec.action);
  if (rewriter !== '' && !instance.rewriters.includes(rewriter)) return 5;
  return REASONS.length;
}
