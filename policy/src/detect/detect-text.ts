import { PACK_PREFIX } from '../document/pack/pack-types.js';
import type { BoundPack } from '../document/pack/pack-types.js';
import { codeAt } from './boundary.js';
import { askMeant } from '../canonical/nearest.js';
import { GuardspanError } from '../error.js';
import { Candidate } from './candidate.js';
import { ContextWords } from './context-words.js';
import { layoutTrie, LONGEST_GROUP, NUMBER_SEPARATORS } from './layout-trie.js';
import type { LayoutNode } from './layout-trie.js';
import { PackDetector } from './pack/pack-detector.js';
import { DETECTOR_PACKS } from './packs.js';
import { buildAutomaton } from './stream/build-automaton.js';
import type { LivePattern } from './stream/liveness.js';
import { parsePattern } from './stream/parse-pattern.js';
import { SetGate } from './set-gate.js';
import type { MakePatternSet } from './set-gate.js';
import { newScratch, Subject } from './subject.js';
import { readWithVectors } from './vector/unit-reader.js';
import type { Scratch } from './subject.js';
import type { EntityDetector, Finding } from './types.js';
import { withoutOverlaps } from './without-overlaps.js';

/** Characters of one text that are looked at; the rest is reported as a failure, never as clean. */
export const MAX_DETECT_LENGTH = 1_000_000;

interface Compiled {
  readonly detector: EntityDetector;
  /** The pattern for V8, run only where the trigger says, over bounded stretches. */
  readonly sticky: RegExp;
  /** 1 for the ASCII characters with which a match may begin. */
  readonly opens: Uint8Array;
  readonly words: ContextWords | null;
  /** Separators as a set of bits ({@link separatorBit}), and the first two digits that a number may have (null: any); for numbers in layouts. */
  readonly separators: number;
  readonly begins: Uint8Array | null;
}
interface CompiledPack {
  readonly all: readonly Compiled[];
  readonly numbers: readonly Compiled[];
  readonly trie: LayoutNode;
  readonly tokens: readonly Compiled[];
  readonly literals: Literals;
  readonly located: readonly Compiled[];
  /** Of the engine of {@link usePatternSets}. */
  readonly gate: SetGate | null;
}

const compiled = new Map<string, CompiledPack>();
let makeSet: MakePatternSet | null = null;

/**
 * Gives large packs of detectors a native engine that tells texts without findings in less time, or takes it away (null). Findings stay the same.
 * @param make e.g. `(patterns) => new RE2.Set([...patterns], 'u')` of the npm package `re2`.
 */
export function usePatternSets(make: MakePatternSet | null): void {
  makeSet = make;
  compiled.clear();
}

/** Whether texts are read with vector instructions where the machine has them (they are), for tests and benchmarks of the other way. Findings are the same. */
export function useVectors(on: boolean): void {
  readWithVectors(on);
  scratch = null;
}

function chosenFrom(name: string, entities: readonly string[]): readonly EntityDetector[] {
  const known = Object.hasOwn(DETECTOR_PACKS, name) ? DETECTOR_PACKS[name]! : undefined;
  if (known === undefined && name.startsWith(PACK_PREFIX)) {
    throw new GuardspanError(
      'GUARDSPAN_PACK_UNKNOWN',
      `there is no pack "${name.slice(PACK_PREFIX.length)}"`,
      'load it with the guard-rail: give both files, or publish the pack first',
    );
  }
  if (known === undefined) {
    throw new GuardspanError(
      'GUARDSPAN_DETECTOR_UNKNOWN',
      `there is no detector "${name}"`,
      `${askMeant(name, Object.keys(DETECTOR_PACKS))}known: ${Object.keys(DETECTOR_PACKS).join(', ')}; a detector outside of the process needs a deadline`,
    );
  }
  const all = known.map((detector) => detector.entity);
  for (const entity of entities) {
    if (!all.includes(entity)) {
      throw new GuardspanError(
        'GUARDSPAN_DETECTOR_UNKNOWN',
        `detector "${name}" has no entity "${entity}"`,
        `${askMeant(entity, all)}known: ${all.join(', ')}`,
      );
    }
  }
  return entities.length === 0 ? known : known.filter((detector) => entities.includes(detector.entity));
}

function compilePack(name: string, entities: readonly string[]): CompiledPack {
  const key = `${name}:${entities.join(',')}`;
  let pack = compiled.get(key);
  if (pack !== undefined) return pack;
  const all = chosenFrom(name, entities).map((detector) => ({
    detector,
    sticky: new RegExp(detector.pattern, 'y'),
    opens: firstOf(detector),
    words: detector.context === undefined ? null : new ContextWords(detector.context),
    separators: [...(detector.separators ?? NUMBER_SEPARATORS)].reduce(
      (set, separator) => set | separatorBit(separator.charCodeAt(0)),
      detector.wide === true ? WIDE : 0,
    ),
    begins:
      detector.begins === undefined
        ? null
        : Uint8Array.from({ length: 100 }, (_, two) => Number(detector.begins!.has(String(two).padStart(2, '0')))),
  }));
  const by = (test: (detector: EntityDetector) => boolean): Compiled[] => all.filter(({ detector }) => test(detector));
  const numbers = by(({ layouts }) => layouts !== undefined);
  pack = {
    all,
    numbers,
    trie: layoutTrie(numbers.map(({ detector }) => detector)),
    tokens: by(({ trigger, locate }) => trigger === 'token' && locate === undefined),
    literals: literalsOf(by(({ literals }) => literals !== undefined)),
    located: all.filter(({ detector }) => detector.locate !== undefined),
    gate: SetGate.of(
      makeSet,
      all.map(({ detector }) => detector),
    ),
  };
  compiled.set(key, pack);
  return pack;
}

