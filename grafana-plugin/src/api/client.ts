import { z } from 'zod';
import { ANSWERS, type Judgement, type KillSwitch } from './answers';
import { request } from './request';

const part = encodeURIComponent;
/** An answer without a body (204); what Grafana makes of it differs. */
const NOTHING = z.unknown().transform(() => undefined);
const NOTHING_OR_PROPOSED = z.union([ANSWERS.putGuardrail, NOTHING]);
const get = <S extends z.ZodType>(
  path: string,
  schema: S,
  signal?: AbortSignal,
  query?: { [name: string]: string | number | boolean | undefined },
) => request({ access: 'read', method: 'GET', path, schema, signal, query });

/** Items of one page; the evaluator gives no more at a time. */
const PAGE = 1000;

/** A whole list, page by page. */
async function every<S extends z.ZodType<{ items: unknown[]; next: string }>>(
  path: string,
  schema: S,
  signal?: AbortSignal,
  query: { [name: string]: string | number | boolean | undefined } = {},
): Promise<z.infer<S>> {
  const whole = await get(path, schema, signal, { ...query, limit: PAGE });
  for (let { next } = whole; next !== '';) {
    const page = await get(path, schema, signal, { ...query, limit: PAGE, after: next });
    whole.items.push(...page.items);
    ({ next } = page);
  }
  return whole;
}

/** What a change of a document says beside its text. */
export interface ChangeOptions {
  /** Revision that the change was made from; empty when the document must not exist yet. */
  base: string;
  /** Why: kept with the version, and on record. */
  why: string;
  /** Publish although connected processes cannot load it. */
  allowPartial?: boolean;
  /** Say what would come of it, and change nothing. */
  dryRun?: boolean;
  /** Seconds for which a change of what git owns holds, in an emergency. */
  breakGlass?: number;
}

/** What a stop of enforcement is about; empty fields are any. */
export type KillScope = Pick<KillSwitch['scope'], 'guardrail' | 'model' | 'service'>;
/** Calls that guard-rails may look at; what is not named is any. */
export interface Binder {
  service?: string;
  environment?: string;
  model?: string;
  version?: string;
}

const precondition = (base: string): { [name: string]: string } =>
  base === '' ? { 'If-None-Match': '*' } : { 'If-Match': `"${base}"` };

