import { METRIC } from '@guardspan/policy';
import type { ReportCell, ReportMessage } from '@guardspan/policy';
import type { Instance } from '../channel/fleet/instance.js';
import type { CoverageReport, CoverageRow, CoverageView } from '../http/deps.js';
import type { Metrics } from '../metrics/metrics.js';

/** Start buckets of one process that are remembered; the oldest leave first, their totals stay counted. */
const MAX_CELLS = 4096;
/** Named gaps and rows of all services; further ones are summed under `other`. */
const MAX_NAMES = 2000;
/** Reasons of the closed set; others are counted as `error`. */
const REASONS = new Set([
  'unpatched_client',
  'raw_http',
  'unreadable',
  'foreign_span',
  'disabled',
  'no_guardrails',
  'error',
]);

interface Source {
  cells: Map<string, { guarded: number; unguarded: { [reason: string]: number } }>;
  gaps: Map<string, number>;
  dispositions: Map<string, number>;
}

/** What a report added since the last one, for the limit of over-reaction. */
export interface ReportGrowth {
  guarded: { model: string; version: string; count: number }[];
  dispositions: ReportMessage['dispositions'];
}

/** Calls guarded and calls made, from the absolute totals that processes report and from spans of services without our package. */
export class Coverage implements CoverageView {
  readonly #rows = new Map<string, CoverageRow>();
  readonly #gaps = new Map<string, CoverageReport['gaps'][number]>();
  readonly #exempted = new Map<string, CoverageReport['exempted'][number]>();
  readonly #sources = new Map<string, Source>();
  /** Services that ask before they call, of tokens. */
  readonly #asking = new Set<string>();
  readonly #metrics: Metrics;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** Takes a report in. Totals that went down (a process that lost its memory) add nothing. */
  accept(instance: Instance, report: ReportMessage): ReportGrowth {
    const service = instance.resource.service;
    const source = this.#source(instance.key);
    const growth: ReportGrowth = { guarded: [], dispositions: [] };
    for (const cell of report.cells) this.#cell(source, service, cell, growth);
    for (const { reason, name, count } of report.gaps) {
      const key = `${reason}\n${name}`;
      const more = count - (source.gaps.get(key) ?? 0);
      if (more <= 0) continue;
      if (source.gaps.size >= MAX_CELLS && !source.gaps.has(key)) continue;
      source.gaps.set(key, count);
      this.#gap(service, reason, name, more);
    }
    for (const entry of report.dispositions) {
      const key = `${entry.guardrail}\n${entry.disposition}\n${entry.action}`;
      const more = entry.count - (source.dispositions.get(key) ?? 0);
      if (more <= 0) continue;
      source.dispositions.set(key, entry.count);
      growth.dispositions.push({ ...entry, count: more });
      if (entry.disposition === 'exempted') this.exempted(service, entry.guardrail, more);
    }
    return growth;
  }

  /** Counts calls that an exception exempted from a guard-rail. */
  exempted(service: string, guardrail: string, count: number): void {
    const full = this.#exempted.size >= MAX_NAMES && !this.#exempted.has(`${service}\n${guardrail}`);
    const name = full ? 'other' : guardrail;
    const key = `${service}\n${name}`;
    const known = this.#exempted.get(key);
    if (known === undefined) this.#exempted.set(key, { service, guardrail: name, count });
    else known.count += count;
  }

  /** Counts a span of another instrumentation in a service where our package does not run. */
  foreign(service: string, model: string, version: string): void {
    const row = this.#row(service, model, version);
    row.unguarded['foreign_span'] = (row.unguarded['foreign_span'] ?? 0) + 1;
    this.#gap(service, 'foreign_span', model, 1);
    this.#metrics.add(METRIC.UNGUARDED_CALLS, { service, reason: 'foreign_span' }, 1);
  }

