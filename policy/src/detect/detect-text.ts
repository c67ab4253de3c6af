import type { BoundPack } from '../document/pack/pack-types.js';
import { GuardspanError } from '../error.js';
import { chosenFrom, compilePack } from './compile-detectors.js';
import { DetectRun } from './detect-run.js';
import { PackDetector } from './pack/pack-detector.js';
import type { SetGate } from './set-gate.js';
import type { LivePattern } from './stream/liveness.js';
import { newScratch, Subject } from './subject.js';
import type { Scratch } from './subject.js';
import type { Finding } from './types.js';
import { readWithVectors } from './vector/unit-reader.js';
import { withoutOverlaps } from './without-overlaps.js';

/** Characters of one text that are looked at; the rest is reported as a failure, never as clean. */
export const MAX_DETECT_LENGTH = 1_000_000;

/** Whether texts are read with vector instructions where the machine has them (they are), for tests and benchmarks of the other way. Findings are the same. */
export function useVectors(on: boolean): void {
  readWithVectors(on);
  scratch = null;
}

/**
 * Builds what a detector needs, ahead of the first call.
 * @throws GuardspanError GUARDSPAN_DETECTOR_UNKNOWN
 */
export function prepareDetector(name: string, entities: readonly string[], pack?: BoundPack): void {
  scratch ??= newScratch();
  if (pack !== undefined) PackDetector.of(name, pack, entities);
  else compilePack(name, entities);
}

/**
 * Patterns and longest matches of what a name and a list of entities (empty: all) stand for: what may have to wait in a streamed answer.
 * @throws GuardspanError GUARDSPAN_DETECTOR_UNKNOWN, GUARDSPAN_PACK_UNKNOWN
 */
export function livePatternsOf(name: string, entities: readonly string[], pack?: BoundPack): readonly LivePattern[] {
  if (pack !== undefined) return PackDetector.of(name, pack, entities).patterns;
  return chosenFrom(name, entities).map(({ pattern, maxLength }) => ({ pattern, maxLength, plain: true }));
}

function isClean(gate: SetGate, text: string, used: Scratch): boolean {
  const { units } = used;
  const ascii = units.ascii(text);
  if (ascii === null && units.reader === null) units.of(text);
  const clean = gate.isClean(ascii === null ? units.plain(text) : text, ascii);
  if (clean) keep(used);
  return clean;
}

/** Places to look at, per character, above which a set of expressions takes less time than they do. */
const DENSE = 1 / 200;

/** Groups of digits, colons and other signs for which space is kept from text to text, and a quarter of the characters. */
const MAX_SCRATCH = 65_536;
let scratch: Scratch | null = null;

/** Leaves arrays for the next text, unless a large one made them large. */
function keep(used: Scratch): void {
  const { groupStart, ats, colons, joins, units } = used;
  if (Math.max(groupStart.length, ats.length, colons.length, joins.length, units.capacity / 4) <= MAX_SCRATCH)
    scratch = used;
}

/**
 * Finds entities in a text: one pass says what can occur at all, only that is looked at, validators decide. Findings never overlap
 * (higher score, then the longer one wins) and come in order of position. Linear in the length of the text.
 * @throws GuardspanError GUARDSPAN_DETECTOR_UNKNOWN, GUARDSPAN_PACK_UNKNOWN, GUARDSPAN_TEXT_TOO_LONG
 */
export function detectText(
  name: string,
  text: string,
  options: { entities: readonly string[]; minScore: number; pack?: BoundPack },
): Finding[] {
  const own = options.pack === undefined ? null : PackDetector.of(name, options.pack, options.entities);
  if (text.length > MAX_DETECT_LENGTH) {
    throw new GuardspanError(
      'GUARDSPAN_TEXT_TOO_LONG',
      `a text of ${text.length} characters is longer than ${MAX_DETECT_LENGTH}`,
      'split the text, or let onError decide',
    );
  }
  if (own !== null) return own.detect(text, options.minScore);
  const pack = compilePack(name, options.entities);
  const used = scratch ?? newScratch();
  // Whoever comes while these arrays are in use, or after an exception, gets new ones.
  scratch = null;
  // Reading with vectors takes less time than the gate, which is worth asking only where there is much to look at.
  const { gate } = pack;
  const gateFirst = used.units.reader === null;
  if (gate !== null && gateFirst && isClean(gate, text, used)) return [];
  const subject = new Subject(text, used);
  if (gate !== null && !gateFirst && subject.density > DENSE && isClean(gate, text, used)) return [];
  const run = new DetectRun(subject, options.minScore);
  if (pack.numbers.length > 0) run.numbers(pack);
  if (subject.tokens.length > 0) run.tokens(pack.tokens);
  run.literals(pack.literals);
  run.located(pack.located);
  keep(used);
  return withoutOverlaps(run.found);
}
