import { seriesMode } from '@guardspan/policy';
import type { RevisedGuardrail } from '@guardspan/policy';
import { storedReport } from '../../engine/evidence/stored-report.js';
import type { Transition } from '../../engine/types.js';
import type { EventPublisher } from '../../http/deps.js';
import type { VerdictRow } from '../../store/types.js';
import type { Recorder } from './recorder.js';

/** Where verdicts go: the store with the audit, and whoever follows events. */
export interface VerdictRowsOptions {
  recorder: Recorder;
  events: EventPublisher;
}

/** Verdicts that have not ended, each change of which goes on record and is published. */
export class VerdictRows {
  readonly #options: VerdictRowsOptions;
  readonly #rows = new Map<string, VerdictRow>();

  constructor(options: VerdictRowsOptions) {
    this.#options = options;
  }

  get(id: string): VerdictRow | undefined {
    return this.#rows.get(id);
  }

  /** Takes over rows of an earlier start, which are on record. */
  take(rows: readonly VerdictRow[]): void {
    for (const row of rows) this.#rows.set(row.id, row);
  }

  /** A verdict goes on in another state. */
  progress(transition: Transition): void {
    const row = this.#rows.get(transition.verdictId);
    if (row === undefined) return;
    row.state = transition.to;
    row.lastAt = transition.at;
    this.#write(row, transition.code, false, 'evaluator');
  }

  /** Nothing happens when the verdict has ended already. */
  end(id: string, at: number, code: string): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    row.state = 'ok';
    row.lastAt = at;
    row.releasedAt = at;
    this.#rows.delete(row.id);
    this.#write(row, code, false, 'evaluator');
  }

  /** A verdict begins, or what is done about it changes. `actor` is who did that. */
  record(t: Transition, revised: RevisedGuardrail, disposition: string, code: string, actor: string): void {
    const { spec } = revised.guardrail;
    const before = this.#rows.get(t.verdictId);
    const row: VerdictRow = {
      id: t.verdictId,
      guardrail: t.guardrail,
      revision: t.revision,
      series: t.series,
      mode: seriesMode(spec, t.series),
      action: spec.action.type,
      disposition,
      state: t.to,
      code,
      message: t.message,
      firstAt: before?.firstAt ?? t.at,
      lastAt: t.at,
      releasedAt: 0,
      signals: t.signals,
      trace: t.trace,
      exampleTraceIds: t.exampleTraceIds,
      auditSeq: before?.auditSeq ?? 0,
    };
    this.#rows.set(row.id, row);
    const report = before === undefined && t.evidence !== undefined ? storedReport(t.evidence) : undefined;
    this.#write(row, code, before === undefined, actor, report);
  }

  #write(row: VerdictRow, code: string, opens: boolean, actor: string, report?: unknown): void {
    const { id, guardrail, revision, series, mode, action, disposition, state, message, signals } = row;
    this.#options.recorder.verdict(
      row,
      {
        kind: 'verdict',
        at: row.lastAt,
        actor,
        guardrail,
        traceId: row.exampleTraceIds.at(-1) ?? '',
        verdictId: id,
        body: { revision, series, mode, action, disposition, state, code, message, signals: finite(signals) },
      },
      opens,
      report,
    );
    this.#options.events.publish({
      type: 'verdict',
      at: row.lastAt,
      data: { id, guardrail, state, disposition, code, series },
    });
  }
}

/** JSON has no NaN: unknown numbers become null. */
function finite(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
