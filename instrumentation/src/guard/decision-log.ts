import type { DecisionRecord, DecisionsMessage } from '@guardspan/policy/runtime';

const MAX_RECORDS = 10_000;

/** Decisions that the evaluator has not confirmed yet: bounded, numbered without gaps; what did not fit is counted and told. */
export class DecisionLog {
  #records: DecisionRecord[] = [];
  /** Number of the first record at hand. */
  #first = 1;
  #confirmed = 0;
  #sent = 0;
  #dropped = 0;

  constructor(private readonly capacity = MAX_RECORDS) {}

  /** Records lost since the start, because nobody took them in time. */
  get dropped(): number {
    return this.#dropped;
  }

  get size(): number {
    return this.#records.length;
  }

  add(record: DecisionRecord): void {
    this.#records.push(record);
    // Cut a tenth at a time, so that a full log does not move its memory for every call.
    if (this.#records.length > this.capacity) {
      const cut = Math.max(1, Math.floor(this.capacity / 10));
      this.#records.splice(0, cut);
      this.#first += cut;
      this.#dropped += cut;
    }
  }

  /**
   * The next records that were not sent on this connection, or null: at most `max`, and fewer when the message would be larger than `maxBytes`. One record always
   * goes, because nothing smaller could.
   */
  take(max: number, maxBytes: number): DecisionsMessage | null {
    const from = Math.max(this.#sent + 1, this.#first);
    const at = from - this.#first;
    const dropped = Math.max(0, from - Math.max(this.#sent, this.#confirmed) - 1);
    for (let count = Math.min(max, this.#records.length - at); count > 0; count = Math.floor(count / 2)) {
      const seq = from + count - 1;
      const records = this.#records.slice(at, at + count);
      const message: DecisionsMessage = { type: 'decisions', seq, records, dropped };
      if (count > 1 && Buffer.byteLength(JSON.stringify(message)) > maxBytes) continue;
      this.#sent = seq;
      return message;
    }
    return null;
  }

  /** The evaluator has stored everything up to this number. */
  confirm(seq: number): void {
    this.#confirmed = Math.max(this.#confirmed, seq);
    const cut = Math.min(this.#records.length, seq - this.#first + 1);
    if (cut > 0) {
      this.#records.splice(0, cut);
      this.#first += cut;
    }
  }

  /** A new connection: what was not confirmed is sent again. */
  rewind(): void {
    this.#sent = this.#confirmed;
  }
}
