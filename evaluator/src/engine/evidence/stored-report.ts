import { forPeople } from './for-people.js';
import type { ShownReport } from './for-people.js';
import type { EvidenceReport } from './report.js';

/** Most characters of a report that is kept with its verdict. */
export const MAX_REPORT = 256 * 1024;

const NO_ROWS = { rows: [], categories: [], units: 0, parts: [] };

/** A report as it is kept when its verdict begins: what people may see of it, bounded. Counts to recompute it are left out when they are what makes it too large. Pure. */
export function storedReport(report: EvidenceReport): ShownReport {
  const shown = forPeople(report);
  if (JSON.stringify(shown).length <= MAX_REPORT) return shown;
  const { every } = shown.recompute;
  const short = { ...shown, recompute: { every, before: NO_ROWS, since: NO_ROWS, arm: NO_ROWS } };
  // Strata without number: the first of them stand for all.
  return JSON.stringify(short).length <= MAX_REPORT ? short : { ...short, groups: short.groups.slice(0, 200) };
}
