import type { CellRows } from '../../count/cells/cell-counts.js';
import type { EvidenceReport } from './report.js';

/** Cells of protected groups are shown from this many calls on. */
export const MIN_CELL = 10;

/** A report as people may see it: cells of groups with fewer than ten calls are left out, and counted. */
export interface ShownReport extends EvidenceReport {
  /** Cells that are not shown because they hold fewer than {@link MIN_CELL} calls. */
  suppressed: number;
}

/** Leaves small cells of groups out of a report. Pure. */
export function forPeople(report: EvidenceReport): ShownReport {
  if (report.test !== 'rateGap' && report.test !== 'association') return { ...report, suppressed: 0 };
  const groups = report.groups.filter(({ calls }) => calls >= MIN_CELL);
  const causes = report.causes.filter(({ kind, calls }) => kind === 'feature' || calls >= MIN_CELL);
  const { recompute } = report;
  return {
    ...report,
    groups,
    causes,
    recompute: {
      ...recompute,
      before: withoutSmall(recompute.before),
      since: withoutSmall(recompute.since),
      arm: withoutSmall(recompute.arm),
    },
    suppressed: report.groups.length - groups.length + (report.causes.length - causes.length),
  };
}

function withoutSmall(cells: CellRows): CellRows {
  const rows = cells.rows.filter(([, , counts]) => counts.reduce((sum, count) => sum + count, 0) >= MIN_CELL);
  return { ...cells, rows };
}
