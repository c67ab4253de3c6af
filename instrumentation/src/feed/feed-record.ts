import { RESOURCE, SCOPE_NAME } from '@guardspan/policy/runtime';
import type { AgentResource, CallValue } from '@guardspan/policy/runtime';

/** A value of an attribute; structured values travel as OTLP lists and maps. */
export type FeedValue = CallValue | string[];
/** Attributes of one record. */
export type FeedAttributes = { [name: string]: FeedValue };

/** What records of calls that are alike have in common: one object for all of them, never changed, so that it is encoded once. */
export interface FeedIdentity {
  readonly attributes: FeedAttributes;
}

/** One model call: a span on the feed, whatever the sampler of the application said. */
export interface FeedRecord {
  name: string;
  /** `SpanKind` of the API. */
  kind: number;
  /** Lower-case hexadecimal. */
  traceId: string;
  spanId: string;
  /** Empty for a root. */
  parentSpanId: string;
  /** Seconds from epoch. */
  startedAt: number;
  /** Seconds. */
  duration: number;
  failed: boolean;
  identity: FeedIdentity;
  /** Beside those of {@link identity}. */
  attributes: FeedAttributes;
}

/** Instrumentation scope of the feed. */
export const FEED_SCOPE = { name: SCOPE_NAME, version: '0.1.0' } as const;

/** Who the records come from. */
export function feedResource(resource: AgentResource, instance: string, incarnation: string): FeedAttributes {
  const attributes: FeedAttributes = {
    [RESOURCE.SERVICE_NAME]: resource.service,
    [RESOURCE.SERVICE_INSTANCE_ID]: instance,
  };
  if (resource.serviceVersion !== '') attributes[RESOURCE.SERVICE_VERSION] = resource.serviceVersion;
  if (resource.environment !== '') attributes[RESOURCE.ENVIRONMENT] = resource.environment;
  return { ...attributes, [RESOURCE.FEED]: '1', [RESOURCE.INCARNATION]: incarnation };
}
