import { queryOptions } from '@tanstack/react-query';
import { evaluator, type Binder } from './client';

/** Filters of a list of verdicts. */
export interface VerdictFilter {
  guardrail?: string;
  active?: boolean;
  /** Seconds from epoch: older than this. */
  before?: number;
  limit?: number;
}
/** Filters of the audit. */
export interface AuditFilter {
  kind?: string;
  guardrail?: string;
  traceId?: string;
  verdictId?: string;
  limit?: number;
}

/**
 * What the app reads of the evaluator, by resource. The first part of a key is the resource: events of the stream name it to have everything
 * below it read anew.
 */
export const queries = {
  session: () => queryOptions({ queryKey: ['session'], queryFn: ({ signal }) => evaluator.session(signal) }),
  guardrails: () => queryOptions({ queryKey: ['guardrails'], queryFn: ({ signal }) => evaluator.guardrails(signal) }),
  guardrail: (name: string) =>
    queryOptions({ queryKey: ['guardrails', name], queryFn: ({ signal }) => evaluator.guardrail(name, signal) }),
  history: (name: string) =>
    queryOptions({
      queryKey: ['guardrails', name, 'history'],
      queryFn: ({ signal }) => evaluator.history(name, signal),
    }),
  proposals: () => queryOptions({ queryKey: ['proposals'], queryFn: ({ signal }) => evaluator.proposals(signal) }),
  evidence: (guardrail: string) =>
    queryOptions({
      queryKey: ['evidence', guardrail],
      queryFn: ({ signal }) => evaluator.evidence(guardrail, signal),
    }),
  verdicts: (filter: VerdictFilter) =>
    queryOptions({ queryKey: ['verdicts', filter], queryFn: ({ signal }) => evaluator.verdicts(filter, signal) }),
  verdict: (id: string) =>
    queryOptions({ queryKey: ['verdicts', id], queryFn: ({ signal }) => evaluator.verdict(id, signal) }),
  explanation: (id: string) =>
    queryOptions({
      queryKey: ['verdicts', id, 'explanation'],
      queryFn: ({ signal }) => evaluator.explanation(id, signal),
    }),
  series: (filter: { guardrail?: string; firing?: boolean; limit?: number }) =>
    queryOptions({ queryKey: ['series', filter], queryFn: ({ signal }) => evaluator.series(filter, signal) }),
  directives: () => queryOptions({ queryKey: ['directives'], queryFn: ({ signal }) => evaluator.directives(signal) }),
  fleet: () => queryOptions({ queryKey: ['fleet'], queryFn: ({ signal }) => evaluator.fleet(false, signal) }),
  /** With the processes that left in the last ten minutes. */
  fleetAndGone: () =>
    queryOptions({ queryKey: ['fleet', 'gone'], queryFn: ({ signal }) => evaluator.fleet(true, signal) }),
  models: () => queryOptions({ queryKey: ['models'], queryFn: ({ signal }) => evaluator.models(signal) }),
  bindings: (of: Binder) =>
    queryOptions({ queryKey: ['guardrails', 'of', of], queryFn: ({ signal }) => evaluator.bindings(of, signal) }),
  precision: (guardrail: string) =>
    queryOptions({
      queryKey: ['verdicts', 'precision', guardrail],
      queryFn: ({ signal }) => evaluator.precision(guardrail, signal),
    }),
  coverage: () => queryOptions({ queryKey: ['coverage'], queryFn: ({ signal }) => evaluator.coverage(signal) }),
  dispositions: (guardrail?: string) =>
    queryOptions({
      queryKey: ['dispositions', guardrail ?? ''],
      queryFn: ({ signal }) => evaluator.dispositions(guardrail, signal),
    }),
  killSwitches: () => queryOptions({ queryKey: ['kill'], queryFn: ({ signal }) => evaluator.killSwitches(signal) }),
  audit: (filter: AuditFilter) =>
    queryOptions({
      queryKey: ['audit', filter],
      queryFn: ({ signal }) => evaluator.audit({ ...filter, descending: true }, signal),
    }),
} as const;
