import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, ServerCredentials, type Metadata, type ServiceDefinition } from '@grpc/grpc-js';
import { decodeSpans, type TestSpan } from './otlp.js';

/** A stand-in for what a Collector exports to. */
export interface Backend {
  readonly port: number;
  readonly spans: TestSpan[];
  /** `authorization` of each request. */
  readonly authorizations: string[];
  close(): Promise<void>;
}

/**
 * OTLP/HTTP, protobuf, as the evaluator has it.
 *
 * @param port 0 chooses a free one.
 */
export async function startHttpBackend(port = 0): Promise<Backend> {
  const spans: TestSpan[] = [];
  const authorizations: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers: IncomingHttpHeaders = request.headers;
      authorizations.push(headers.authorization ?? '');
      if (request.url === '/v1/traces' && headers['content-encoding'] === undefined) {
        spans.push(...decodeSpans(Buffer.concat(chunks)));
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      } else {
        response.writeHead(400).end();
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    spans,
    authorizations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const TRACE_SERVICE: ServiceDefinition = {
  export: {
    path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: (value: Buffer) => value,
    requestDeserialize: (value: Buffer) => value,
    responseSerialize: (value: Buffer) => value,
    responseDeserialize: (value: Buffer) => value,
  },
};

/** OTLP/gRPC, as a tracing backend and the evaluator behind a gateway have it. */
export async function startGrpcBackend(): Promise<Backend> {
  const spans: TestSpan[] = [];
  const authorizations: string[] = [];
  const server = new Server();
  server.addService(TRACE_SERVICE, {
    export: (
      call: { request: Buffer; metadata: Metadata },
      callback: (error: Error | null, response: Buffer) => void,
    ) => {
      authorizations.push(String(call.metadata.get('authorization')[0] ?? ''));
      spans.push(...decodeSpans(call.request));
      callback(null, Buffer.alloc(0));
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    port,
    spans,
    authorizations,
    close: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}
