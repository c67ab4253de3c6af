import { describe, expect, it } from 'vitest';
import { FAILURE_TABLE, failureDisposition } from '../../src/decide/failure-table.js';
import type { Disposition } from '../../src/decide/types.js';

// The table once more, as a person reads it: the rows of `enforce` by (failure, onError, onStale). Every other mode is `not_evaluated`.
const CONTENT: Record<string, Disposition> = {
  'stale/allow/keep': 'enforced_stale',
  'stale/allow/allow': 'allow_stale',
  'stale/allow/deny': 'deny_stale',
  'stale/deny/keep': 'enforced_stale',
  'stale/deny/allow': 'allow_stale',
  'stale/deny/deny': 'deny_stale',
  'no_evaluator/allow/keep': 'allow_failopen',
  'no_evaluator/allow/allow': 'allow_failopen',
  'no_evaluator/allow/deny': 'deny_stale',
  'no_evaluator/deny/keep': 'deny_failclosed',
  'no_evaluator/deny/allow': 'deny_failclosed',
  'no_evaluator/deny/deny': 'deny_stale',
};
const QUALITY: Record<string, Disposition> = {
  ...CONTENT,
  'no_evaluator/deny/keep': 'allow_failopen',
  'no_evaluator/deny/allow': 'allow_failopen',
};

describe('failure table', () => {
  it('has each cell once', () => {
    const keys = FAILURE_TABLE.map((cell) =>
      [cell.failure, cell.actionClass, cell.mode, cell.onError, cell.onStale].join(),
    );
    expect(new Set(keys).size).toBe(6 * 2 * 4 * 2 * 3);
    expect(keys).toHaveLength(288);
  });
  it.each(
    FAILURE_TABLE.map(
      (cell) =>
        [
          `${cell.failure} ${cell.actionClass} ${cell.mode} onError=${cell.onError} onStale=${cell.onStale}`,
          cell,
        ] as const,
    ),
  )('%s', (_name, cell) => {
    const table = cell.actionClass === 'content' ? CONTENT : QUALITY;
    const expected =
      cell.mode !== 'enforce'
        ? 'not_evaluated'
        : (table[`${cell.failure}/${cell.onError}/${cell.onStale}`] ??
          (cell.onError === 'deny' ? 'deny_failclosed' : 'allow_failopen'));
    expect(cell.disposition).toBe(expected);
    expect(failureDisposition(cell)).toBe(expected);
  });
});
