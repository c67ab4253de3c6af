import type { ActionType } from '../document/types.js';
import { ACTION_TYPES } from '../document/types.js';
import type { Decision, Disposition } from './types.js';
import { DISPOSITIONS } from './types.js';

/** The stronger of two dispositions. */
export function stronger(a: Disposition, b: Disposition): Disposition {
  return DISPOSITIONS.indexOf(a) >= DISPOSITIONS.indexOf(b) ? a : b;
}

/** The strictest of what a decision does; `allow` when it does nothing. */
export function strongestAction(decision: Omit<Decision, 'action'>): ActionType | 'allow' {
  const done = new Set<ActionType>();
  if (decision.end !== null) done.add(decision.end.kind);
  if (decision.redactions.length > 0) done.add('redact');
  if (decision.rewriting !== undefined || decision.rewrites !== undefined) done.add('rewrite');
  if (decision.reroute !== null) done.add('reroute');
  if (Object.keys(decision.annotations).length > 0) done.add('annotate');
  if (decision.sampling !== undefined || decision.sample === true) done.add('sample');
  return ACTION_TYPES.find((type) => done.has(type)) ?? 'allow';
}
