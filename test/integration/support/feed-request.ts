import { randomBytes } from 'node:crypto';
import { ATTR, RESOURCE, SCOPE_NAME } from '@guardspan/policy';

/** A request of the guard feed as OTLP/JSON: so many calls of one model of a service. */
export function feedRequest(service: string, model: string, calls = 1): string {
  const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  const now = BigInt(Date.now()) * 1_000_000n;
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [text(RESOURCE.SERVICE_NAME, service), text(RESOURCE.FEED, '1')] },
        scopeSpans: [
          {
            scope: { name: SCOPE_NAME },
            spans: Array.from({ length: calls }, () => ({
              traceId: randomBytes(16).toString('hex'),
              spanId: randomBytes(8).toString('hex'),
              name: `predict ${model}`,
              kind: 1,
              startTimeUnixNano: String(now - 1_000_000n),
              endTimeUnixNano: String(now),
              attributes: [text(ATTR.MODEL_NAME, model), text(ATTR.MODEL_VERSION, '1')],
            })),
          },
        ],
      },
    ],
  });
}
