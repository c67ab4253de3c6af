import { ATTR, RESOURCE } from '@guardspan/policy';
import type { RecordedCall } from '@guardspan/policy';
import type { DecodedSpan } from '../wire/decoded-span.js';
import { slot } from './keys.js';
import { mapFeed } from './map-feed.js';
import { mapOpeninference } from './map-openinference.js';
import { mapOpenllmetry } from './map-openllmetry.js';
import { mapOtel } from './map-otel.js';

const OWN_MODEL = slot(ATTR.MODEL_NAME);

/**
 * A span as a call: a record of our own feed, or a model-call span of another convention (marked as sampled). Null for anything else, among it the user's own
 * span of a call that the feed reports.
 */
export function mapSpan(span: DecodedSpan): RecordedCall | null {
  if (span.resource[RESOURCE.FEED] !== undefined) return mapFeed(span);
  if (span.values[OWN_MODEL] !== undefined) return null;
  return mapOpeninference(span) ?? mapOpenllmetry(span) ?? mapOtel(span);
}
