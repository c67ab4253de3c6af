import { describe, expect, it } from 'vitest';
import { IngestError } from '../../src/ingest/ingest-error.js';
import { CALL_KEYS } from '../../src/ingest/map/keys.js';
import type { DecodedSpan } from '../../src/ingest/wire/decoded-span.js';
import { readProtobuf } from '../../src/ingest/wire/read-protobuf.js';
import { seededRandom } from '../../../demo/src/seeded-random.js';
import { mutate, RequestGenerator } from './generate-request.js';
import { readWithProtobufjs } from './read-with-protobufjs.js';

const full = process.env.GUARDSPAN_VERIFY === 'full';
const REQUESTS = full ? 100_000 : 2000;

function readOurs(bytes: Buffer): DecodedSpan[] {
  const spans: DecodedSpan[] = [];
  const count = readProtobuf(bytes, CALL_KEYS, (span) =>
    spans.push({ ...span, values: [...span.values], prefixed: [...span.prefixed] }),
  );
  expect(count).toBe(spans.length);
  return spans;
}

function attempt(read: (bytes: Buffer) => DecodedSpan[], bytes: Buffer): DecodedSpan[] | Error {
  try {
    return read(bytes);
  } catch (error) {
    return error as Error;
  }
}

/**
 * Where protobufjs is laxer, on purpose: it reads 100 levels of messages, skips unknown numbers of any length, and skips groups,
 * which OTLP has never had.
 */
function strictOnPurpose(error: Error): boolean {
  if (!(error instanceof IngestError)) return false;
  const { code, message } = error;
  return (
    code === 'GUARDSPAN_OTLP_NESTING' ||
    code === 'GUARDSPAN_OTLP_VARINT' ||
    (code === 'GUARDSPAN_OTLP_WIRE_TYPE' && message.startsWith('Wire type 3 '))
  );
}

describe('the protobuf reader', () => {
  it(
    `reads ${REQUESTS} generated and damaged requests as protobufjs does`,
    () => {
      const random = seededRandom(20261123);
      const generator = new RequestGenerator(random);
      const seen = { read: 0, spans: 0, refused: 0, stricter: 0 };
      for (let run = 0; run < REQUESTS; run++) {
        const whole = generator.request();
        const bytes = run % 2 === 0 ? whole : mutate(whole, random);
        const ours = attempt(readOurs, bytes);
        const theirs = attempt(readWithProtobufjs, bytes);
        const where = `request ${run}: ${bytes.toString('hex')}`;
        if (ours instanceof Error) {
          expect(ours, where).toBeInstanceOf(IngestError);
          expect((ours as IngestError).offset, where).toBeGreaterThanOrEqual(0);
          expect((ours as IngestError).offset, where).toBeLessThanOrEqual(bytes.length);
          if (theirs instanceof Error) seen.refused++;
          else {
            expect(strictOnPurpose(ours), `${ours.message}; ${where}`).toBe(true);
            seen.stricter++;
          }
        } else {
          expect(ours, where).toEqual(theirs);
          seen.read++;
          seen.spans += ours.length;
        }
      }
      // Each outcome must have been exercised.
      expect(seen.read).toBeGreaterThan(REQUESTS * 0.4);
      expect(seen.spans).toBeGreaterThan(REQUESTS);
      expect(seen.refused).toBeGreaterThan(REQUESTS * 0.1);
      expect(seen.stricter).toBeGreaterThan(0);
      expect(seen.stricter).toBeLessThan(REQUESTS * 0.2);
    },
    full ? 900_000 : 60_000,
  );
});
