import { BucketWindow } from '../count/bucket-window.js';
import { CALLS, LATE, type Layout } from '../count/layout.js';
import { initialMachine, type Machine } from '../verdict/series-machine.js';

/** Traces of counted calls that a series remembers. */
export const MAX_EXAMPLES = 5;

/** One series of one guard-rail: its windows and its state. */
export class Series {
  readonly values: readonly string[];
  /** Canonical JSON of `values`. */
  readonly key: string;
  readonly model: BucketWindow;
  probe: BucketWindow | undefined;
  machine: Machine;
  verdictId = '';
  /** Seconds; a call that started earlier is not counted. */
  restartAt = 0;
  /** Seconds; when the series was first seen. */
  firstSeen: number;
  /** Ring of the traces of the last counted calls. */
  readonly #examples: string[] = [];
  #nextExample = 0;
  /** Calls were counted since the last evaluation. */
  touched = false;
  /** Windows hold something that the next checkpoint must take. */
  counted = false;
  /** State that the next checkpoint must take. */
  changed = true;
  /** Forgotten: a cached reference to it must be looked up again. */
  dead = false;
  passed = 0;

  constructor(values: readonly string[], layout: Layout, now: number) {
    this.values = values;
    this.key = JSON.stringify(values);
    this.model = new BucketWindow(layout);
    this.firstSeen = now;
    this.machine = initialMachine(now);
  }

  /** The window of an arm, made at the first probe. */
  arm(probe: boolean): BucketWindow {
    return probe ? (this.probe ??= new BucketWindow(this.model.layout)) : this.model;
  }

  /** Remembers the trace of a counted call; the newest five are kept. */
  addExample(traceId: string): void {
    this.#examples[this.#nextExample] = traceId;
    this.#nextExample = this.#nextExample + 1 === MAX_EXAMPLES ? 0 : this.#nextExample + 1;
  }

  /** Traces of the last counted calls, newest last. */
  get examples(): string[] {
    return [...this.#examples.slice(this.#nextExample), ...this.#examples.slice(0, this.#nextExample)];
  }

  /** True when more than 1 % of the window's calls came after their bucket had closed. */
  get degraded(): boolean {
    const late = this.model.total(LATE);
    return late > 0.01 * (late + this.model.total(CALLS) + (this.probe?.total(CALLS) ?? 0));
  }

  /** Empties the windows: from now on only calls that start at `at` or later count. */
  restart(at: number, bucket: number): void {
    this.restartAt = at;
    this.model.restart(bucket);
    this.probe?.restart(bucket);
    this.#forgetExamples();
    this.counted = true;
    this.changed = true;
  }

  /** What a checkpoint holds of the state. */
  toState(): string {
    const { machine, verdictId, restartAt, firstSeen, examples } = this;
    return JSON.stringify({ machine, verdictId, restartAt, firstSeen, examples });
  }

  /** Takes a state from {@link toState}. */
  fromState(state: ReturnType<typeof parseSeriesState>): void {
    if (state === undefined) return;
    this.machine = state.machine;
    this.verdictId = state.verdictId;
    this.restartAt = state.restartAt;
    this.firstSeen = state.firstSeen;
    this.#forgetExamples();
    for (const traceId of state.examples) this.addExample(traceId);
    this.changed = false;
  }

  #forgetExamples(): void {
    this.#examples.length = 0;
    this.#nextExample = 0;
  }
}

type SeriesState = Pick<Series, 'machine' | 'verdictId' | 'restartAt' | 'firstSeen' | 'examples'>;

/** Reads what {@link Series.toState} wrote; undefined for a forgotten series. */
export function parseSeriesState(text: string): SeriesState | undefined {
  const state = JSON.parse(text) as Partial<SeriesState>;
  return state.machine === undefined ? undefined : (state as SeriesState);
}
