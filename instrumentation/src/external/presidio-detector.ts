import type { ExternalFinding } from '@guardspan/policy/runtime';
import { askService } from './ask-service.js';
import type { ExternalDetector } from './types.js';

/** Where a Presidio analyzer listens, and what it is asked. */
export interface PresidioOptions {
  /** Name that documents give as `detector`. */
  name: string;
  /** Address of the service, for example `http://127.0.0.1:5002`; `/analyze` is added. */
  url: string;
  /** Default `en`. */
  language?: string;
  headers?: { readonly [name: string]: string };
  maxConcurrent?: number;
}

interface Found {
  entity_type: string;
  start: number;
  end: number;
  score: number;
}

/** Code-unit offset of each code point of a text, and of its end: Presidio counts code points, as Python does. */
function codeUnits(text: string): number[] {
  const offsets: number[] = [];
  let at = 0;
  for (const character of text) {
    offsets.push(at);
    at += character.length;
  }
  offsets.push(at);
  return offsets;
}

/**
 * A detector behind the HTTP API of Microsoft Presidio's analyzer (`POST /analyze`): names, places and whatever its recognisers know. Entities keep Presidio's
 * names (`PERSON`, `LOCATION`). Each text is one request, all at the same time.
 */
export function presidioDetector({
  name,
  url,
  language = 'en',
  headers,
  maxConcurrent,
}: PresidioOptions): ExternalDetector {
  const endpoint = `${url.replace(/\/$/, '')}/analyze`;
  return {
    name,
    ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
    detect: async ({ parts, entities, minScore }, signal) => {
      const findings = await Promise.all(
        parts.map(async ({ path, text }): Promise<ExternalFinding[]> => {
          const asked = { text, language, score_threshold: minScore, ...(entities.length > 0 ? { entities } : {}) };
          const found = (await askService(endpoint, asked, headers ?? {}, signal)) as Found[];
          const offsets = codeUnits(text);
          return found.map(({ entity_type: entity, start, end, score }) => ({
            path,
            entity,
            start: offsets[start] ?? NaN,
            end: offsets[end] ?? NaN,
            score,
          }));
        }),
      );
      return findings.flat();
    },
  };
}
