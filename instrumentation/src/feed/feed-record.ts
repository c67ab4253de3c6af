import type { CallValue } from '@guardspan/policy/runtime';

/** A value of an attribute; structured values travel as OTLP lists and maps. */
export type FeedValue = CallValue | string[];
/** Attributes of one record. */
export type FeedAttributes = { [name: string]: FeedValue };

/** The resource of the feed. Has what both lines of the OTLP serializer read. */
export interface FeedResource {
  attributes: { [name: string]: string };
  merge(): FeedResource;
  getRawAttributes(): [string, string][];
}

/** One model call as a span: has what both lines of the OTLP exporter read of a span, whatever the sampler of the application said. */
export interface FeedRecord {
  name: string;
  kind: number;
  spanContext(): { traceId: string; spanId: string; traceFlags: number };
  parentSpanContext: { traceId: string; spanId: string; traceFlags: number } | undefined;
  startTime: [number, number];
  endTime: [number, number];
  duration: [number, number];
  ended: true;
  status: { code: number; message?: string };
  attributes: FeedAttributes;
  links: [];
  events: [];
  resource: FeedResource;
  instrumentationScope: { name: string; version: string };
  droppedAttributesCount: 0;
  droppedEventsCount: 0;
  droppedLinksCount: 0;
}

/** Seconds as OpenTelemetry's pair of seconds and nanoseconds. */
export function hrTime(seconds: number): [number, number] {
  const whole = Math.floor(seconds);
  return [whole, Math.round((seconds - whole) * 1e9)];
}

/** The resource with these attributes. */
export function feedResource(attributes: { [name: string]: string }): FeedResource {
  const resource: FeedResource = {
    attributes,
    merge: () => resource,
    getRawAttributes: () => Object.entries(attributes),
  };
  return resource;
}
