import type { RecordedCall } from '@guardspan/policy';
import { CALL_KEYS } from '../../src/ingest/map/keys.js';
import { mapOpeninference } from '../../src/ingest/map/map-openinference.js';
import { mapOpenllmetry } from '../../src/ingest/map/map-openllmetry.js';
import { mapOtel } from '../../src/ingest/map/map-otel.js';
import { mapSpan } from '../../src/ingest/map/map-span.js';
import type { DecodedSpan } from '../../src/ingest/wire/decoded-span.js';
import { readJson } from '../../src/ingest/wire/read-json.js';

/** The one call that the mappers of other conventions make of a span; throws when two of them claim it. */
export function mapForeign(span: DecodedSpan): RecordedCall | null {
  const claims = [mapOtel(span), mapOpenllmetry(span), mapOpeninference(span)].filter((record) => record !== null);
  if (claims.length > 1) throw new Error(`Claimed by ${claims.map(({ source }) => source).join(' and ')}`);
  return claims[0] ?? null;
}

/** The calls of an OTLP/JSON request; null for each span that is no model call. Throws when two conventions claim a span. */
export function readRequest(json: string): (RecordedCall | null)[] {
  const records: (RecordedCall | null)[] = [];
  readJson(json, CALL_KEYS, (span) => {
    mapForeign(span);
    records.push(mapSpan(span));
  });
  return records;
}
