import type { CompiledEvidence } from '@guardspan/policy';
import type { EvidenceSeries } from './evidence-series.js';

/** The series that is counted beside this one, for tests against a concurrent arm; undefined when there is none. */
export function concurrentArm(
  series: EvidenceSeries,
  all: Iterable<EvidenceSeries>,
  { evidence: { test }, over }: Pick<CompiledEvidence, 'evidence' | 'over'>,
): EvidenceSeries | undefined {
  const against = 'against' in test ? test.against : null;
  if (against === null) return undefined;
  const at = over.groupBy.indexOf(against.field);
  let found: EvidenceSeries | undefined;
  for (const other of all) {
    if (other === series || !other.values.every((value, i) => i === at || value === series.values[i])) continue;
    if (against.value !== 'previous') {
      if (other.values[at] === against.value) return other;
    } else if (precedes(other, series) && (found === undefined || precedes(found, other))) found = other;
  }
  return found;
}

function precedes(a: EvidenceSeries, b: EvidenceSeries): boolean {
  return a.firstSeen < b.firstSeen || (a.firstSeen === b.firstSeen && a.key < b.key);
}
