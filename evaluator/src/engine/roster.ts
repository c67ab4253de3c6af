import { compileEvidence, strictestMode } from '@guardspan/policy';
import type { CompiledWindowed, RevisedGuardrail } from '@guardspan/policy';
import { EvidenceGuardrail } from './evidence/evidence-guardrail.js';
import { GuardrailSeries } from './guardrail-series.js';
import type { JudgedGuardrail, SeriesHost } from './judged-guardrail.js';
import type { BucketTotals, SeriesCheckpoint } from './types.js';

/** Rows of a checkpoint of one guard-rail. */
export interface StoredRows {
  states: SeriesCheckpoint[];
  buckets: BucketTotals[];
}

/** The guard-rails that an engine judges, by revision: which come, which stay with what they know, and which end. */
export class Roster {
  readonly #compile: (revised: RevisedGuardrail) => CompiledWindowed;
  readonly #host: SeriesHost;
  #judged = new Map<string, JudgedGuardrail>();
  #stored = new Map<string, StoredRows>();
  /** When the next of them expires, seconds from epoch. */
  #nextEnd = Infinity;

  constructor(compile: (revised: RevisedGuardrail) => CompiledWindowed, host: SeriesHost) {
    this.#compile = compile;
    this.#host = host;
  }

  get size(): number {
    return this.#judged.size;
  }

  all(): IterableIterator<JudgedGuardrail> {
    return this.#judged.values();
  }

  /** Those with a test, of this name. */
  evidence(name?: string): EvidenceGuardrail[] {
    return [...this.all()].filter(
      (one): one is EvidenceGuardrail =>
        one instanceof EvidenceGuardrail && (name === undefined || one.compiled.name === name),
    );
  }

  /**
   * Replaces them: a revision that is there stays as it is, one that cannot be compiled leaves its running predecessor in place, and what is off or has expired
   * takes no part. `changed` is called when plans must be made anew, before what is gone is closed.
   */
  load(list: readonly RevisedGuardrail[], now: number, changed: () => void): void {
    const old = this.#judged;
    const byName = new Map([...old.values()].map((guardrail) => [guardrail.compiled.name, guardrail]));
    const ended = new Set<string>();
    this.#judged = new Map();
    for (const revised of list) {
      const { spec, metadata } = revised.guardrail;
      if (spec.over === null || strictestMode(spec) === 'off') continue;
      if (now >= (spec.expires ?? Infinity)) {
        ended.add(revised.revision);
        continue;
      }
      const known = old.get(revised.revision);
      if (known !== undefined) {
        this.#judged.set(revised.revision, known);
        continue;
      }
      const guardrail = this.#judgedOrReport(revised, now);
      if (guardrail !== undefined) {
        this.#judged.set(revised.revision, guardrail);
        this.#applyStored(guardrail);
      } else {
        // The good revision that runs stays.
        const running = byName.get(metadata.name);
        if (running !== undefined) this.#judged.set(running.compiled.revision, running);
      }
    }
    const isSame =
      this.#judged.size === old.size && [...this.#judged].every(([revision, one]) => old.get(revision) === one);
    if (isSame) return;
    this.#nextEnd = Infinity;
    for (const { compiled } of this.all()) this.#nextEnd = Math.min(this.#nextEnd, compiled.expires);
    changed();
    for (const [revision, guardrail] of old)
      if (!this.#judged.has(revision)) guardrail.close(now, ended.has(revision) ? 'expired' : 'document_changed');
  }

  /** True when the time of one of them is over. */
  isOver(now: number): boolean {
    return now >= this.#nextEnd;
  }

  /** Ends those whose time is over. */
  expire(now: number, changed: () => void): void {
    this.load(
      [...this.all()].map(({ compiled: { revision, guardrail } }) => ({ revision, guardrail })),
      now,
      changed,
    );
  }

  /** Rows that wait for the guard-rail that they are about are forgotten. */
  forgetStored(): void {
    if (this.#stored.size > 0) this.#stored = new Map();
  }

  restore(buckets: Iterable<BucketTotals>, series: Iterable<SeriesCheckpoint>): void {
    const rows = (revision: string): StoredRows => {
      let found = this.#stored.get(revision);
      if (found === undefined) this.#stored.set(revision, (found = { states: [], buckets: [] }));
      return found;
    };
    for (const row of series) rows(row.revision).states.push(row);
    for (const row of buckets) rows(row.revision).buckets.push(row);
    for (const guardrail of this.all()) this.#applyStored(guardrail);
  }

  #applyStored(guardrail: JudgedGuardrail): void {
    const rows = this.#stored.get(guardrail.compiled.revision);
    if (rows === undefined) return;
    this.#stored.delete(guardrail.compiled.revision);
    guardrail.restore(rows.states, rows.buckets);
  }

  #judgedOrReport(revised: RevisedGuardrail, now: number): JudgedGuardrail | undefined {
    try {
      return revised.guardrail.spec.over?.evidence === undefined
        ? new GuardrailSeries(this.#compile(revised), this.#host, now)
        : new EvidenceGuardrail(compileEvidence(revised), this.#host, now);
    } catch (error) {
      this.#host.onError(error);
      return undefined;
    }
  }
}
