/** Something that is due to every series that there is when it begins. */
export interface Pass<S> {
  /** The series that it walks over. Those that are made later have nothing due. */
  over: Iterable<S>;
  apply(series: S): void;
  /** Called when it was done to every series. */
  end?: () => void;
  /** False for what may wait although something else is done to the series; default true. */
  catchesUp?: boolean;
}

/** What passes know of a series. */
export interface PassedSeries {
  /** Number of the last pass that was done to it. */
  passed: number;
  dead: boolean;
}

/** Series between two looks at the clock: a look costs about as much as judging a tenth of a series by a threshold. */
const LOOK_EVERY = 8;
/** Passes that may wait; with one more all are done at once, so that an engine that cannot keep up falls behind no further. */
const MAX_PASSES = 64;

/**
 * Work on many series in slices. Passes are done in order, and each of them once to each series. Before anything else is done to a series it must catch up on
 * what is due to it; so each series sees the same in the same order wherever the slices are cut, and whether they are cut at all.
 */
export class Passes<S extends PassedSeries> {
  readonly #waiting: (Pass<S> & { number: number })[] = [];
  #walk: Iterator<S> | undefined;
  #begun = 0;

  /** Number of the last pass that began: nothing before it is due to a series that is made now. */
  get begun(): number {
    return this.#begun;
  }

  begin(pass: Pass<S>): void {
    this.#waiting.push({ ...pass, number: ++this.#begun });
    if (this.#waiting.length > MAX_PASSES) this.work(() => false);
  }

  /** Does to a series what is due to it; false when the series is dead. */
  catchUp(series: S): boolean {
    if (series.dead || series.passed === this.#begun) return !series.dead;
    for (const pass of this.#waiting) {
      if (pass.number <= series.passed || pass.catchesUp === false) continue;
      series.passed = pass.number;
      pass.apply(series);
      if (series.dead) return false;
    }
    series.passed = this.#begun;
    return !series.dead;
  }

  /** Goes on until `spent` says that the time is used up; true when nothing is left. What `apply` throws is thrown, and the series counts as done. */
  work(spent: () => boolean): boolean {
    for (let pass = this.#waiting[0]; pass !== undefined; pass = this.#waiting[0]) {
      const walk = (this.#walk ??= pass.over[Symbol.iterator]());
      let looked = 0;
      for (let next = walk.next(); next.done !== true; next = walk.next()) {
        const series = next.value;
        if (pass.catchesUp === false) pass.apply(series);
        else if (series.passed < pass.number) {
          series.passed = pass.number;
          pass.apply(series);
        }
        if (++looked % LOOK_EVERY === 0 && spent()) return false;
      }
      // What `apply` told others may have brought them here, and the pass to its end.
      if (this.#waiting[0] !== pass) continue;
      this.#waiting.shift();
      this.#walk = undefined;
      pass.end?.();
    }
    return true;
  }
}