/** The evaluator's HTTP API, one function for each operation that the app uses. All reject with `ApiFailure`. */
export const evaluator = {
  session: (signal?: AbortSignal) => get('session', ANSWERS.getSession, signal),
  guardrails: (signal?: AbortSignal) => every('guardrails', ANSWERS.listGuardrails, signal),
  guardrail: (name: string, signal?: AbortSignal) => get(`guardrails/${part(name)}`, ANSWERS.getGuardrail, signal),
  history: (name: string, signal?: AbortSignal) =>
    get(`guardrails/${part(name)}/history`, ANSWERS.getGuardrailHistory, signal),
  verdicts: (query: { guardrail?: string; active?: boolean; before?: number; limit?: number }, signal?: AbortSignal) =>
    get('verdicts', ANSWERS.listVerdicts, signal, query),
  verdict: (id: string, signal?: AbortSignal) => get(`verdicts/${part(id)}`, ANSWERS.getVerdict, signal),
  explanation: (id: string, signal?: AbortSignal) =>
    get(`verdicts/${part(id)}/explanation`, ANSWERS.explainVerdict, signal),
  series: (query: { guardrail?: string; firing?: boolean; limit?: number }, signal?: AbortSignal) =>
    get('series', ANSWERS.listSeries, signal, query),
  everySeries: (query: { guardrail?: string; firing?: boolean }, signal?: AbortSignal) =>
    every('series', ANSWERS.listSeries, signal, query),
  directives: (signal?: AbortSignal) => get('directives', ANSWERS.listDirectives, signal),
  /** Processes that are connected; with `gone` also those that left in the last ten minutes. */
  fleet: (gone: boolean, signal?: AbortSignal) => every('fleet', ANSWERS.listFleet, signal, { gone }),
  coverage: (signal?: AbortSignal) => get('coverage', ANSWERS.getCoverage, signal),
  dispositions: (guardrail?: string, signal?: AbortSignal) =>
    get('dispositions', ANSWERS.listDispositions, signal, { guardrail }),
  models: (signal?: AbortSignal) => every('models', ANSWERS.listModels, signal),
  /** Guard-rails that look at calls of a model or service; what is not named is any. */
  bindings: (of: Binder, signal?: AbortSignal) =>
    get('models/guardrails', ANSWERS.listModelGuardrails, signal, { ...of }),
  precision: (guardrail: string, signal?: AbortSignal) =>
    get(`guardrails/${part(guardrail)}/precision`, ANSWERS.getPrecision, signal),
  killSwitches: (signal?: AbortSignal) => get('kill', ANSWERS.listKillSwitches, signal),
  audit: (
    query: {
      kind?: string;
      guardrail?: string;
      traceId?: string;
      verdictId?: string;
      descending?: boolean;
      limit?: number;
    },
    signal?: AbortSignal,
  ) => get('audit', ANSWERS.queryAudit, signal, query),

  evidence: (guardrail?: string, signal?: AbortSignal) => get('evidence', ANSWERS.listEvidence, signal, { guardrail }),
  proposals: (signal?: AbortSignal) => get('proposals', ANSWERS.listProposals, signal),

  /** Creates or changes a guard-rail, or proposes that. Rejects with kind `conflict` when `base` is not in force. */
  putGuardrail: (
    name: string,
    text: string,
    { base, why, allowPartial = false, dryRun = false, breakGlass }: ChangeOptions,
  ) =>
    request({
      ...{ access: 'write', method: 'PUT', path: `guardrails/${part(name)}`, schema: ANSWERS.putGuardrail },
      ...{ query: { why, allowPartial, dryRun, breakGlass }, headers: precondition(base), body: text },
    }),
  /** Takes a guard-rail out of force. Resolves with a proposal's outcome when a second person has to agree, undefined when it is gone. */
  deleteGuardrail: (name: string, { base, why }: Pick<ChangeOptions, 'base' | 'why'>) =>
    request({
      ...{ access: 'write', method: 'DELETE', path: `guardrails/${part(name)}`, schema: NOTHING_OR_PROPOSED },
      ...{ query: { why }, headers: precondition(base) },
    }),
  /** Brings a waiting change into force, if it is the one that was read. */
  approveProposal: (name: string, revision: string) =>
    request({
      ...{ access: 'approve', method: 'POST', path: `proposals/guardrails/${part(name)}/approve` },
      ...{ schema: ANSWERS.approveProposal, headers: { 'If-Match': `"${revision}"` } },
    }),
  rejectProposal: (name: string, reason: string) =>
    request({
      ...{ access: 'write', method: 'POST', path: `proposals/guardrails/${part(name)}/reject` },
      ...{ schema: NOTHING, body: { reason } },
    }),
  /** Lets an action be taken that waits for a person. */
  approveDirective: (verdictId: string, reason: string) =>
    request({
      ...{ access: 'approve', method: 'POST', path: `directives/${part(verdictId)}/approve` },
      ...{ schema: ANSWERS.approveDirective, body: { reason } },
    }),
  /** Refuses an action that waits for a person. */
  rejectDirective: (verdictId: string, reason: string) =>
    request({
      ...{ access: 'approve', method: 'POST', path: `directives/${part(verdictId)}/reject` },
      ...{ schema: ANSWERS.rejectDirective, body: { reason } },
    }),
  judgeVerdict: (verdictId: string, judgement: Judgement, reason: string) =>
    request({
      ...{ access: 'write', method: 'POST', path: 'feedback', schema: ANSWERS.postFeedback },
      body: { verdictId, judgement, reason },
    }),
  /** Stops enforcement of what the scope names; an empty one is everything. `expiresIn` in seconds, 0 until it is released. */
  stopEnforcement: (scope: KillScope, reason: string, expiresIn: number) =>
    request({
      ...{ access: 'approve', method: 'POST', path: 'kill', schema: ANSWERS.engageKillSwitch },
      body: { scope, reason, expiresIn },
    }),
  /** Ends a stop of enforcement. Who began it may need somebody else for that. */
  resumeEnforcement: (id: string, reason: string) =>
    request({
      ...{ access: 'approve', method: 'DELETE', path: `kill/${part(id)}`, schema: ANSWERS.liftKillSwitch },
      query: { reason },
    }),
  releaseVerdict: (id: string, reason: string) =>
    request({
      ...{ access: 'approve', method: 'POST', path: `verdicts/${part(id)}/release`, schema: ANSWERS.releaseVerdict },
      body: { reason },
    }),
} as const;
