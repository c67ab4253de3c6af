import type { CompiledWindowed } from '@guardspan/policy';
import type { CallGroup } from './call-group.js';
import { histogramKey } from './histogram-key.js';

type CompiledSignal = CompiledWindowed['signals'][number];

/** Number of the group that is being counted. */
interface Turn {
  number: number;
}

/** Reads what a signal takes from calls, once per call however many guard-rails ask: teams write the same few expressions again and again. */
export class CallReader {
  readonly #signal: CompiledSignal;
  readonly #turn: Turn;
  #readAt = -1;
  #values = new Float64Array(8);
  #keyedAt = -1;
  #keys = new Int16Array(0);

  constructor(signal: CompiledSignal, turn: Turn) {
    this.#signal = signal;
    this.#turn = turn;
  }

  /** What makes two signals read the same. */
  get expression(): string {
    return this.#signal.expression;
  }

  /** The numbers of the current group's calls, by their index; NaN where a call does not enter. Valid until the next group; longer than the group. */
  values(group: CallGroup): Float64Array {
    const turn = this.#turn.number;
    if (this.#readAt !== turn) {
      this.#readAt = turn;
      if (this.#values.length < group.length) this.#values = new Float64Array(2 * group.length);
      const values = this.#values;
      const signal = this.#signal;
      for (let i = 0; i < group.length; i++) {
        const { call } = group.record(i);
        values[i] = signal.among(call) ? signal.of(call) : NaN;
      }
    }
    return this.#values;
  }

  /** Histogram keys of {@link values}; meaningless where the value is NaN. */
  keys(group: CallGroup): Int16Array {
    const turn = this.#turn.number;
    if (this.#keyedAt !== turn) {
      this.#keyedAt = turn;
      const values = this.values(group);
      if (this.#keys.length < values.length) this.#keys = new Int16Array(values.length);
      const keys = this.#keys;
      for (let i = 0; i < group.length; i++) {
        const value = values[i]!;
        if (value === value) keys[i] = histogramKey(value);
      }
    }
    return this.#keys;
  }
}

/** The readers that the guard-rails of one engine share. */
export class CallReaders {
  readonly #turn: Turn = { number: 0 };
  #readers = new Map<string, CallReader>();

  /** Begins the next group: what was read is read anew. */
  next(): void {
    this.#turn.number++;
  }

  /** The reader of a signal. */
  of(signal: CompiledSignal): CallReader {
    let reader = this.#readers.get(signal.expression);
    if (reader === undefined) {
      reader = new CallReader(signal, this.#turn);
      this.#readers.set(signal.expression, reader);
    }
    return reader;
  }

  /** Forgets all readers but these. */
  retain(readers: Iterable<CallReader>): void {
    this.#readers = new Map([...readers].map((reader) => [reader.expression, reader]));
  }
}
