import { longestMatch } from '../../detect/pack/longest-match.js';
import { API_VERSION } from '../../names.js';
import { normaliseMetadata, sortedMap } from '../normalise-parts.js';
import type { PackDocument } from './pack-schema.js';
import type { DetectorPack, PackEntity } from './pack-types.js';

type AuthoredEntity = PackDocument['spec']['entities'][string];

/** The normal form of a pack. Pure; a pattern that cannot be read has the length that its author wrote, or 0. */
export function normalisePack({ metadata, spec }: PackDocument): DetectorPack {
  const entities = Object.entries(sortedMap(spec.entities)).map(([name, entity]) => [name, normaliseEntity(entity)]);
  return {
    apiVersion: API_VERSION,
    kind: 'DetectorPack',
    metadata: normaliseMetadata(metadata),
    spec: {
      description: spec.description ?? '',
      entities: Object.fromEntries(entities) as DetectorPack['spec']['entities'],
    },
  };
}

function normaliseEntity(entity: AuthoredEntity): PackEntity {
  const { words, canaries, pattern, context, validator, maxLength } = entity;
  const listed = [...(words ?? []), ...(canaries ?? [])];
  const longest = pattern === undefined ? Math.max(0, ...listed.map(({ length }) => length)) : longestMatch(pattern);
  return {
    ...(words === undefined ? {} : { words: [...new Set(words)].sort() }),
    ...(canaries === undefined ? {} : { canaries: [...new Set(canaries)].sort() }),
    ...(pattern === undefined ? {} : { pattern }),
    caseSensitive: canaries !== undefined || (entity.caseSensitive ?? pattern !== undefined),
    score: entity.score ?? (canaries === undefined ? 0.6 : 1),
    maxLength: maxLength ?? (Number.isFinite(longest) ? longest : 0),
    ...(context === undefined
      ? {}
      : {
          context: {
            words: [...new Set(context.words.map((word) => word.toLowerCase()))].sort(),
            score: context.score ?? 0.95,
          },
        }),
    ...(validator === undefined ? {} : { validator }),
  };
}
