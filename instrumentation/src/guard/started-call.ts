import type { AgentResource, ModelCall, Usage } from '@guardspan/policy/runtime';
import type { CallAttributes } from './call-attributes.js';
import type { CallStart } from './types.js';

/** What most calls have nothing of. Never filled, only replaced, so that one serves all calls. */
const NONE = Object.freeze({});
const NO_LIST = Object.freeze([]) as unknown as [];
const NO_VIEW = Object.freeze({ name: '', version: '' });

/** The call that an adapter announces, as {@link createModelCall} would give it, with what is known at its start. @param at Seconds from epoch. */
export function startedCall(
  start: CallStart,
  resource: AgentResource,
  at: number,
  told: CallAttributes | undefined,
): ModelCall {
  return {
    model: start.model,
    service: resource.service,
    environment: resource.environment,
    tenant: told?.tenant ?? '',
    operation: start.operation,
    startedAt: at,
    duration: NaN,
    timeToFirst: NaN,
    streamed: start.streamed,
    error: { type: '' },
    usage: { inputTokens: NaN, outputTokens: NaN, totalTokens: NaN, cost: NaN },
    features: start.features ?? NONE,
    output: { label: '', score: NaN, values: {} },
    toolCalls: NO_LIST,
    group: told?.group ?? NONE,
    truth: NONE,
    featureView: told?.featureView ?? NO_VIEW,
    attrs: told?.attrs ?? NONE,
    decision: {
      action: 'allow',
      disposition: 'not_evaluated',
      guardrails: NO_LIST,
      rerouteTo: '',
      probe: false,
      directive: '',
    },
  };
}

/** False when neither the adapter nor the application told anything of a call beside who is asked. */
export function saysMore({ features, attrs, featureView }: ModelCall): boolean {
  return features !== NONE || attrs !== NONE || featureView !== NO_VIEW;
}

/** What an answer says of usage. A total that it does not say is the sum. */
export function addUsage(into: Usage, { inputTokens, outputTokens, totalTokens, cost }: Partial<Usage>): void {
  if (inputTokens !== undefined) into.inputTokens = inputTokens;
  if (outputTokens !== undefined) into.outputTokens = outputTokens;
  if (totalTokens !== undefined) into.totalTokens = totalTokens;
  if (cost !== undefined) into.cost = cost;
  if (Number.isNaN(into.totalTokens)) into.totalTokens = into.inputTokens + into.outputTokens;
}
