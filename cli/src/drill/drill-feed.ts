import { randomBytes } from 'node:crypto';
import { ATTR, DRILL_NAME, RESOURCE, SCOPE_NAME } from '@guardspan/policy';

/** What a drill says of calls that nobody made. */
export interface DrillCalls {
  incarnation: string;
  count: number;
  /** Whether they failed. */
  failed: boolean;
  /** Directive whose probes they are, empty when it is not known; undefined for ordinary calls. */
  probeOf: string | undefined;
  /** Seconds from epoch. */
  at: number;
}

/** Body of an OTLP/HTTP request (JSON) with feed records of a drill, each marked as one. */
export function drillFeed({ incarnation, count, failed, probeOf, at }: DrillCalls): string {
  const text = (key: string, value: string): unknown => ({ key, value: { stringValue: value } });
  const flag = (key: string): unknown => ({ key, value: { boolValue: true } });
  const nanoseconds = `${Math.round(at * 1e6)}000`;
  const attributes = [
    text(ATTR.MODEL_NAME, DRILL_NAME),
    text(ATTR.MODEL_VERSION, ''),
    text(ATTR.MODEL_KIND, 'other'),
    text(ATTR.MODEL_FRAMEWORK, DRILL_NAME),
    text(ATTR.OPERATION, 'drill'),
    text(ATTR.ACTION, 'allow'),
    text(ATTR.DISPOSITION, 'allow'),
    flag(ATTR.DRILL),
    ...(failed ? [text('error.type', 'drill')] : []),
    ...(probeOf === undefined ? [] : [flag(ATTR.CALL_PROBE), text(ATTR.DIRECTIVE_ID, probeOf)]),
  ];
  const spans = Array.from({ length: count }, () => ({
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: DRILL_NAME,
    kind: 1,
    startTimeUnixNano: nanoseconds,
    endTimeUnixNano: nanoseconds,
    attributes,
  }));
  const resource = [
    text(RESOURCE.FEED, '1'),
    text(RESOURCE.SERVICE_NAME, DRILL_NAME),
    text(RESOURCE.SERVICE_INSTANCE_ID, incarnation),
    text(RESOURCE.INCARNATION, incarnation),
  ];
  const scopeSpans = [{ scope: { name: SCOPE_NAME }, spans }];
  return JSON.stringify({ resourceSpans: [{ resource: { attributes: resource }, scopeSpans }] });
}
