import type { DecisionRecord, Verdict } from '@guardspan/policy/runtime';
import type { AuditRecord } from '../store/types.js';
import { auditHash } from './chain.js';

/** Where records of an audit can be asked for: a file of an export, or an evaluator. */
export interface AuditSource {
  /** Records whose trace id is this one. */
  byTrace(traceId: string): Promise<AuditRecord[]>;
  /** Records of these verdicts: opening, changes, directives, feedback, overrides. */
  byVerdicts(verdictIds: readonly string[]): Promise<AuditRecord[]>;
  /** Document records of these guard-rails. */
  documents(guardrails: readonly string[]): Promise<AuditRecord[]>;
}

/** One verdict of a decision with everything that the audit knows about it. */
export interface VerdictStory {
  verdict: Verdict;
  /** Who brought this revision into force; undefined when the audit does not reach back so far. */
  document: AuditRecord | undefined;
  /** A windowed verdict: its opening and changes of state, oldest first. */
  history: AuditRecord[];
  /** Directives that were issued or released for it. */
  directives: AuditRecord[];
  feedback: AuditRecord[];
  /** What persons did about it: released, approved. */
  overrides: AuditRecord[];
}

/** A decision about one call as the audit tells it. */
export interface DecisionStory {
  record: AuditRecord;
  decision: DecisionRecord;
  verdicts: VerdictStory[];
}

/** Everything that an audit tells about one trace. */
export interface TraceStory {
  traceId: string;
  decisions: DecisionStory[];
  /** Records of the trace that are no decisions: windowed verdicts that name it as an example, directives that it caused. */
  related: AuditRecord[];
  /** Numbers of records used here that do not match their own hash: they were changed. */
  changed: number[];
}

/** Reconstructs what was decided in a trace, by whom, by which revision and why, from the audit alone. Rejects with what the source rejects with. */
export async function reconstructDecision(traceId: string, source: AuditSource): Promise<TraceStory> {
  const ofTrace = await source.byTrace(traceId);
  const decided = ofTrace.filter((record) => record.kind === 'decision' && isDecision(record.body));
  const verdicts = decided.flatMap((record) => (record.body as DecisionRecord).verdicts);
  const ids = unique(verdicts.map(({ id }) => id));
  const ofVerdicts = ids.length === 0 ? [] : await source.byVerdicts(ids);
  const names = unique(verdicts.map(({ guardrail }) => guardrail));
  const documents = names.length === 0 ? [] : await source.documents(names);
  const story = (verdict: Verdict): VerdictStory => {
    const own = ofVerdicts.filter(({ verdictId }) => verdictId === verdict.id);
    const kind = (name: AuditRecord['kind']): AuditRecord[] => own.filter((record) => record.kind === name);
    return {
      verdict,
      document: documents.filter((record) => publishes(record, verdict)).at(-1),
      history: kind('verdict'),
      directives: kind('directive'),
      feedback: kind('feedback'),
      overrides: kind('override'),
    };
  };
  const decisions = decided.map((record) => {
    const decision = record.body as DecisionRecord;
    return { record, decision, verdicts: decision.verdicts.map(story) };
  });
  const used = new Map<number, AuditRecord>();
  const keep = (records: readonly (AuditRecord | undefined)[]): void => {
    for (const record of records) if (record !== undefined) used.set(record.seq, record);
  };
  keep(ofTrace);
  keep(ofVerdicts);
  for (const { verdicts: stories } of decisions) keep(stories.map(({ document }) => document));
  return {
    traceId,
    decisions,
    related: ofTrace.filter((record) => !decided.includes(record)),
    changed: [...used.values()]
      .filter((record) => auditHash(record.previous, record.seq, record) !== record.hash)
      .map(({ seq }) => seq)
      .sort((a, b) => a - b),
  };
}

function isDecision(body: unknown): body is DecisionRecord {
  return typeof body === 'object' && body !== null && Array.isArray((body as { verdicts?: unknown }).verdicts);
}

/** Changes by which a revision comes into force; `bound`: a document with what other documents say about it. */
const PUBLISHED = new Set<unknown>(['created', 'updated', 'bound']);

function publishes({ guardrail, body }: AuditRecord, verdict: Verdict): boolean {
  const { revision, change } = (body ?? {}) as { revision?: unknown; change?: unknown };
  return guardrail === verdict.guardrail && revision === verdict.revision && PUBLISHED.has(change);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '');
}
