import type { GuardrailView, Proposal, SeriesState } from '../api/answers';
import { isAbout, type Values } from '../datasource/conditions';
import { rowsOf, type Row } from '../pages/Guardrails/rows';

/** A guard-rail as the panel shows it. */
export interface Entry {
  row: Row;
  /** `kept` or not; `none` for thresholds, `unknown` while no series tells, empty for guard-rails that judge single calls. */
  promise: 'kept' | 'not_guaranteed' | 'none' | 'unknown' | '';
  /** Why a promise is not guaranteed. */
  reasons: readonly string[];
}

/** The guard-rails that conditions leave over: those that fire first, then by name. */
export function entriesOf(
  guardrails: readonly GuardrailView[],
  series: readonly SeriesState[],
  proposals: readonly Proposal[],
  values: Values,
  show: 'all' | 'firing',
): Entry[] {
  return rowsOf(guardrails, series, proposals)
    .filter((row) => isAbout(row, values) && (show === 'all' || row.firing > 0))
    .map((row) => ({ row, ...promiseOf(row, series) }))
    .sort((a, b) => Number(b.row.firing > 0) - Number(a.row.firing > 0));
}

function promiseOf({ name, where, promises }: Row, series: readonly SeriesState[]): Pick<Entry, 'promise' | 'reasons'> {
  if (where !== 'window') {
    return { promise: '', reasons: [] };
  }
  if (!promises) {
    return { promise: 'none', reasons: [] };
  }
  const found = series.flatMap(({ guardrail, evidence }) => (guardrail === name && evidence ? [evidence.promise] : []));
  const reasons = [...new Set(found.flatMap((one) => (one.status === 'kept' ? [] : one.reasons)))];
  const isKept = found.every(({ status }) => status === 'kept');
  return { promise: found.length === 0 ? 'unknown' : isKept ? 'kept' : 'not_guaranteed', reasons };
}
