import { ATTR, GEN_AI, RESOURCE } from '@guardspan/policy';

/** A model call as the feed reports it. Times in seconds. */
export interface FeedCall {
  /** 32 and 16 hexadecimal digits. */
  traceId: string;
  spanId: string;
  model: string;
  tenant: string;
  startedAt: number;
  duration: number;
  /** Empty when the call went well. */
  errorType: string;
  inputTokens: number;
  outputTokens: number;
}

const text = (key: string, value: string): string => `{"key":"${key}","value":{"stringValue":"${value}"}}`;
const int = (key: string, value: number): string => `{"key":"${key}","value":{"intValue":${value}}}`;

const SAME = [
  text(ATTR.MODEL_VERSION, '2026-01-01'),
  text(ATTR.MODEL_KIND, 'llm'),
  text(ATTR.MODEL_FRAMEWORK, 'openai'),
  text(ATTR.MODEL_PROVIDER, 'openai'),
  text(ATTR.OPERATION, 'chat'),
  text(ATTR.ENVIRONMENT, 'bench'),
  text(ATTR.DISPOSITION, 'allow'),
  text(ATTR.ACTION, 'allow'),
  text(ATTR.VERDICT, 'pass'),
].join(',');

function span(call: FeedCall): string {
  const attributes = [
    text(ATTR.MODEL_NAME, call.model),
    SAME,
    text(ATTR.TENANT, call.tenant),
    int(GEN_AI.USAGE_INPUT_TOKENS, call.inputTokens),
    int(GEN_AI.USAGE_OUTPUT_TOKENS, call.outputTokens),
    `{"key":"${ATTR.CALL_STARTED_AT}","value":{"doubleValue":${call.startedAt}}}`,
  ];
  if (call.errorType !== '') attributes.push(text(GEN_AI.ERROR_TYPE, call.errorType));
  const nanoseconds = (seconds: number): string => `${Math.round(seconds * 1e6)}000`;
  return (
    `{"traceId":"${call.traceId}","spanId":"${call.spanId}","name":"chat ${call.model}","kind":3,` +
    `"startTimeUnixNano":"${nanoseconds(call.startedAt)}","endTimeUnixNano":"${nanoseconds(call.startedAt + call.duration)}",` +
    `"attributes":[${attributes.join(',')}],"status":{}}`
  );
}

/** Body of an OTLP/HTTP request (JSON, which is what the instrumentation sends) with feed records of one process. */
export function feedRequest(service: string, calls: readonly FeedCall[]): string {
  const resource = [
    text(RESOURCE.FEED, '1'),
    text(RESOURCE.SERVICE_NAME, service),
    text(RESOURCE.INCARNATION, service),
  ];
  return (
    `{"resourceSpans":[{"resource":{"attributes":[${resource.join(',')}]},` +
    `"scopeSpans":[{"scope":{"name":"bench"},"spans":[${calls.map(span).join(',')}]}]}]}`
  );
}

/** Ids of the n-th call of a stream, never the same for two streams or two numbers. */
export function callIds(stream: number, n: number): { traceId: string; spanId: string } {
  const number = n.toString(16).padStart(12, '0');
  return { traceId: `${stream.toString(16).padStart(20, '0')}${number}`, spanId: `feed${number}` };
}