/** The ASCII characters with which a match of a word may begin: most words are told by that not to be one. */
function firstOf({ trigger, pattern }: EntityDetector): Uint8Array {
  const codes = new Uint8Array(128);
  if (trigger !== 'token') return codes;
  const { first, ranges } = buildAutomaton(parsePattern(pattern));
  for (const node of first)
    for (const [from, to] of ranges[node]!) for (let code = from; code <= Math.min(to, 127); code++) codes[code] = 1;
  return codes;
}

/** Literals by how they are looked for. */
interface Literals {
  /** Those that end in `-` or `_`, by the character before it. */
  readonly joined: ReadonlyMap<number, readonly { literal: string; entry: Compiled }[]>;
  readonly others: readonly { literal: string; entry: Compiled }[];
}

function literalsOf(entries: readonly Compiled[]): Literals {
  const joined = new Map<number, { literal: string; entry: Compiled }[]>();
  const others: { literal: string; entry: Compiled }[] = [];
  for (const entry of entries) {
    for (const literal of entry.detector.literals!) {
      if (!/[^-_][-_]$/.test(literal)) {
        others.push({ literal, entry });
        continue;
      }
      const code = literal.charCodeAt(literal.length - 2);
      joined.set(code, [...(joined.get(code) ?? []), { literal, entry }]);
    }
  }
  return { joined, others };
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

/** One run over one text. */
class Run {
  readonly found: Finding[] = [];
  readonly #match: Candidate;

  constructor(
    private readonly subject: Subject,
    private readonly minScore: number,
  ) {
    this.#match = new Candidate(subject);
  }

  add(entity: string, start: number, end: number, score: number): void {
    if (score >= this.minScore && score > 0) this.found.push({ entity, start, end, score });
  }

  /** Judges a stretch of text. True when it is a finding. */
  judge(entry: Compiled, start: number, end: number): boolean {
    if (end - start > entry.detector.maxLength) return false;
    return this.#settle(entry, this.#match.at(entry.words, start, end)) > 0;
  }

  /** @returns the score when it is a finding, 0 otherwise. */
  #settle({ detector }: Compiled, match: Candidate): number {
    const verdict = detector.validate?.(match);
    if (verdict === false) return 0;
    const score = verdict === true ? 1 : typeof verdict === 'number' ? verdict : detector.score;
    this.add(detector.entity, match.start, match.end, score);
    return score >= this.minScore ? score : 0;
  }

  /** Numbers by the lengths of their groups. */
  // One loop in each function, here and in detectors: the engine compiles an inner loop that runs long for itself and throws that code away each time the loop ends.
  numbers(pack: CompiledPack): void {
    const { clusters } = this.subject;
    for (let cluster = 0; cluster + 1 < clusters.length; cluster++)
      this.#cluster(pack, clusters[cluster]!, clusters[cluster + 1]!);
  }

  #cluster(pack: CompiledPack, from: number, to: number): void {
    const { subject } = this;
    const { groupStart, groupEnd } = subject;
    for (let first = from; first < to; first++) {
      const start = groupStart[first]!;
      const length = groupEnd[first]! - start;
      const node = length > LONGEST_GROUP ? null : pack.trie.next[length]!;
      if (node === null) continue;
      const opens = subject.opens(start);
      if (opens || subject.isTied(start)) this.#layouts(pack.numbers, node, first, to, opens);
    }
  }

  /** Layouts that begin at a group of a cluster, whose length leads to `node`. */
  #layouts(numbers: readonly Compiled[], begun: LayoutNode, first: number, to: number, opens: boolean): void {
    const { subject } = this;
    const { groupStart, groupEnd } = subject;
    let node = begun;
    for (let group = first; ;) {
      if (node.ends.length > 0 && subject.closes(groupEnd[group]!)) this.#ends(numbers, node.ends, first, group, opens);
      group += 1;
      if (group >= to || groupStart[group]! - groupEnd[group - 1]! > MAX_GAP) break;
      const length = groupEnd[group]! - groupStart[group]!;
      const next = length > LONGEST_GROUP ? null : node.next[length]!;
      if (next === null) break;
      node = next;
    }
  }

  /** `opens`: nothing stands before the number that ties it to a word; otherwise only a word of the detector's own may. */
  #ends(numbers: readonly Compiled[], ends: readonly number[], first: number, last: number, opens: boolean): void {
    const { units, groupStart } = this.subject;
    const start = groupStart[first]!;
    const two = (units[start]! - 48) * 10 + units[start + 1]! - 48;
    let separator = UNKNOWN;
    for (const index of ends) {
      const entry = numbers[index]!;
      if (entry.begins !== null && entry.begins[two] !== 1) continue;
      if (separator === UNKNOWN) separator = separatorOf(this.subject, first, last);
      if (separator === MIXED) return;
      if (separator !== NONE && (entry.separators & separator) === 0) continue;
      if (!opens && (entry.words === null || entry.words.before(this.subject.near(start), 1) === Infinity)) continue;
      const score = this.#settle(entry, this.#match.atGroups(entry.words, first, last));
      if (score > SURE || (score === SURE && first < last)) this.subject.sure.push(first, last);
    }
  }

  /** Words of letters and digits, each from its beginning. */
  tokens(entries: readonly Compiled[]): void {
    const { text, units, tokens } = this.subject;
    for (let index = 0; index < tokens.length; index += 2) {
      const start = tokens[index]!;
      const first = units[start]!;
      for (const entry of entries) if (entry.opens[first] === 1) this.#at(entry, text, start, tokens[index + 1]!);
    }
  }

  /** Every place at which a literal of a pattern stands and no word or dash before it. */
  literals({ joined, others }: Literals): void {
    const { text, units, joins, joinCount } = this.subject;
    for (const { literal, entry } of others) {
      for (let at = text.indexOf(literal); at !== -1;)
        at = text.indexOf(literal, this.#at(entry, text, at, at + literal.length));
    }
    if (joined.size === 0) return;
    for (let index = 0; index < joinCount; index++) {
      const join = joins[index]!;
      const candidates = joined.get(codeAt(units, join - 1));
      if (candidates === undefined) continue;
      for (const { literal, entry } of candidates) {
        const start = join - literal.length + 1;
        if (start >= 0 && text.startsWith(literal, start)) this.#at(entry, text, start, 0);
      }
    }
  }

  /** Matches at one place. @returns where to go on when the match failed or not. */
  #at(entry: Compiled, text: string, start: number, otherwise: number): number {
    if (!this.subject.opens(start)) return otherwise;
    entry.sticky.lastIndex = start;
    if (!entry.sticky.test(text)) return otherwise;
    const end = entry.sticky.lastIndex;
    return this.subject.closes(end) && this.judge(entry, start, end) ? end : otherwise;
  }
}

