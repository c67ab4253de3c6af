import type { BoundPack, PackEntity, PackValidator } from '../../document/pack/pack-types.js';
import { GuardspanError } from '../../error.js';
import { luhn } from '../checksum/luhn.js';
import { mod11ten } from '../checksum/mod11-10.js';
import { verhoeff } from '../checksum/verhoeff.js';
import { isWordCode } from '../boundary.js';
import { ContextWords } from '../context-words.js';
import { NearWords } from '../near-words.js';
import { ACCEPTS, ALIVE, Liveness } from '../stream/liveness.js';
import type { LivePattern } from '../stream/liveness.js';
import type { Finding } from '../types.js';
import { Units } from '../units.js';
import { withoutOverlaps } from '../without-overlaps.js';
import { LinearMatcher } from './linear-matcher.js';

interface CompiledEntity {
  readonly entity: string;
  readonly matcher: LinearMatcher;
  readonly live: LivePattern;
  readonly score: number;
  readonly context: { readonly words: ContextWords; readonly score: number } | null;
  readonly validate: ((compact: string) => boolean) | null;
}

/** The checks, on digits and letters without separators. */
const VALIDATORS: Readonly<Record<PackValidator, (compact: string) => boolean>> = {
  luhn: (compact) => /^\d+$/.test(compact) && luhn(compact),
  mod11_10: (compact) => /^\d+$/.test(compact) && mod11ten(compact),
  verhoeff: (compact) => /^\d+$/.test(compact) && verhoeff(compact),
  mod97: (compact) => /^[0-9A-Z]{5,}$/i.test(compact) && mod97(compact),
};

/** A pack, or some of its entities, ready to look at texts. Linear in the length of the text. */
export class PackDetector {
  readonly #entities: readonly CompiledEntity[];
  /** Of all entities together: what cannot begin a match costs one look-up for each character. */
  readonly #liveness: Liveness;
  /** No match begins inside of a word. */
  readonly #wordsOnly: boolean;

  private constructor(entities: readonly CompiledEntity[]) {
    this.#entities = entities;
    this.#liveness = new Liveness(entities.map(({ live }) => live));
    this.#wordsOnly = entities.every(({ matcher }) => matcher.border === 'words');
  }

  /** Patterns and longest matches, for what has to wait in a streamed answer. */
  get patterns(): readonly LivePattern[] {
    return this.#entities.map(({ live }) => live);
  }

  /**
   * The detector of a pack, made once for each list of entities (empty: all).
   *
   * @throws GuardspanError GUARDSPAN_DETECTOR_UNKNOWN, GUARDSPAN_PATTERN
   */
  static of(name: string, pack: BoundPack, entities: readonly string[]): PackDetector {
    let known = made.get(pack);
    if (known === undefined) made.set(pack, (known = new Map()));
    const key = entities.join(',');
    let detector = known.get(key);
    if (detector === undefined) {
      const all = Object.keys(pack.entities);
      for (const entity of entities) {
        if (all.includes(entity)) continue;
        throw new GuardspanError(
          'GUARDSPAN_DETECTOR_UNKNOWN',
          `detector "${name}" has no entity "${entity}"`,
          `known: ${all.join(', ')}`,
        );
      }
      const chosen = entities.length === 0 ? all : all.filter((entity) => entities.includes(entity));
      detector = new PackDetector(chosen.map((entity) => compileEntity(entity, pack.entities[entity]!)));
      known.set(key, detector);
    }
    return detector;
  }

  /** Findings in order of position, without overlaps. */
  detect(text: string, minScore: number): Finding[] {
    const found: Finding[] = [];
    const units = SPACE.exact(text);
    const near = nearWords(text, units);
    const liveness = this.#liveness;
    const { start, inert } = liveness;
    const wordsOnly = this.#wordsOnly;
    let state = start;
    let from = 0;
    let ended = false;
    for (let at = 0; at < text.length; at++) {
      const code = units[at]!;
      if (state === start) {
        // Most characters begin nothing: those that no match begins with, and those inside of words where matches begin with words only.
        if (inert[code] === 1 || (wordsOnly && at > 0 && isWordCode(code) && isWordCode(units[at - 1]!))) continue;
        from = at;
      }
      state = liveness.go(state, code);
      if ((state & ACCEPTS) !== 0) ended = true;
      else if ((state & ALIVE) === 0) {
        if (ended) this.#judge(text, from, at, minScore, near, found);
        ended = false;
        from = at + 1;
      }
    }
    if (ended) this.#judge(text, from, text.length, minScore, near, found);
    return withoutOverlaps(found);
  }

  #judge(
    text: string,
    from: number,
    until: number,
    minScore: number,
    near: (start: number) => NearWords,
    found: Finding[],
  ): void {
    for (const { entity, matcher, score: base, context, validate } of this.#entities) {
      matcher.matches(text, from, until, (start, end) => {
        let score = base;
        if (validate !== null) {
          if (!validate(text.slice(start, end).replace(/[^\p{L}\p{N}]/gu, ''))) return;
          score = 1;
        } else if (context !== null && context.words.before(near(start)) !== Infinity) score = context.score;
        if (score >= minScore && score > 0) found.push({ entity, start, end, score });
      });
    }
  }
}

/** The words before places of a text, which are read only when a match asks for them. */
function nearWords(text: string, units: Uint16Array): (start: number) => NearWords {
  let words: NearWords | undefined;
  return (start) => (words ??= new NearWords(text, units)).before(start);
}

/** One text at a time is looked at. */
const SPACE = new Units();

/** By pack: a new revision is a new object, and the old one goes with its guard-rails. */
const made = new WeakMap<BoundPack, Map<string, PackDetector>>();

function compileEntity(entity: string, written: PackEntity): CompiledEntity {
  const { words, canaries, caseSensitive, maxLength, score, context, validator } = written;
  const source = written.pattern ?? [...(words ?? canaries ?? [])].map(quoted).join('|');
  const pattern = caseSensitive ? source : `(?i:${source})`;
  return {
    entity,
    matcher: new LinearMatcher(pattern, maxLength, canaries === undefined ? 'words' : 'anywhere'),
    live: { pattern, maxLength },
    score,
    context: context === undefined ? null : { words: new ContextWords(context.words), score: context.score },
    validate: validator === undefined ? null : VALIDATORS[validator],
  };
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** ISO 7064 mod 97,10 with the country and check digits first, as ISO 13616 has them. */
function mod97(compact: string): boolean {
  let remainder = 0;
  for (const character of (compact.slice(4) + compact.slice(0, 4)).toUpperCase()) {
    const value = parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
