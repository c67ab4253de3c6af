import type { ModelCall } from './model-call.js';

/** A call with every field at its "unknown" value (empty, NaN, false); the start of every mapper. */
export function createModelCall(): ModelCall {
  return {
    model: { name: '', version: '', kind: 'other', framework: '', provider: '' },
    service: '',
    environment: '',
    tenant: '',
    operation: '',
    startedAt: 0,
    duration: NaN,
    timeToFirst: NaN,
    streamed: false,
    error: { type: '' },
    usage: { inputTokens: NaN, outputTokens: NaN, totalTokens: NaN, cost: NaN },
    features: {},
    output: { label: '', score: NaN, values: {} },
    toolCalls: [],
    group: {},
    truth: {},
    featureView: { name: '', version: '' },
    attrs: {},
    decision: {
      action: 'allow',
      disposition: 'not_evaluated',
      guardrails: [],
      rerouteTo: '',
      probe: false,
      directive: '',
    },
  };
}
