import type { SeriesView, Transition } from '../../engine/types.js';
import type { Store, VerdictRow } from '../../store/types.js';

/** What a person said about an action that waited. */
export type Answer = 'approved' | 'rejected';

/** What the audit says that a person answered about a verdict; undefined when nobody did. */
export async function answerTo(verdictId: string, store: Pick<Store, 'queryAudit'>): Promise<Answer | undefined> {
  const records = await store.queryAudit({ kind: 'override', verdictId, descending: true, limit: 10 });
  const changes = records.map(({ body }) => (body as { change?: string }).change);
  return changes.find((change): change is Answer => change === 'approved' || change === 'rejected');
}

/** How a series that fires came to do so; `row` is its verdict as far as it was stored. */
export function transitionOf(view: SeriesView, row: VerdictRow | undefined): Transition {
  const { verdictId, guardrail, revision, series, state, signals } = view;
  return {
    verdictId,
    at: row?.firstAt ?? view.since,
    guardrail,
    revision,
    series,
    from: 'ok',
    to: state,
    code: 'condition',
    message: row?.message ?? '',
    trace: (row?.trace as Transition['trace'] | undefined) ?? [],
    signals,
    exampleTraceIds: row?.exampleTraceIds ?? [],
  };
}
