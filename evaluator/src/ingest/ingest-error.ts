import { GuardspanError } from '@guardspan/policy';

/** Why a request of telemetry is refused. */
export type IngestErrorCode =
  | 'GUARDSPAN_OTLP_TRUNCATED'
  | 'GUARDSPAN_OTLP_VARINT'
  | 'GUARDSPAN_OTLP_WIRE_TYPE'
  | 'GUARDSPAN_OTLP_NESTING'
  | 'GUARDSPAN_OTLP_GZIP'
  | 'GUARDSPAN_OTLP_TOO_LARGE';

/** Malformed or oversized telemetry. Holds no content of it. */
export class IngestError extends GuardspanError {
  override readonly name = 'IngestError';
  /** Offset of the byte in the decoded body; -1 when there is none. */
  readonly offset: number;

  constructor(code: IngestErrorCode, message: string, offset = -1) {
    super(code, offset < 0 ? message : `${message} at byte ${offset}`, 'Send an OTLP ExportTraceServiceRequest.');
    this.offset = offset;
  }
}
