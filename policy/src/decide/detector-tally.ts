/** What one use of a detector found in an answer so far. */
export interface TallyEntry {
  count: number;
  maxScore: number;
  entities: Set<string>;
}

/** Results of the detectors over the chunks of one streamed answer. Belongs to one call. */
export class DetectorTally {
  readonly #entries = new Map<string, TallyEntry>();

  /** What the use with this key found so far; undefined when nothing. */
  get(key: string): TallyEntry | undefined {
    return this.#entries.get(key);
  }

  /** Adds the findings of one chunk. */
  add(key: string, findings: readonly { entity: string; score: number }[]): void {
    if (findings.length === 0) return;
    let entry = this.#entries.get(key);
    if (entry === undefined) this.#entries.set(key, (entry = { count: 0, maxScore: 0, entities: new Set() }));
    entry.count += findings.length;
    for (const { entity, score } of findings) {
      entry.maxScore = Math.max(entry.maxScore, score);
      entry.entities.add(entity);
    }
  }
}
