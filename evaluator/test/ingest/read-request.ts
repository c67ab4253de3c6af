import { RESOURCE } from '@guardspan/policy';
import type { RecordedCall } from '@guardspan/policy';
import { CALL_KEYS } from '../../src/ingest/map/keys.js';
import { mapFeed } from '../../src/ingest/map/map-feed.js';
import { mapOpeninference } from '../../src/ingest/map/map-openinference.js';
import { mapOpenllmetry } from '../../src/ingest/map/map-openllmetry.js';
import { mapOtel } from '../../src/ingest/map/map-otel.js';
import type { DecodedSpan } from '../../src/ingest/wire/decoded-span.js';
import { readJson } from '../../src/ingest/wire/read-json.js';

/** The one call that the mappers of other conventions make of a span; throws when two of them claim it. */
export function mapForeign(span: DecodedSpan): RecordedCall | null {
  const claims = [mapOtel(span), mapOpenllmetry(span), mapOpeninference(span)].filter((record) => record !== null);
  if (claims.length > 1) throw new Error(`Claimed by ${claims.map(({ source }) => source).join(' and ')}`);
  return claims[0] ?? null;
}

/** The calls of an OTLP/JSON request; null for each span that is no model call. */
export function readRequest(json: string): (RecordedCall | null)[] {
  const records: (RecordedCall | null)[] = [];
  readJson(json, CALL_KEYS, (span) =>
    records.push(span.resource[RESOURCE.FEED] === undefined ? mapForeign(span) : mapFeed(span)),
  );
  return records;
}
