import type { Finding } from '@guardspan/policy';
import { DETECTOR_PACKS, detectText, GuardspanError, withoutOverlaps } from '@guardspan/policy';

/**
 * Makes a function that looks for entities with every detector pack at once. Findings never overlap: higher score first, then the
 * longer one, as within one pack.
 *
 * @param entities Entities to look for; empty means all.
 * @param minScore Findings below are left out, 0..1.
 * @throws GuardspanError GUARDSPAN_DETECTOR_UNKNOWN when no pack has such an entity.
 */
export function entityFinder(entities: readonly string[], minScore: number): (text: string) => Finding[] {
  const packs = Object.entries(DETECTOR_PACKS)
    .map(([name, detectors]) => {
      const known = new Set(detectors.map(({ entity }) => entity));
      return { name, known, chosen: entities.filter((entity) => known.has(entity)) };
    })
    .filter(({ chosen }) => entities.length === 0 || chosen.length > 0);
  const known = new Set(Object.values(DETECTOR_PACKS).flatMap((pack) => pack.map(({ entity }) => entity)));
  const unknown = entities.find((entity) => !known.has(entity));
  if (unknown !== undefined)
    throw new GuardspanError(
      'GUARDSPAN_DETECTOR_UNKNOWN',
      `there is no entity "${unknown}"`,
      `known: ${[...known].sort().join(', ')}`,
    );
  return (text) => {
    return withoutOverlaps(packs.flatMap(({ name, chosen }) => detectText(name, text, { entities: chosen, minScore })));
  };
}
