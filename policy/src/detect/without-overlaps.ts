import type { Finding } from './types.js';

/**
 * Findings that never overlap, in order of position: of those that do, the one with the higher score wins, then the longer one, then the one that begins first.
 * O(n log n) in the number of findings.
 */
export function withoutOverlaps(found: Finding[]): Finding[] {
  if (found.length < 2) return found;
  if (!isOrdered(found)) found.sort(byPlace);
  const kept: Finding[] = [];
  let from = 0;
  let end = found[0]!.end;
  for (let index = 1; index <= found.length; index++) {
    const next = found[index];
    if (next !== undefined && next.start < end) {
      end = Math.max(end, next.end);
      continue;
    }
    if (index - from === 1) kept.push(found[from]!);
    else settle(found.slice(from, index), kept);
    if (next === undefined) break;
    from = index;
    end = next.end;
  }
  return kept;
}

function byPlace(a: Finding, b: Finding): number {
  return a.start - b.start || b.end - a.end || (a.entity < b.entity ? -1 : 1);
}

/** True when each finding begins behind the one before, as those of a single detector do. */
function isOrdered(found: readonly Finding[]): boolean {
  for (let index = 1; index < found.length; index++) if (found[index]!.start <= found[index - 1]!.start) return false;
  return true;
}

/** Settles findings that hang together by overlaps. */
function settle(group: Finding[], kept: Finding[]): void {
  group.sort(
    (a, b) =>
      b.score - a.score || b.end - b.start - (a.end - a.start) || a.start - b.start || (a.entity < b.entity ? -1 : 1),
  );
  const chosen: Finding[] = [];
  for (const finding of group) {
    // `chosen` is sorted by position: only its neighbours can overlap.
    let low = 0;
    let high = chosen.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (chosen[middle]!.start < finding.start) low = middle + 1;
      else high = middle;
    }
    const before = chosen[low - 1];
    const after = chosen[low];
    if ((before === undefined || before.end <= finding.start) && (after === undefined || after.start >= finding.end))
      chosen.splice(low, 0, finding);
  }
  kept.push(...chosen);
}
