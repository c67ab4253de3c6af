import { randomBytes } from 'node:crypto';
import { ATTR, GEN_AI, RESOURCE, SCOPE_NAME } from '@guardspan/policy';

/** A call of the scenario's assistant. */
export interface ScenarioCall {
  model: string;
  failed: boolean;
  /** Guard-rails that had a verdict. */
  guardrails: readonly string[];
  action: string;
  disposition: string;
  duration: number;
}

const text = (key: string, stringValue: string): unknown => ({ key, value: { stringValue } });
const double = (key: string, doubleValue: number): unknown => ({ key, value: { doubleValue } });

/** Sends calls as the instrumentation of a process does: on the guard feed, with tokens, cost and the time to the first piece. */
export async function sendCalls(url: string, calls: readonly ScenarioCall[]): Promise<void> {
  const resource = [
    text(RESOURCE.FEED, '1'),
    text(RESOURCE.SERVICE_NAME, 'assistant'),
    text(RESOURCE.SERVICE_INSTANCE_ID, 'i-1'),
    text(RESOURCE.INCARNATION, 'scenario'),
    text(RESOURCE.ENVIRONMENT, 'production'),
  ];
  const spans = calls.map((call) => {
    const start = BigInt(Math.round((Date.now() / 1000 - call.duration) * 1e6)) * 1000n;
    return {
      traceId: randomBytes(16).toString('hex'),
      spanId: randomBytes(8).toString('hex'),
      name: 'chat',
      kind: 3,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + BigInt(Math.round(call.duration * 1e9))),
      attributes: [
        text(ATTR.MODEL_NAME, call.model),
        text(ATTR.MODEL_VERSION, '1'),
        text(ATTR.MODEL_KIND, 'llm'),
        text(ATTR.OPERATION, 'chat'),
        text(ATTR.ACTION, call.action),
        text(ATTR.DISPOSITION, call.disposition),
        {
          key: ATTR.VERDICT_GUARDRAILS,
          value: { arrayValue: { values: call.guardrails.map((stringValue) => ({ stringValue })) } },
        },
        { key: ATTR.CALL_STREAMED, value: { boolValue: true } },
        double(ATTR.CALL_TIME_TO_FIRST, call.duration / 4),
        double(ATTR.USAGE_COST, 0.002),
        { key: GEN_AI.USAGE_INPUT_TOKENS, value: { intValue: '120' } },
        { key: GEN_AI.USAGE_OUTPUT_TOKENS, value: { intValue: '40' } },
        ...(call.failed ? [text('error.type', 'Timeout')] : []),
      ],
    };
  });
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ scope: { name: SCOPE_NAME }, spans }] }],
    }),
  });
  if (response.status !== 200) throw new Error(`the evaluator answered ${response.status}: ${await response.text()}`);
}
