import { z } from 'zod';
import { ANSWERS } from './answers';
import { request } from './request';

const part = encodeURIComponent;
const get = <S extends z.ZodType>(
  path: string,
  schema: S,
  signal?: AbortSignal,
  query?: { [name: string]: string | number | boolean | undefined },
) => request({ access: 'read', method: 'GET', path, schema, signal, query });

/** The evaluator's HTTP API, one function for each operation that the app uses. All reject with `ApiFailure`. */
export const evaluator = {
  session: (signal?: AbortSignal) => get('session', ANSWERS.getSession, signal),
  guardrails: (signal?: AbortSignal) => get('guardrails', ANSWERS.listGuardrails, signal),
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
  directives: (signal?: AbortSignal) => get('directives', ANSWERS.listDirectives, signal),
  fleet: (signal?: AbortSignal) => get('fleet', ANSWERS.listFleet, signal, { limit: 1000 }),
  coverage: (signal?: AbortSignal) => get('coverage', ANSWERS.getCoverage, signal),
  dispositions: (guardrail?: string, signal?: AbortSignal) =>
    get('dispositions', ANSWERS.listDispositions, signal, { guardrail }),
  killSwitches: (signal?: AbortSignal) => get('kill', ANSWERS.listKillSwitches, signal),
  audit: (
    query: { kind?: string; guardrail?: string; verdictId?: string; descending?: boolean; limit?: number },
    signal?: AbortSignal,
  ) => get('audit', ANSWERS.queryAudit, signal, query),

  judgeVerdict: (verdictId: string, truePositive: boolean, reason: string) =>
    request({
      ...{ access: 'write', method: 'POST', path: 'feedback', schema: ANSWERS.postFeedback },
      body: { verdictId, truePositive, reason },
    }),
  releaseVerdict: (id: string, reason: string) =>
    request({
      ...{ access: 'approve', method: 'POST', path: `verdicts/${part(id)}/release`, schema: ANSWERS.releaseVerdict },
      body: { reason },
    }),
} as const;
