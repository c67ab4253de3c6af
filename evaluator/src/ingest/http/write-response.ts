import type { ServerResponse } from 'node:http';
import type { Accepted } from '../accept-spans.js';
import { writeBytes, writeNumber } from '../wire/write-protobuf.js';

/** Encodings of OTLP/HTTP. */
export type OtlpEncoding = 'protobuf' | 'json';

/** Media type of an encoding. */
export const MEDIA_TYPE: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** ExportTraceServiceResponse (opentelemetry-proto, collector/trace/v1) in protobuf. */
export function encodeResponse({ rejected, message }: Accepted): Buffer {
  if (rejected === 0) return Buffer.alloc(0);
  const partial = Buffer.concat([writeNumber(1, rejected), writeBytes(2, message)]);
  return writeBytes(1, partial);
}

/** Answers 200 in the encoding of the request. */
export function writeAccepted(response: ServerResponse, encoding: OtlpEncoding, accepted: Accepted): void {
  const body =
    encoding === 'protobuf'
      ? encodeResponse(accepted)
      : Buffer.from(
          JSON.stringify(
            accepted.rejected === 0
              ? {}
              : { partialSuccess: { rejectedSpans: String(accepted.rejected), errorMessage: accepted.message } },
          ),
        );
  response.writeHead(200, { 'content-type': MEDIA_TYPE[encoding], 'content-length': body.length });
  response.end(body);
}

/** Answers an error as google.rpc.Status in the encoding of the request. `grpcCode` is the code of google.rpc.Code. */
export function writeError(
  response: ServerResponse,
  encoding: OtlpEncoding,
  status: number,
  grpcCode: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  const body =
    encoding === 'protobuf'
      ? Buffer.concat([writeNumber(1, grpcCode), writeBytes(2, message)])
      : Buffer.from(JSON.stringify({ code: grpcCode, message }));
  response.writeHead(status, { 'content-type': MEDIA_TYPE[encoding], 'content-length': body.length, ...headers });
  response.end(body);
}
