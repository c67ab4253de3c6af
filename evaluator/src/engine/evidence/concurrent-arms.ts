import type { CompiledEvidence } from '@guardspan/policy';
import { NO_CELLS, type CellRows } from '../../count/cells/cell-counts.js';
import type { EvidenceSeries } from './evidence-series.js';

/** Versions as people count them; the same wherever the evaluator runs. */
const BY_NUMBERS = new Intl.Collator('en', { numeric: true });

interface Known {
  series: EvidenceSeries;
  /** Passes that had begun when it was made. */
  since: number;
}

/** Which series are counted beside which, for tests against a concurrent arm: those that differ in one field only. */
export class ConcurrentArms {
  readonly #against: { field: string; value: string } | null;
  readonly #at: number;
  readonly #bucket: number;
  readonly #beside = new Map<string, Known[]>();

  constructor({ evidence: { test }, over }: Pick<CompiledEvidence, 'evidence' | 'over'>) {
    this.#against = 'against' in test ? test.against : null;
    this.#at = this.#against === null ? -1 : over.groupBy.indexOf(this.#against.field);
    this.#bucket = over.bucket;
  }

  add(series: EvidenceSeries, since: number): void {
    if (this.#against === null) return;
    const key = this.#key(series);
    const known = this.#beside.get(key);
    if (known === undefined) this.#beside.set(key, [{ series, since }]);
    else known.push({ series, since });
  }

  remove(series: EvidenceSeries): void {
    const known = this.#beside.get(this.#key(series));
    const at = known?.findIndex((one) => one.series === series) ?? -1;
    if (at >= 0) known!.splice(at, 1);
  }

  /** What the arm of a series counted in an open bucket; series that were made after pass number `before` had begun are none. */
  counts(series: EvidenceSeries, bucket: number, before: number): CellRows {
    return this.#of(series, before)?.open.get(bucket)?.model.toRows() ?? NO_CELLS;
  }

  #of(series: EvidenceSeries, before: number): EvidenceSeries | undefined {
    if (this.#against === null) return undefined;
    const { value } = this.#against;
    let found: EvidenceSeries | undefined;
    for (const { series: other, since } of this.#beside.get(this.#key(series)) ?? []) {
      if (other === series || since > before) continue;
      if (value !== 'previous') {
        if (other.values[this.#at] === value) return other;
      } else if (this.#precedes(other, series) && (found === undefined || this.#precedes(found, other))) found = other;
    }
    return found;
  }

  /** Whether one was there before the other. Of two that are first seen in the same bucket chance says which call came first, so their names do: 9 before 10. */
  #precedes(a: EvidenceSeries, b: EvidenceSeries): boolean {
    const [first, second] = [a, b].map(({ firstSeen }) => Math.floor(firstSeen / this.#bucket));
    if (first !== second) return first! < second!;
    const names = BY_NUMBERS.compare(a.values[this.#at]!, b.values[this.#at]!);
    return names < 0 || (names === 0 && a.key < b.key);
  }

  #key({ values }: EvidenceSeries): string {
    return JSON.stringify(values.filter((_, i) => i !== this.#at));
  }
}
