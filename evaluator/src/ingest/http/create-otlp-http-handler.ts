import type { IncomingMessage, ServerResponse } from 'node:http';
import { hasRole } from '../../auth/roles.js';
import type { Authenticator } from '../../auth/types.js';
import { acceptSpans } from '../accept-spans.js';
import type { AcceptOptions } from '../accept-spans.js';
import { IngestError } from '../ingest-error.js';
import { CALL_KEYS } from '../map/keys.js';
import { readJson } from '../wire/read-json.js';
import { readProtobuf } from '../wire/read-protobuf.js';
import { readBody } from './read-body.js';
import type { OtlpEncoding } from './write-response.js';
import { writeAccepted, writeError } from './write-response.js';

/** Options of {@link createOtlpHttpHandler}. */
export interface OtlpHttpOptions extends AcceptOptions {
  authenticate: Authenticator['authenticate'];
  /** Bytes of a body, before and after inflation. */
  maxBytes: number;
  /** Requests that may be under way; more are answered 429. Default 256. */
  maxOpen?: number;
  /** Time from the end of the request to its answer, seconds. */
  onAnswered?: (seconds: number) => void;
}

const PATH = '/v1/traces';
const OTHER_SIGNALS = new Set(['/v1/metrics', '/v1/logs', '/v1development/profiles']);
/** Codes of google.rpc.Code that are used here. */
const RPC = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;
/** Seconds after which a sender should try again. */
const RETRY_AFTER = '1';

/**
 * OTLP/HTTP for traces, protobuf and JSON (opentelemetry-proto docs/specification.md, "OTLP/HTTP"). The handler answers true when the request was its own.
 * 400 for malformed bodies, 401/403 for tokens, 405, 413, 415: not to be retried. 429 and 503 with Retry-After: to be retried. Spans that the token may not speak
 * for are a partial success. An answer of 200 means that what was accepted is durable.
 */
export function createOtlpHttpHandler(
  options: OtlpHttpOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  const maxOpen = options.maxOpen ?? 256;
  let open = 0;
  return async (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0]!;
    if (path !== PATH && !OTHER_SIGNALS.has(path)) return false;
    const mediaType = (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
    const encoding: OtlpEncoding = mediaType === 'application/json' ? 'json' : 'protobuf';
    const refuse = (status: number, code: number, message: string, headers: Record<string, string> = {}): true => {
      // The rest of the body is not read; the connection cannot be used again.
      if (!request.complete) headers = { ...headers, connection: 'close' };
      writeError(response, encoding, status, code, message, headers);
      return true;
    };
    if (path !== PATH)
      return refuse(404, RPC.NOT_FOUND, `${path} is not accepted here: the evaluator takes traces, at ${PATH}`);
    if (request.method !== 'POST') return refuse(405, RPC.UNIMPLEMENTED, 'POST only', { allow: 'POST' });
    const result = options.authenticate(request.headers.authorization, request.socket.remoteAddress ?? '');
    if (!result.ok) {
      if (result.reason === 'throttled')
        return refuse(429, RPC.RESOURCE_EXHAUSTED, 'too many failed attempts', {
          'retry-after': String(Math.ceil(result.retryAfter)),
        });
      return refuse(401, RPC.UNAUTHENTICATED, `the token is ${result.reason}`, { 'www-authenticate': 'Bearer' });
    }
    if (!hasRole(result.principal.role, 'agent'))
      return refuse(403, RPC.PERMISSION_DENIED, 'this needs an agent token');
    if (mediaType !== 'application/x-protobuf' && mediaType !== 'application/json') {
      return refuse(415, RPC.INVALID_ARGUMENT, 'content-type must be application/x-protobuf or application/json');
    }
    const contentEncoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
    if (contentEncoding !== 'identity' && contentEncoding !== 'gzip')
      return refuse(415, RPC.INVALID_ARGUMENT, 'content-encoding must be gzip or identity');
    if (open >= maxOpen)
      return refuse(429, RPC.RESOURCE_EXHAUSTED, 'too many requests are under way', { 'retry-after': RETRY_AFTER });
    open += 1;
    try {
      const body = await readBody(request, contentEncoding, options.maxBytes);
      const started = performance.now();
      const accepted = await acceptSpans(
        (onSpan) =>
          encoding === 'json'
            ? readJson(body.toString('utf8'), CALL_KEYS, onSpan)
            : readProtobuf(body, CALL_KEYS, onSpan),
        result.principal,
        options,
      );
      options.onAnswered?.((performance.now() - started) / 1000);
      writeAccepted(response, encoding, accepted);
      return true;
    } catch (error) {
      if (error instanceof IngestError) {
        const large = error.code === 'GUARDSPAN_OTLP_TOO_LARGE';
        options.onRejected(large ? 'too_large' : 'malformed', 1);
        return refuse(large ? 413 : 400, RPC.INVALID_ARGUMENT, `${error.code}: ${error.message}`);
      }
      return refuse(503, RPC.UNAVAILABLE, 'what was sent could not be made durable; send it again', {
        'retry-after': RETRY_AFTER,
      });
    } finally {
      open -= 1;
    }
  };
}
