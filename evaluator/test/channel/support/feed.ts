import { randomBytes } from 'node:crypto';
import { ATTR, RESOURCE, SCOPE_NAME } from '@guardspan/policy';

/** One call as the instrumentation puts it on the feed. */
export interface FeedCall {
  model: string;
  version?: string;
  /** Seconds from epoch; default now. */
  startedAt?: number;
  /** Seconds; default 0.1. */
  duration?: number;
  error?: string;
  probe?: boolean;
  action?: string;
  rerouteTo?: string;
  directive?: string;
  traceId?: string;
  spanId?: string;
}

/** OTLP/JSON of feed records of one process. */
export function feedRequest(service: string, calls: readonly FeedCall[], incarnation = 'test'): unknown {
  const text = (key: string, value: string): unknown => ({ key, value: { stringValue: value } });
  return {
    resourceSpans: [
      {
        resource: {
          attributes: [
            text(RESOURCE.FEED, '1'),
            text(RESOURCE.SERVICE_NAME, service),
            text(RESOURCE.SERVICE_INSTANCE_ID, 'i-1'),
            text(RESOURCE.INCARNATION, incarnation),
            text(RESOURCE.ENVIRONMENT, 'test'),
          ],
        },
        scopeSpans: [
          {
            scope: { name: SCOPE_NAME },
            spans: calls.map((call) => {
              const startedAt = call.startedAt ?? Date.now() / 1000;
              const start = BigInt(Math.round(startedAt * 1e6)) * 1000n;
              const end = start + BigInt(Math.round((call.duration ?? 0.1) * 1e9));
              return {
                traceId: call.traceId ?? randomBytes(16).toString('hex'),
                spanId: call.spanId ?? randomBytes(8).toString('hex'),
                name: 'predict',
                kind: 1,
                startTimeUnixNano: String(start),
                endTimeUnixNano: String(end),
                attributes: [
                  text(ATTR.MODEL_NAME, call.model),
                  text(ATTR.MODEL_VERSION, call.version ?? '1'),
                  text(ATTR.MODEL_KIND, 'classifier'),
                  text(ATTR.MODEL_FRAMEWORK, 'function'),
                  text(ATTR.OPERATION, 'predict'),
                  text(ATTR.ACTION, call.action ?? 'allow'),
                  text(ATTR.DISPOSITION, 'allow'),
                  ...(call.error === undefined ? [] : [text('error.type', call.error)]),
                  ...(call.rerouteTo === undefined ? [] : [text(ATTR.REROUTE_TO, call.rerouteTo)]),
                  ...(call.directive === undefined ? [] : [text(ATTR.DIRECTIVE_ID, call.directive)]),
                  { key: ATTR.CALL_PROBE, value: { boolValue: call.probe ?? false } },
                ],
              };
            }),
          },
        ],
      },
    ],
  };
}

/** Posts feed records and returns the status. */
export async function sendFeed(
  url: string,
  service: string,
  calls: readonly FeedCall[],
  options: { token?: string; incarnation?: string } = {},
): Promise<number> {
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    },
    body: JSON.stringify(feedRequest(service, calls, options.incarnation)),
  });
  await response.text();
  return response.status;
}
