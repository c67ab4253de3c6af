import type { CallValue } from '@guardspan/policy';

/** Attributes of a resource, decoded once for all its spans. Has no prototype. */
export type DecodedResource = { [key: string]: CallValue };

/** One span as the mappers read it. Readers reuse one object for all spans: copy what you keep. */
export interface DecodedSpan {
  resource: DecodedResource;
  /** Name of the instrumentation scope, or empty. */
  scope: string;
  /** 32 hexadecimal digits, or empty. */
  traceId: string;
  /** 16 hexadecimal digits, or empty. */
  spanId: string;
  /** Nanoseconds from epoch; a double, exact to 256 ns. */
  start: number;
  end: number;
  /** 0 unset, 1 ok, 2 error. */
  status: number;
  /** Values of the key table's keys by slot; undefined where the span has none. */
  values: (CallValue | undefined)[];
  /** Key and value, alternating, of attributes with one of the table's prefixes. */
  prefixed: (string | CallValue)[];
}

/** A span with nothing in it. */
export function createDecodedSpan(slots: number): DecodedSpan {
  return {
    resource: Object.create(null) as DecodedResource,
    scope: '',
    traceId: '',
    spanId: '',
    start: 0,
    end: 0,
    status: 0,
    values: new Array<CallValue | undefined>(slots).fill(undefined),
    prefixed: [],
  };
}
