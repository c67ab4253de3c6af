import type { Observation } from '@guardspan/policy';

/** Plain form of {@link CellCounts}: JSON, sorted, so that equal counts give equal text whatever the order of the calls. */
export interface CellRows {
  /** [stratum, group, counts by column]. */
  rows: [string, string, number[]][];
  /** Names of the columns when they are categories, in order; empty otherwise. */
  categories: string[];
  /** Sum of `units` of a mean. */
  units: number;
  /** [index of `explainBy`, value, calls, events or units]. */
  parts: [number, string, number, number][];
}

/** Distinct values that are kept apart; further ones count as `__other__`. */
const LIMITS = { rows: 1024, categories: 64, values: 64 } as const;
const OTHER = '__other__';
const SEPARATOR = '\u0000';

/** Integer counts of one bucket of one series of a test: by stratum, group and outcome or bin, and by the fields that explanations look at. Adding parts in any order gives the same. */
export class CellCounts {
  readonly #rows = new Map<string, number[]>();
  readonly #columns = new Map<string, number>();
  readonly #parts: Map<string, [number, number]>[] = [];
  #units = 0;
  #calls = 0;

  /** Calls counted. */
  get calls(): number {
    return this.#calls;
  }

  /** Counts one call; `values` are those of `explainBy`. */
  add(seen: Observation, values: readonly string[]): void {
    const key = seen.group === '' && seen.stratum === '' ? '' : seen.stratum + SEPARATOR + seen.group;
    const column = seen.column >= 0 ? seen.column : this.#column(seen.category);
    this.#put(this.#row(key), column, 1);
    this.#units += seen.units;
    this.#calls += 1;
    const amount = seen.units > 0 ? seen.units : seen.column > 0 ? seen.column : 0;
    for (let i = 0; i < values.length; i++) this.#part(i, values[i]!, 1, amount);
  }

  /** Adds other counts to these. */
  merge({ rows, categories, units, parts }: CellRows): void {
    for (const [stratum, group, counts] of rows) {
      const row = this.#row(stratum === '' && group === '' ? '' : stratum + SEPARATOR + group);
      for (let i = 0; i < counts.length; i++) {
        if (counts[i] === 0) continue;
        this.#put(row, categories.length === 0 ? i : this.#column(categories[i]!), counts[i]!);
        this.#calls += counts[i]!;
      }
    }
    this.#units += units;
    for (const [index, value, calls, amount] of parts) this.#part(index, value, calls, amount);
  }

  /** The counts in plain form. */
  toRows(): CellRows {
    const categories = [...this.#columns.keys()].sort();
    const order = categories.map((name) => this.#columns.get(name)!);
    const rows = [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      rows: rows.map(([key, counts]): CellRows['rows'][number] => {
        const at = key.indexOf(SEPARATOR);
        const sorted = order.length === 0 ? [...counts] : order.map((index) => counts[index] ?? 0);
        return [at < 0 ? '' : key.slice(0, at), at < 0 ? '' : key.slice(at + 1), sorted];
      }),
      categories,
      units: this.#units,
      parts: this.#parts.flatMap((values, index) =>
        [...values]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([value, [calls, amount]]): CellRows['parts'][number] => [index, value, calls, amount]),
      ),
    };
  }

  #row(wanted: string): number[] {
    const known = this.#rows.get(wanted);
    if (known !== undefined) return known;
    const key = this.#rows.size < LIMITS.rows ? wanted : OTHER + SEPARATOR + OTHER;
    const other = this.#rows.get(key);
    if (other !== undefined) return other;
    const row: number[] = [];
    this.#rows.set(key, row);
    return row;
  }

  #put(row: number[], column: number, count: number): void {
    while (row.length <= column) row.push(0);
    row[column]! += count;
  }

  #column(category: string): number {
    const known = this.#columns.get(category);
    if (known !== undefined) return known;
    const name = this.#columns.size < LIMITS.categories ? category : OTHER;
    const index = this.#columns.get(name) ?? this.#columns.size;
    this.#columns.set(name, index);
    return index;
  }

  #part(index: number, value: string, calls: number, amount: number): void {
    const values = (this.#parts[index] ??= new Map<string, [number, number]>());
    const name = values.size < LIMITS.values || values.has(value) ? value : OTHER;
    const part = values.get(name);
    if (part === undefined) values.set(name, [calls, amount]);
    else {
      part[0] += calls;
      part[1] += amount;
    }
  }
}

/** Counts of nothing. */
export const NO_CELLS: CellRows = { rows: [], categories: [], units: 0, parts: [] };
