import { normalQuantile, wilsonLower, wilsonUpper } from '../../count/wilson-interval.js';
import type { JudgedVerdicts } from '../../store/types.js';
import { defineRoute, type Route } from '../route.js';
import { precisionSchema } from '../schemas.js';

const Z = normalQuantile(0.95);

/** How often people say that a guard-rail was right. */
export const precisionRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/guardrails/{name}/precision',
    operationId: 'getPrecision',
    summary: 'How often people say that a guard-rail was right',
    tag: 'verdicts',
    role: 'viewer',
    responses: {
      200: { description: 'Over all its revisions; zeros when there is no such guard-rail.', schema: precisionSchema },
    },
    handle: async ({ deps, params }) => {
      const modes = await deps.store.judgedVerdicts(params['name']!);
      const sum = (read: (row: JudgedVerdicts) => number): number => modes.reduce((all, row) => all + read(row), 0);
      const all = {
        verdicts: sum(({ verdicts }) => verdicts),
        right: sum(({ right }) => right),
        falseAlarm: sum(({ falseAlarm }) => falseAlarm),
        unclear: sum(({ unclear }) => unclear),
      };
      return {
        status: 200,
        body: {
          since: modes.length === 0 ? 0 : Math.min(...modes.map(({ since }) => since)),
          ...withPrecision(all),
          modes: modes.map(({ mode, verdicts, right, falseAlarm, unclear }) => ({
            mode,
            ...withPrecision({ verdicts, right, falseAlarm, unclear }),
          })),
        },
      };
    },
  }),
];

function withPrecision<T extends { right: number; falseAlarm: number }>(
  counts: T,
): T & { precision: number | null; lower: number | null; upper: number | null } {
  const { right, falseAlarm } = counts;
  const judged = right + falseAlarm;
  if (judged === 0) return { ...counts, precision: null, lower: null, upper: null };
  return {
    ...counts,
    precision: right / judged,
    lower: wilsonLower(right, judged, Z),
    upper: wilsonUpper(right, judged, Z),
  };
}
