import { REPORT_BUCKET } from '@guardspan/policy/runtime';
import type { Decision, ReportCell, ReportMessage } from '@guardspan/policy/runtime';

/** Buckets are kept for so long after they began, so that a call that hangs is still counted where it started. Seconds. */
const KEEP = 900;
const MAX_CELLS = 2000;
const MAX_GAPS = 200;
const MAX_DISPOSITIONS = 2000;
const OTHER = '*';

/** Absolute totals of this incarnation: what `report` carries. Memory is bounded; what has no room of its own is counted under `*`. */
export class ReportCounters {
  limits: readonly number[] = [];
  #calls = 0;
  #guarded = 0;
  #seq = 0;
  readonly #cells = new Map<string, ReportCell>();
  readonly #dirty = new Set<ReportCell>();
  readonly #gaps = new Map<string, ReportMessage['gaps'][number]>();
  readonly #dispositions = new Map<string, ReportMessage['dispositions'][number]>();
  #last: { model: string; version: string; bucket: number; cell: ReportCell } | null = null;
  #lastGap: ReportMessage['gaps'][number] | null = null;
  #totalsChanged = false;

  /** The cell of a call that starts now. */
  cell(model: string, version: string, startedAt: number): ReportCell {
    const bucket = Math.floor(startedAt / REPORT_BUCKET) * REPORT_BUCKET;
    const last = this.#last;
    if (last && last.bucket === bucket && last.model === model && last.version === version) return last.cell;
    const full = this.#cells.size >= MAX_CELLS && !this.#cells.has(`${bucket}\0${model}\0${version}`);
    const name = full ? OTHER : model;
    const key = `${bucket}\0${name}\0${full ? OTHER : version}`;
    let cell = this.#cells.get(key);
    if (!cell) {
      cell = {
        model: name,
        version: full ? OTHER : version,
        bucket,
        started: 0,
        denied: 0,
        finished: 0,
        finishedWithin: {},
        guarded: 0,
        unguarded: {},
      };
      this.#cells.set(key, cell);
    }
    this.#last = { model, version, bucket, cell };
    return cell;
  }

  /** A call of ours started. `reason` says why it is not guarded; empty when it is. */
  started(cell: ReportCell, reason: string): void {
    cell.started += 1;
    this.#calls += 1;
    if (reason === '') {
      cell.guarded += 1;
      this.#guarded += 1;
    } else {
      cell.unguarded[reason] = (cell.unguarded[reason] ?? 0) + 1;
      this.#gap(reason, cell.model);
    }
    this.#dirty.add(cell);
  }

  /** A call ended: denied before the model was asked, or finished after so many seconds. */
  ended(cell: ReportCell, denied: boolean, duration: number): void {
    if (denied) cell.denied += 1;
    else {
      cell.finished += 1;
      for (const limit of this.limits) {
        if (duration <= limit) cell.finishedWithin[limit] = (cell.finishedWithin[limit] ?? 0) + 1;
      }
    }
    this.#dirty.add(cell);
  }

  /** A call of somebody else's was seen. */
  unguarded(reason: string, name: string, at: number): void {
    const cell = this.cell('', '', at);
    cell.unguarded[reason] = (cell.unguarded[reason] ?? 0) + 1;
    this.#calls += 1;
    this.#dirty.add(cell);
    this.#gap(reason, name);
  }

  /** Counts what each guard-rail came to. */
  decided(decision: Decision): void {
    for (const { guardrail, disposition, action } of decision.verdicts) {
      const key = `${guardrail}\0${disposition}\0${action}`;
      let entry = this.#dispositions.get(key);
      if (!entry) {
        if (this.#dispositions.size >= MAX_DISPOSITIONS) continue;
        this.#dispositions.set(key, (entry = { guardrail, disposition, action, count: 0 }));
      }
      entry.count += 1;
      this.#totalsChanged = true;
    }
  }

  /** Guarded calls / calls made; NaN before the first. */
  coverage(): { calls: number; guarded: number; coverage: number } {
    return { calls: this.#calls, guarded: this.#guarded, coverage: this.#guarded / this.#calls };
  }

  gaps(): ReportMessage['gaps'] {
    return [...this.#gaps.values()].map((gap) => ({ ...gap }));
  }

  /** Everything must be told again: a new connection has seen nothing. */
  resend(): void {
    for (const cell of this.#cells.values()) this.#dirty.add(cell);
    this.#totalsChanged = true;
  }

  /** The next report, or null when nothing changed. At most `maxCells` cells; the rest follow in the next one. */
  take(now: number, feedDropped: number, maxCells: number): ReportMessage | null {
    if (this.#dirty.size === 0 && !this.#totalsChanged) return null;
    const cells: ReportCell[] = [];
    for (const cell of this.#dirty) {
      if (cells.length >= maxCells) break;
      cells.push({ ...cell, finishedWithin: { ...cell.finishedWithin }, unguarded: { ...cell.unguarded } });
      this.#dirty.delete(cell);
    }
    this.#totalsChanged = false;
    this.#forget(now);
    return {
      type: 'report',
      seq: ++this.#seq,
      clock: now,
      cells,
      gaps: this.gaps(),
      feedDropped,
      dispositions: [...this.#dispositions.values()].map((entry) => ({ ...entry })),
    };
  }

  #gap(reason: string, name: string): void {
    this.#totalsChanged = true;
    const last = this.#lastGap;
    if (last?.reason === reason && last.name === name) last.count += 1;
    else this.#lastGap = this.#gapOf(reason, name);
  }

  #gapOf(reason: string, name: string): ReportMessage['gaps'][number] {
    let key = `${reason}\0${name}`;
    if (!this.#gaps.has(key) && this.#gaps.size >= MAX_GAPS) key = `${reason}\0${OTHER}`;
    let gap = this.#gaps.get(key);
    if (gap) gap.count += 1;
    else this.#gaps.set(key, (gap = { reason, name: key.endsWith(OTHER) ? OTHER : name, count: 1 }));
    return gap;
  }

  #forget(now: number): void {
    for (const [key, cell] of this.#cells) {
      if (cell.bucket + KEEP < now && !this.#dirty.has(cell)) this.#cells.delete(key);
    }
    if (this.#last && this.#last.bucket + KEEP < now) this.#last = null;
  }
}
