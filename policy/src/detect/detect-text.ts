import { RE2JS, RE2Set } from 're2js';
import { GuardspanError } from '../error.js';
import { DETECTOR_PACKS } from './packs.js';
import type { EntityDetector, Finding } from './types.js';

/** Characters of one text that are looked at; the rest is reported as a failure, never as clean. */
export const MAX_DETECT_LENGTH = 1_000_000;

interface CompiledPack {
  readonly detectors: readonly { readonly detector: EntityDetector; readonly pattern: RE2JS }[];
  readonly set: RE2Set;
}

const compiled = new Map<string, CompiledPack>();

function compilePack(name: string, entities: readonly string[]): CompiledPack {
  const key = `${name}:${[...entities].sort().join(',')}`;
  let pack = compiled.get(key);
  if (pack !== undefined) return pack;
  const known = Object.hasOwn(DETECTOR_PACKS, name) ? DETECTOR_PACKS[name]! : undefined;
  if (known === undefined) {
    throw new GuardspanError(
      'GUARDSPAN_DETECTOR_UNKNOWN',
      `there is no detector "${name}"`,
      `known: ${Object.keys(DETECTOR_PACKS).join(', ')}`,
    );
  }
  for (const entity of entities) {
    if (!known.some((detector) => detector.entity === entity)) {
      throw new GuardspanError(
        'GUARDSPAN_DETECTOR_UNKNOWN',
        `detector "${name}" has no entity "${entity}"`,
        `known: ${known.map((detector) => detector.entity).join(', ')}`,
      );
    }
  }
  const chosen = entities.length === 0 ? known : known.filter((detector) => entities.includes(detector.entity));
  const set = new RE2Set();
  for (const detector of chosen) set.add(detector.pattern);
  set.compile();
  pack = { detectors: chosen.map((detector) => ({ detector, pattern: RE2JS.compile(detector.pattern) })), set };
  compiled.set(key, pack);
  return pack;
}

/**
 * Builds what a detector needs, ahead of the first call.
 * @throws GuardspanError GUARDSPAN_DETECTOR_UNKNOWN
 */
export function prepareDetector(name: string, entities: readonly string[]): void {
  compilePack(name, entities);
}

/**
 * The detectors that a name and a list of entities (empty: all) stand for.
 * @throws GuardspanError GUARDSPAN_DETECTOR_UNKNOWN
 */
export function detectorsOf(name: string, entities: readonly string[]): readonly EntityDetector[] {
  return compilePack(name, entities).detectors.map(({ detector }) => detector);
}

function extract(
  { detector, pattern }: CompiledPack['detectors'][number],
  text: string,
  minScore: number,
  found: Finding[],
): void {
  const matcher = pattern.matcher(text);
  let from = 0;
  while (from <= text.length && matcher.find(from)) {
    const start = matcher.start();
    const end = matcher.end();
    const valid = detector.validate?.(text.slice(start, end), text.charAt(start - 1), text.charAt(end));
    const score = valid === true ? 1 : detector.score;
    if (valid !== false && end - start <= detector.maxLength && score >= minScore) {
      found.push({ entity: detector.entity, start, end, score });
      from = end;
    } else {
      // A refuted match may hide a real one that begins inside it; the next candidate starts at the next word edge.
      from = nextStart(text, start, end);
    }
    if (from <= start) from = start + 1;
  }
}

function nextStart(text: string, start: number, end: number): number {
  for (let index = start + 1; index < end; index++) {
    if (!/[A-Za-z0-9]/.test(text.charAt(index - 1)) && /[A-Za-z0-9+(]/.test(text.charAt(index))) return index;
  }
  return end;
}

/**
 * Finds entities in a text: one set match says which patterns occur at all, only those are extracted, validators decide. Findings never overlap
 * (higher score, then the longer one wins) and come in order of position. Linear in the length of the text.
 * @throws GuardspanError GUARDSPAN_DETECTOR_UNKNOWN, GUARDSPAN_TEXT_TOO_LONG
 */
export function detectText(
  name: string,
  text: string,
  options: { entities: readonly string[]; minScore: number },
): Finding[] {
  const pack = compilePack(name, options.entities);
  if (text.length > MAX_DETECT_LENGTH) {
    throw new GuardspanError(
      'GUARDSPAN_TEXT_TOO_LONG',
      `a text of ${text.length} characters is longer than ${MAX_DETECT_LENGTH}`,
      'split the text, or let onError decide',
    );
  }
  if (!pack.detectors.some(({ detector }) => detector.prefilter?.(text) ?? true)) return [];
  const found: Finding[] = [];
  for (const index of pack.set.match(text)) {
    const entry = pack.detectors[index]!;
    if (entry.detector.prefilter?.(text) ?? true) extract(entry, text, options.minScore, found);
  }
  if (found.length < 2) return found;
  found.sort(
    (a, b) =>
      b.score - a.score || b.end - b.start - (a.end - a.start) || a.start - b.start || (a.entity < b.entity ? -1 : 1),
  );
  const kept: Finding[] = [];
  for (const finding of found) {
    if (kept.every((other) => finding.end <= other.start || finding.start >= other.end)) kept.push(finding);
  }
  return kept.sort((a, b) => a.start - b.start);
}
