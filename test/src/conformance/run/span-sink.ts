import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ATTR } from '@guardspan/policy/runtime';

/** The span of a model call as a backend gets it. */
export interface CallSpan {
  traceId: string;
  /** A guard-rail marks it for samplers. */
  sample: boolean;
}

/** Takes the spans of applications: with it they run with a real SDK. Each sends to an address of its own, `<url>/<run>`. */
export interface SpanSink {
  url: string;
  /** The spans of guarded calls that a run has sent. */
  callsOf(run: string): readonly CallSpan[];
  close(): Promise<void>;
}

interface Span {
  traceId: string;
  attributes?: { key: string; value: { boolValue?: boolean } }[];
}
interface Export {
  resourceSpans?: { scopeSpans?: { spans?: Span[] }[] }[];
}

/** Starts the sink on loopback. */
export async function startSpanSink(): Promise<SpanSink> {
  const received = new Map<string, CallSpan[]>();
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const [, run = '', ...signal] = (request.url ?? '').split('/');
      if (signal.join('/') === 'v1/traces') {
        const body = JSON.parse(Buffer.concat(pieces).toString()) as Export;
        received.set(run, [...(received.get(run) ?? []), ...callsIn(body)]);
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    callsOf: (run) => received.get(run) ?? [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function callsIn({ resourceSpans = [] }: Export): CallSpan[] {
  const spans = resourceSpans.flatMap(({ scopeSpans = [] }) => scopeSpans.flatMap((scope) => scope.spans ?? []));
  return spans.flatMap(({ traceId, attributes = [] }) => {
    const value = (name: string): { boolValue?: boolean } | undefined =>
      attributes.find(({ key }) => key === name)?.value;
    if (value(ATTR.DISPOSITION) === undefined) return [];
    return [{ traceId, sample: value(ATTR.SAMPLE)?.boolValue === true }];
  });
}
