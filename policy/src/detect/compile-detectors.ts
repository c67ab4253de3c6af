import { askMeant } from '../canonical/nearest.js';
import { PACK_PREFIX } from '../document/pack/pack-types.js';
import { GuardspanError } from '../error.js';
import { ContextWords } from './context-words.js';
import { layoutTrie, NUMBER_SEPARATORS } from './layout-trie.js';
import type { LayoutNode } from './layout-trie.js';
import { separatorBit, WIDE } from './number-separators.js';
import { DETECTOR_PACKS } from './packs.js';
import { SetGate } from './set-gate.js';
import type { MakePatternSet } from './set-gate.js';
import { buildAutomaton } from './stream/build-automaton.js';
import { parsePattern } from './stream/parse-pattern.js';
import type { EntityDetector } from './types.js';

/** One detector, ready to look at texts. */
export interface Compiled {
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
/** The detectors that a name and a list of entities stand for, by how they find what they find. */
export interface CompiledPack {
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
/** What a list of entities was compiled to last: the uses of loaded guard-rails bring the same lists with every call. */
let byList = new WeakMap<readonly string[], { name: string; pack: CompiledPack }>();
let makeSet: MakePatternSet | null = null;

/**
 * Gives large packs of detectors a native engine that tells texts without findings in less time, or takes it away (null). Findings stay the same.
 * @param make e.g. `(patterns) => new RE2.Set([...patterns], 'u')` of the npm package `re2`.
 */
export function usePatternSets(make: MakePatternSet | null): void {
  makeSet = make;
  compiled.clear();
  byList = new WeakMap();
}

/**
 * The detectors that a name and a list of entities (empty: all) stand for.
 * @throws GuardspanError GUARDSPAN_DETECTOR_UNKNOWN, GUARDSPAN_PACK_UNKNOWN
 */
export function chosenFrom(name: string, entities: readonly string[]): readonly EntityDetector[] {
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

/**
 * {@link chosenFrom}, compiled once.
 * @throws GuardspanError GUARDSPAN_DETECTOR_UNKNOWN, GUARDSPAN_PACK_UNKNOWN
 */
export function compilePack(name: string, entities: readonly string[]): CompiledPack {
  const last = byList.get(entities);
  if (last?.name === name) return last.pack;
  const pack = packOf(name, entities);
  byList.set(entities, { name, pack });
  return pack;
}

function packOf(name: string, entities: readonly string[]): CompiledPack {
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
export interface Literals {
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
