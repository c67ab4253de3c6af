import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall, ServiceError } from '@grpc/grpc-js';
import { GuardspanError } from '@guardspan/policy';
import { hasRole } from '../../auth/roles.js';
import type { Authenticator } from '../../auth/types.js';
import { acceptSpans } from '../accept-spans.js';
import type { AcceptOptions } from '../accept-spans.js';
import { encodeResponse } from '../http/write-response.js';
import { IngestError } from '../ingest-error.js';
import { CALL_KEYS } from '../map/keys.js';
import { readProtobuf } from '../wire/read-protobuf.js';
import { retryableStatus } from './retryable-status.js';

/** Options of {@link startOtlpGrpc}. */
export interface OtlpGrpcOptions extends AcceptOptions {
  /** Port 0 takes a free one. */
  address: { host: string; port: number };
  authenticate: Authenticator['authenticate'];
  /** Bytes of a request, before and after inflation. */
  maxBytes: number;
  /** Requests under way of one connection; more wait. Default 256. */
  maxOpen?: number;
  /** Time from the end of the request to its answer, seconds. */
  onAnswered?: (seconds: number) => void;
}

/** A running OTLP/gRPC receiver. */
export interface OtlpGrpc {
  /** `host:port` that it listens on. */
  readonly address: string;
  /** Lets requests under way end, for at most `grace` seconds (default 5), then cuts them. */
  close(grace?: number): Promise<void>;
}

const SERVICE = 'opentelemetry.proto.collector.trace.v1.TraceService';
/** Seconds after which a sender should try again. */
const RETRY_DELAY = 1;
type Answer = { bytes: Buffer } | { error: Partial<ServiceError> };

const asIs = (bytes: Buffer): Buffer => bytes;

/** `address:port` or `[address]:port` of a peer without its port. */
function addressOf(peer: string): string {
  return peer.slice(0, Math.max(0, peer.lastIndexOf(':'))).replace(/^\[|\]$/g, '');
}

async function answer(
  authorization: string | undefined,
  peer: string,
  body: Buffer,
  options: OtlpGrpcOptions,
): Promise<Answer> {
  const result = options.authenticate(authorization, addressOf(peer));
  if (!result.ok) {
    if (result.reason === 'throttled') {
      const delay = Math.max(1, Math.ceil(result.retryAfter));
      return { error: retryableStatus(status.RESOURCE_EXHAUSTED, 'too many failed attempts', delay) };
    }
    return { error: { code: status.UNAUTHENTICATED, details: `the token is ${result.reason}` } };
  }
  if (!hasRole(result.principal.role, 'agent'))
    return { error: { code: status.PERMISSION_DENIED, details: 'this needs an agent token' } };
  try {
    const accepted = await acceptSpans((onSpan) => readProtobuf(body, CALL_KEYS, onSpan), result.principal, options);
    return { bytes: encodeResponse(accepted) };
  } catch (error) {
    if (error instanceof IngestError) {
      options.onRejected('malformed', 1);
      return { error: { code: status.INVALID_ARGUMENT, details: `${error.code}: ${error.message}` } };
    }
    const details = 'what was sent could not be made durable; send it again';
    return { error: retryableStatus(status.UNAVAILABLE, details, RETRY_DELAY) };
  }
}

function createServer(options: OtlpGrpcOptions): Server {
  const server = new Server({
    'grpc.max_receive_message_length': options.maxBytes,
    'grpc.max_concurrent_streams': options.maxOpen ?? 256,
  });
  const Export = (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>): void => {
    const started = performance.now();
    const authorization = call.metadata.get('authorization')[0];
    void answer(
      typeof authorization === 'string' ? authorization : undefined,
      call.getPeer(),
      call.request,
      options,
    ).then((outcome) => {
      if ('error' in outcome) return reply(outcome.error);
      options.onAnswered?.((performance.now() - started) / 1000);
      reply(null, outcome.bytes);
    });
  };
  server.addService(
    {
      Export: {
        path: `/${SERVICE}/Export`,
        requestStream: false,
        responseStream: false,
        // The bytes as they are: our own reader decodes them, and its errors become INVALID_ARGUMENT.
        requestSerialize: asIs,
        requestDeserialize: asIs,
        responseSerialize: asIs,
        responseDeserialize: asIs,
      },
    },
    { Export },
  );
  return server;
}

function close(server: Server, grace: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, grace * 1000);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * OTLP/gRPC for traces (opentelemetry-proto docs/specification.md, "OTLP/gRPC"), with gzip as gRPC knows it. UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT and
 * RESOURCE_EXHAUSTED without RetryInfo (a request larger than `maxBytes`): not to be repeated. UNAVAILABLE and RESOURCE_EXHAUSTED with RetryInfo: to be repeated. An answer
 * means that what was accepted is durable.
 * @throws GuardspanError GUARDSPAN_GRPC_LISTEN when the address cannot be bound
 */
export async function startOtlpGrpc(options: OtlpGrpcOptions): Promise<OtlpGrpc> {
  const server = createServer(options);
  const { host, port } = options.address;
  const named = host.includes(':') ? `[${host}]` : host;
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${named}:${port}`, ServerCredentials.createInsecure(), (error, taken) => {
      if (error === null) resolve(taken);
      else
        reject(
          new GuardspanError(
            'GUARDSPAN_GRPC_LISTEN',
            `OTLP/gRPC cannot listen on ${named}:${port}: ${error.message}`,
            'Choose another address, or "off".',
          ),
        );
    });
  });
  return { address: `${named}:${bound}`, close: (grace = 5) => close(server, grace) };
}
