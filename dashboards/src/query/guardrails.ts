import { METRIC } from '@guardspan/policy';
import { selector } from './selector.js';
import type { Scope } from './scope.js';

/** Dispositions by which a guard-rail did what it asks for, or ended the call because it could not decide. */
export const ACTED = 'enforced|enforced_stale|deny_failclosed|deny_stale';
/** Dispositions by which a call passed although nobody had decided. */
export const FAIL_OPEN = 'allow_failopen|allow_stale';
/** Dispositions by which a call was refused although nobody had decided. */
export const FAIL_CLOSED = 'deny_failclosed|deny_stale';

/**
 * Joins a vector that has a guard-rail with what is in force of it. Two evaluators may hold two revisions for a moment; one of them is taken.
 */
export function withInfo(vector: string, ...labels: ('mode' | 'action' | 'revision' | 'severity' | 'owner')[]): string {
  const info = `max by (${['guardrail', ...labels].join(', ')}) (${selector(METRIC.GUARDRAIL_INFO, { owner: '$owner' })})`;
  return `${vector} * on (guardrail) group_left (${labels.join(', ')}) topk by (guardrail) (1, ${info})`;
}

/** How many series there are; 0 when there are none, and nothing when no guard-rail is in force: who did not look has not seen 0. */
export function countOf(vector: string): string {
  return orZero(`count(${vector})`);
}

/** A number, or 0 when it is missing although a guard-rail is in force. */
export function orZero(number: string): string {
  return `${number} or 0 * count(${selector(METRIC.GUARDRAIL_INFO)})`;
}

/** Series that are firing, by model: since when, in milliseconds, with the mode, action and owner of their guard-rail. */
export function firingSince(scope: Scope): string {
  const since = `max by (guardrail, service, environment, model, model_version) (${scope.of(METRIC.SERIES_FIRING_TIMESTAMP)}) * 1000`;
  return withInfo(since, 'mode', 'action', 'severity', 'owner');
}

/** Share of calls that were guarded, by these labels. */
export function coverage(scope: Scope, by: 'service' | '', range: '$__range' | '$__rate_interval'): string {
  const sum = (name: typeof METRIC.GUARDED_CALLS | typeof METRIC.UNGUARDED_CALLS): string =>
    `sum ${by === '' ? '' : `by (${by}) `}(increase(${scope.of(name)}[${range}]))`;
  const [guarded, unguarded] = [sum(METRIC.GUARDED_CALLS), sum(METRIC.UNGUARDED_CALLS)];
  return `${guarded} / ((${guarded} + ${unguarded}) > 0)`;
}