  /** Counts a call that somebody asked about before making it. */
  requested(service: string, model: string, version: string, guarded: boolean): void {
    const row = this.#row(service, model, version);
    if (guarded) {
      row.guarded += 1;
      row.byRequest += 1;
      this.#asking.add(service);
      this.#metrics.add(METRIC.GUARDED_CALLS, { service }, 1);
      return;
    }
    const reason = 'no_guardrails';
    row.unguarded[reason] = (row.unguarded[reason] ?? 0) + 1;
    this.#gap(service, reason, model, 1);
    this.#metrics.add(METRIC.UNGUARDED_CALLS, { service, reason }, 1);
  }

  /** True for a service that has asked before a call, and was told of a guard-rail. */
  asks(service: string): boolean {
    return this.#asking.has(service);
  }

  /** Forgets the totals that a process reported; what they added stays. */
  forget(instance: Instance): void {
    this.#sources.delete(instance.key);
  }

  report(): CoverageReport {
    const rows = [...this.#rows.values()].map((row) => ({ ...row, coverage: shareOf(row) }));
    const guarded = rows.reduce((sum, row) => sum + row.guarded, 0);
    const unguarded = rows.reduce((sum, row) => sum + total(row.unguarded), 0);
    return {
      rows,
      gaps: [...this.#gaps.values()].sort((a, b) => b.count - a.count),
      exempted: [...this.#exempted.values()].sort((a, b) => b.count - a.count),
      guarded,
      unguarded,
      coverage: guarded + unguarded === 0 ? null : guarded / (guarded + unguarded),
    };
  }

  #cell(source: Source, service: string, cell: ReportCell, growth: ReportGrowth): void {
    const key = `${cell.model}\n${cell.version}\n${cell.bucket}`;
    const before = source.cells.get(key);
    const row = this.#row(service, cell.model, cell.version);
    const guarded = cell.guarded - (before?.guarded ?? 0);
    if (guarded > 0) {
      row.guarded += guarded;
      this.#metrics.add(METRIC.GUARDED_CALLS, { service }, guarded);
      growth.guarded.push({ model: cell.model, version: cell.version, count: guarded });
    }
    for (const [name, count] of Object.entries(cell.unguarded)) {
      const more = count - (before?.unguarded[name] ?? 0);
      if (more <= 0) continue;
      const reason = REASONS.has(name) ? name : 'error';
      row.unguarded[reason] = (row.unguarded[reason] ?? 0) + more;
      this.#metrics.add(METRIC.UNGUARDED_CALLS, { service, reason }, more);
    }
    source.cells.set(key, { guarded: cell.guarded, unguarded: cell.unguarded });
    if (source.cells.size > MAX_CELLS) source.cells.delete(source.cells.keys().next().value!);
  }

  #source(key: string): Source {
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    const source: Source = { cells: new Map(), gaps: new Map(), dispositions: new Map() };
    this.#sources.set(key, source);
    return source;
  }

  #row(service: string, model: string, version: string): CoverageRow {
    const key = `${service}\n${model}\n${version}`;
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    if (this.#rows.size >= MAX_NAMES && model !== 'other') return this.#row(service, 'other', '');
    const row: CoverageRow = { service, model, version, guarded: 0, byRequest: 0, unguarded: {}, coverage: null };
    this.#rows.set(key, row);
    // From 0, so that the first call that is not guarded is an increase.
    this.#metrics.add(METRIC.GUARDED_CALLS, { service }, 0);
    for (const reason of REASONS) this.#metrics.add(METRIC.UNGUARDED_CALLS, { service, reason }, 0);
    return row;
  }

  #gap(service: string, reason: string, name: string, count: number): void {
    const shown = this.#gaps.size < MAX_NAMES || this.#gaps.has(`${service}\n${reason}\n${name}`) ? name : 'other';
    const key = `${service}\n${reason}\n${shown}`;
    const gap = this.#gaps.get(key);
    if (gap === undefined) this.#gaps.set(key, { service, reason, name: shown, count });
    else gap.count += count;
  }
}

function total(counts: { [reason: string]: number }): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function shareOf({ guarded, unguarded }: CoverageRow): number | null {
  const made = guarded + total(unguarded);
  return made === 0 ? null : guarded / made;
}
