import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it arrived, as OTLP/JSON. */
export interface ReceivedSpan {
  name: string;
  scope: string;
  traceId: string;
  spanId: string;
  attributes: Record<string, unknown>;
  resource: Record<string, unknown>;
}

/** An OTLP/HTTP receiver for JSON. */
export interface OtlpStub {
  url: string;
  spans: ReceivedSpan[];
  close(): Promise<void>;
}

interface KeyValue {
  key: string;
  value: Record<string, unknown>;
}
interface TraceRequest {
  resourceSpans?: {
    resource?: { attributes?: KeyValue[] };
    scopeSpans?: {
      scope?: { name?: string };
      spans?: { name: string; traceId: string; spanId: string; attributes?: KeyValue[] }[];
    }[];
  }[];
}

function mapOf(attributes: KeyValue[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** Starts the receiver on a free port. */
export async function startOtlpStub(): Promise<OtlpStub> {
  const spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end('{}');
      if (request.url !== '/v1/traces') return;
      const body = JSON.parse(Buffer.concat(pieces).toString()) as TraceRequest;
      for (const { resource, scopeSpans } of body.resourceSpans ?? []) {
        for (const { scope, spans: list } of scopeSpans ?? []) {
          for (const { attributes, ...span } of list ?? []) {
            spans.push({
              ...span,
              scope: scope?.name ?? '',
              attributes: mapOf(attributes),
              resource: mapOf(resource?.attributes),
            });
          }
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
