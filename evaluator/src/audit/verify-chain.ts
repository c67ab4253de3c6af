import type { AuditRecord } from '../store/types.js';
import { prunedOf } from './anchor.js';
import { auditHash, GENESIS_HASH } from './chain.js';

/**
 * What is wrong at one place of a chain. `changed`: the record does not hash to its own hash. `missing`: a run of numbers that no record has.
 * `reordered`: the record stands after one with a higher number. `repeated`: a number that stood before. `broken`: whole in itself, but not
 * made after the record before it as that stands here, so one of the two was exchanged.
 */
export interface ChainFault {
  kind: 'changed' | 'missing' | 'reordered' | 'repeated' | 'broken';
  /** The record at fault; of a run of missing ones the first. */
  seq: number;
  message: string;
}

/** What the check of a run of records came to. */
export interface ChainReport {
  valid: boolean;
  records: number;
  first: number;
  last: number;
  /**
   * How it begins. `genesis`: with record 1. `anchor`: later, and a record of the same chain says that retention removed those before.
   * `unknown`: later, and nothing says why; empty without records.
   */
  start: 'genesis' | 'anchor' | 'unknown' | '';
  /** Number of the record that is the anchor; 0 without one. */
  anchor: number;
  /** Hash of the last record: keep it elsewhere, and a chain that was rewritten as a whole shows too. */
  head: string;
  /** At most `maxFaults`. */
  faults: ChainFault[];
  /** All faults, also those that `faults` has no room for. */
  faultCount: number;
}

/** How a run of records is checked. */
export interface VerifyOptions {
  /** False for an export that starts later (retention removes the oldest). Default: whether the first seq is 1. */
  fromGenesis?: boolean;
  /** Hash that the last record must have, as it was noted elsewhere. */
  head?: string;
  /** Default 100. */
  maxFaults?: number;
}

/** Runs of absent numbers that are kept to tell a reordered record from a missing one; beyond, the oldest count as missing at once. */
const MAX_GAPS = 10_000;

interface Gap {
  from: number;
  to: number;
}

/** Checks audit records one by one, in the order in which they stand in an export; memory does not grow with their number. */
export class ChainVerifier {
  readonly #options: VerifyOptions;
  readonly #faults: ChainFault[] = [];
  readonly #gaps: Gap[] = [];
  #count = 0;
  #records = 0;
  #first = 0;
  /** `previous` of the first record. */
  #before = '';
  #anchor = 0;
  /** The record with the highest number so far. */
  #highest: AuditRecord | undefined;

  constructor(options: VerifyOptions = {}) {
    this.#options = options;
  }

  /** Takes the next record. */
  add(record: AuditRecord): void {
    const { seq } = record;
    const highest = this.#highest;
    this.#records += 1;
    if (auditHash(record.previous, seq, record) !== record.hash)
      this.#fault('changed', seq, `Record ${seq} does not match its hash: it was changed.`);
    const pruned = prunedOf(record);
    if (highest === undefined) {
      this.#begin(record);
    } else if (seq <= highest.seq) {
      if (this.#fillGap(seq) || seq < this.#first)
        this.#fault('reordered', seq, `Record ${seq} stands after record ${highest.seq}.`);
      else this.#fault('repeated', seq, `Record ${seq} stands here a second time.`);
      return;
    } else if (seq > highest.seq + 1) {
      this.#openGap({ from: highest.seq + 1, to: seq - 1 });
    } else if (record.previous !== highest.hash) {
      this.#fault('broken', seq, `Record ${seq} was not made after record ${highest.seq} as it stands here.`);
    }
    if (pruned?.through === this.#first - 1 && pruned.head === this.#before) this.#anchor = seq;
    this.#highest = record;
  }

  /** The outcome, after the last record. */
  report(): ChainReport {
    for (const gap of this.#gaps.splice(0)) this.#missing(gap);
    const last = this.#highest?.seq ?? 0;
    const head = this.#highest?.hash ?? '';
    const noted = this.#options.head;
    if (noted !== undefined && noted !== head)
      this.#fault('missing', last, `The chain ends with ${head || 'nothing'}, not with the noted head ${noted}.`);
    const faults = [...this.#faults].sort((a, b) => a.seq - b.seq);
    return {
      valid: this.#count === 0,
      records: this.#records,
      first: this.#first,
      last,
      start: this.#records === 0 ? '' : this.#first === 1 ? 'genesis' : this.#anchor > 0 ? 'anchor' : 'unknown',
      anchor: this.#anchor,
      head,
      faults,
      faultCount: this.#count,
    };
  }

  #begin({ seq, previous }: AuditRecord): void {
    this.#first = seq;
    this.#before = previous;
    const genesis = this.#options.fromGenesis ?? seq === 1;
    if (genesis && seq !== 1) this.#openGap({ from: 1, to: seq - 1 });
    else if (genesis && previous !== GENESIS_HASH)
      this.#fault('broken', seq, `Record ${seq} does not start the chain.`);
  }

  #openGap(gap: Gap): void {
    this.#gaps.push(gap);
    if (this.#gaps.length > MAX_GAPS) this.#missing(this.#gaps.shift()!);
  }

  /** True when the number was absent until now. */
  #fillGap(seq: number): boolean {
    const index = this.#gaps.findIndex(({ from, to }) => seq >= from && seq <= to);
    if (index < 0) return false;
    const { from, to } = this.#gaps[index]!;
    const rest = [
      { from, to: seq - 1 },
      { from: seq + 1, to },
    ].filter((gap) => gap.from <= gap.to);
    this.#gaps.splice(index, 1, ...rest);
    return true;
  }

  #missing({ from, to }: Gap): void {
    this.#fault('missing', from, from === to ? `Record ${from} is missing.` : `Records ${from} to ${to} are missing.`);
  }

  #fault(kind: ChainFault['kind'], seq: number, message: string): void {
    this.#count += 1;
    if (this.#faults.length < (this.#options.maxFaults ?? 100)) this.#faults.push({ kind, seq, message });
  }
}

/** Checks a run of audit records in the order in which they are given. */
export function verifyChain(records: Iterable<AuditRecord>, options: VerifyOptions = {}): ChainReport {
  const verifier = new ChainVerifier(options);
  for (const record of records) verifier.add(record);
  return verifier.report();
}
