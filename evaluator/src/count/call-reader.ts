import type { CompiledWindowed, ModelCall } from '@guardspan/policy';
import { histogramKey } from './histogram-key.js';

type CompiledSignal = CompiledWindowed['signals'][number];

/** Number of the call that is being counted. */
interface Turn {
  number: number;
}

/** Reads what a signal takes from a call, once per call however many guard-rails ask: teams write the same few expressions again and again. */
export class CallReader {
  readonly #signal: CompiledSignal;
  readonly #turn: Turn;
  #readAt = -1;
  #value = NaN;
  #keyedAt = -1;
  #key = 0;

  constructor(signal: CompiledSignal, turn: Turn) {
    this.#signal = signal;
    this.#turn = turn;
  }

  /** What makes two signals read the same. */
  get expression(): string {
    return this.#signal.expression;
  }

  /** The number of the current call; NaN when the call does not enter. */
  read(call: ModelCall): number {
    const turn = this.#turn.number;
    if (this.#readAt !== turn) {
      this.#readAt = turn;
      this.#value = this.#signal.among(call) ? this.#signal.of(call) : NaN;
    }
    return this.#value;
  }

  /** Histogram key of the current call's number, which must not be NaN. */
  key(call: ModelCall): number {
    const turn = this.#turn.number;
    if (this.#keyedAt !== turn) {
      this.#keyedAt = turn;
      this.#key = histogramKey(this.read(call));
    }
    return this.#key;
  }
}

/** The readers that the guard-rails of one engine share. */
export class CallReaders {
  readonly #turn: Turn = { number: 0 };
  #readers = new Map<string, CallReader>();

  /** Begins the next call: what was read is read anew. */
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