/** The score of a telephone number in one group of digits behind a word for it; no other one without a `+` has more. */
const SURE = 0.85;
/** Nobody has looked; not one and the same separator; no separator. */
const UNKNOWN = -2;
const MIXED = -1;
const NONE = 0;

/** {@link separatorBit} of the separator that stands between all groups from one to another. */
function separatorOf({ units, groupStart, groupEnd }: Subject, first: number, last: number): number {
  if (first === last) return NONE;
  const at = groupEnd[first]!;
  const separator = codeAt(units, at);
  const width = groupStart[first + 1]! - at;
  const second = width === 1 ? 0 : codeAt(units, at + 1);
  for (let group = first + 1; group < last; group++) {
    const end = groupEnd[group]!;
    if (groupStart[group + 1]! - end !== width || codeAt(units, end) !== separator) return MIXED;
    if (width > 1 && codeAt(units, end + 1) !== second) return MIXED;
    if (width === MAX_GAP && codeAt(units, end + 2) !== SPACE) return MIXED;
  }
  if (width === 1) return separatorBit(separator);
  const spaces = width === 2 && second === SPACE;
  const dash = width === 3 && second === DASH && codeAt(units, at + 2) === SPACE;
  return separator === SPACE && (spaces || dash) ? WIDE : FOREIGN;
}

/** Characters that separate groups of numbers in layouts. */
const SEPARATORS = ' -./\u00a0\u202f\u2010\u2011\u2012\u2013';
/** What no detector takes for a separator. */
const FOREIGN = 1 << SEPARATORS.length;
/** Separators of {@link EntityDetector.wide}, which are at most so long. */
const WIDE = FOREIGN << 1;
const MAX_GAP = 3;
const SPACE = 32;
const DASH = 45;

/** One bit for each separator, so that many detectors are asked with one operation each. */
function separatorBit(code: number): number {
  if (code === SPACE) return 1;
  if (code === DASH) return 2;
  const index = SEPARATORS.indexOf(String.fromCharCode(code));
  return index === -1 ? FOREIGN : 1 << index;
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
  const run = new Run(subject, options.minScore);
  if (pack.numbers.length > 0) run.numbers(pack);
  if (subject.tokens.length > 0) run.tokens(pack.tokens);
  run.literals(pack.literals);
  for (const { detector } of pack.located) {
    detector.locate!(subject, (start, end, score) => run.add(detector.entity, start, end, score));
  }
  keep(used);
  return withoutOverlaps(run.found);
}
