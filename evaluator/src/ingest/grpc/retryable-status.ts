import { Metadata } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { writeBytes, writeNumber } from '../wire/write-protobuf.js';

const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';

/**
 * An error of a call that the sender may repeat after `delay` whole seconds: the details hold a google.rpc.RetryInfo, without which OTLP senders take
 * RESOURCE_EXHAUSTED for final (opentelemetry-proto docs/specification.md, "OTLP/gRPC throttling").
 */
export function retryableStatus(code: number, details: string, delay: number): Partial<ServiceError> {
  const retryInfo = writeBytes(1, writeNumber(1, delay));
  const any = Buffer.concat([writeBytes(1, RETRY_INFO), writeBytes(2, retryInfo)]);
  const metadata = new Metadata();
  metadata.set(
    'grpc-status-details-bin',
    Buffer.concat([writeNumber(1, code), writeBytes(2, details), writeBytes(3, any)]),
  );
  return { code, details, metadata };
}
