/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/** Adds up the results of a test run's stages. */
export class Tally {
  /** @type {(Counts & { name: string, seconds: number, notes: string[] })[]} */
  #stages = [];

  /**
   * Adds a stage.
   *
   * @param {string} name
   * @param {Counts} counts
   * @param {number} seconds
   * @param {string[]} [notes] Lines for people: what was skipped and why, what went wrong.
   */
  add(name, counts, seconds, notes = []) {
    this.#stages.push({ name, ...counts, seconds, notes });
  }

  /** @returns {Counts} */
  total() {
    const sum = (key) => this.#stages.reduce((total, stage) => total + stage[key], 0);
    return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  }

  /** A table of the stages, their notes, and as last line `N passed, N failed, N skipped`. */
  toString() {
    const width = Math.max(...this.#stages.map(({ name }) => name.length), 0);
    const lines = this.#stages.flatMap(({ name, passed, failed, skipped, seconds, notes }) => [
      `${name.padEnd(width)}  ${`${passed} passed`.padStart(12)}  ${`${failed} failed`.padStart(10)}  ${`${skipped} skipped`.padStart(12)}  ${seconds.toFixed(1).padStart(7)} s`,
      ...notes.map((note) => `  ${note}`),
    ]);
    const { passed, failed, skipped } = this.total();
    return [...lines, '', `${passed} passed, ${failed} failed, ${skipped} skipped`].join('\n');
  }
}
