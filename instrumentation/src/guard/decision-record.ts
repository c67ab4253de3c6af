import type { Decision, DecisionRecord, ModelIdentity } from '@guardspan/policy/runtime';
import type { CallFacts } from './record-attributes.js';

/** What the audit keeps of a decision; no text. `asked` is the model that was asked at first. */
export function decisionRecord(
  { call, callId }: CallFacts,
  decision: Decision,
  asked: ModelIdentity,
  { traceId, spanId }: { traceId: string; spanId: string },
): DecisionRecord {
  return {
    traceId,
    spanId,
    callId,
    at: call.startedAt,
    model: asked.name,
    modelVersion: asked.version,
    action: decision.action,
    disposition: decision.disposition,
    verdicts: decision.verdicts,
    directive: decision.directive,
    rerouteTo: call.decision.rerouteTo,
    redactions: decision.redactions.length,
    ...(decision.rewrites === undefined ? {} : { rewrites: decision.rewrites.length }),
  };
}
