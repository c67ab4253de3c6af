import type { Action, Mode } from '../document/types.js';
import { MODES } from '../document/types.js';
import type { ActionClass, Disposition, Failure } from './types.js';
import { FAILURES } from './types.js';

/** The question that the failure table answers. */
export interface FailureCase {
  failure: Failure;
  actionClass: ActionClass;
  mode: Mode;
  /** The document's choice; content defaults to `deny`, quality to `allow`. */
  onError: 'allow' | 'deny';
  /** The document's choice for a directive whose lease has ended; default `allow`. */
  onStale: 'keep' | 'allow' | 'deny';
}

/** Content (deny, redact, rewrite decided on the call itself) fails closed; everything else is quality. */
export function actionClassOf(action: Action, windowed: boolean): ActionClass {
  const content = action.type === 'deny' || action.type === 'redact' || action.type === 'rewrite';
  return content && !windowed ? 'content' : 'quality';
}

/** The default `onError` of an action class. */
export function defaultOnError(actionClass: ActionClass): 'allow' | 'deny' {
  return actionClass === 'content' ? 'deny' : 'allow';
}

/**
 * The one place that decides what happens when a guard cannot decide. Outside `enforce` nothing would be done anyway, and the
 * record says that the guard did not run. `stale` and `no_evaluator` follow `onStale`, everything else `onError`.
 */
export function failureDisposition({ failure, mode, onError, onStale, actionClass }: FailureCase): Disposition {
  if (mode !== 'enforce') return 'not_evaluated';
  if (failure === 'stale') {
    if (onStale === 'keep') return 'enforced_stale';
    return onStale === 'deny' ? 'deny_stale' : 'allow_stale';
  }
  if (failure === 'no_evaluator') {
    if (onStale === 'deny') return 'deny_stale';
    return actionClass === 'content' && onError === 'deny' ? 'deny_failclosed' : 'allow_failopen';
  }
  return onError === 'deny' ? 'deny_failclosed' : 'allow_failopen';
}

/** One cell of the failure table: the question with its answer. */
export interface FailureCell extends FailureCase {
  disposition: Disposition;
}

function allCells(): FailureCell[] {
  const cells: FailureCell[] = [];
  for (const failure of FAILURES) {
    for (const actionClass of ['content', 'quality'] as const) {
      for (const mode of MODES) {
        for (const onError of ['allow', 'deny'] as const) {
          for (const onStale of ['keep', 'allow', 'deny'] as const) {
            const cell = { failure, actionClass, mode, onError, onStale };
            cells.push({ ...cell, disposition: failureDisposition(cell) });
          }
        }
      }
    }
  }
  return cells;
}

/** Every cell of the table, in a fixed order; printed in docs/failure-table.md. */
export const FAILURE_TABLE: readonly Readonly<FailureCell>[] = allCells();
