import type { Dispositions } from '../api/answers';

/** Dispositions under which something was done to a call. */
const ACTED = ['enforced', 'enforced_stale', 'deny_failclosed', 'deny_stale'];
/** Dispositions under which a guard could not decide and let the call through. */
const OPEN = ['allow_failopen', 'allow_stale', 'not_evaluated'];

/** The last minutes of the history in numbers. */
export function recent(
  { items }: Dispositions,
  since: number,
): { calls: number; acted: number; would: number; open: number } {
  const sum = { calls: 0, acted: 0, would: 0, open: 0 };
  for (const { start, calls, counts } of items) {
    if (start < since) {
      continue;
    }
    sum.calls += calls;
    ACTED.forEach((name) => (sum.acted += counts[name] ?? 0));
    sum.would += counts['would_act'] ?? 0;
    OPEN.forEach((name) => (sum.open += counts[name] ?? 0));
  }
  return sum;
}
