import type { Published } from '../../api/answers';
import { evaluator } from '../../api/client';
import { ApiFailure } from '../../api/failure';
import { setValue } from '../../documents/edit';
import type { Row } from './rows';

/** What is done to several guard-rails at once. */
export type BulkChange = { kind: 'mode'; mode: string } | { kind: 'delete' };

/** What came of it for one of them. */
export interface BulkResult {
  name: string;
  outcome: 'done' | 'proposed' | 'unchanged' | 'failed';
  /** Why it failed; empty otherwise. */
  message: string;
}

/** Why a change cannot be made to a guard-rail here, or `undefined`. */
export type Obstacle = 'git' | 'same';

/** What stands in the way of a change. */
export function obstacleTo(change: BulkChange, { managedBy, mode }: Row): Obstacle | undefined {
  if (managedBy === 'git') {
    return 'git';
  }
  return change.kind === 'mode' && change.mode === mode ? 'same' : undefined;
}

/**
 * Makes one change, under the condition that the guard-rail is still the one that the user saw. Never rejects: one that fails must not keep the
 * others from being changed.
 */
export async function changeOne(change: BulkChange, row: Row, why: string): Promise<BulkResult> {
  const { name, revision, source } = row;
  try {
    const published =
      change.kind === 'delete'
        ? await evaluator.deleteGuardrail(name, { base: revision, why })
        : await evaluator.putGuardrail(name, setValue(source, ['spec', 'mode'], change.mode), { base: revision, why });
    return { name, outcome: outcomeOf(published), message: '' };
  } catch (error) {
    const hint = error instanceof ApiFailure && error.hint !== '' ? ` ${error.hint}` : '';
    return { name, outcome: 'failed', message: `${error instanceof Error ? error.message : String(error)}${hint}` };
  }
}

function outcomeOf(published: Published | undefined): BulkResult['outcome'] {
  return published?.outcome === 'proposed' || published?.outcome === 'unchanged' ? published.outcome : 'done';
}
