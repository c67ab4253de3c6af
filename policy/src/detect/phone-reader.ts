import { codeAt, isDigitCode, isLetterCode, isWordCode } from './boundary.js';
import { ContextWords } from './context-words.js';
import type { PhoneShape } from './phone-rules.js';
import { OTHER_NUMBER_WORDS, PHONE_WORDS } from './phone-words.js';
import type { Subject } from './subject.js';

const WORDS = new ContextWords(PHONE_WORDS);
const OTHER = new ContextWords(OTHER_NUMBER_WORDS);
/** Characters between a word and the number that it speaks for. */
const REACH = 32;
/** Groups of one number. */
export const MAX_GROUPS = 7;
const MAX_DIGITS = 17;
/** Without a prefix for abroad. */
const MAX_NATIONAL = 12;
/** Digits that are a whole national number already. */
export const WHOLE = 9;

const SPACE = 32;
const OPEN = 40;
const CLOSE = 41;
const PLUS = 43;
const DASH = 45;
const DOT = 46;
const SLASH = 47;

/**
 * Reads the digit groups of a text as telephone numbers: {@link begin} at a group, {@link extend} to as many as can belong to one number, {@link take} some of
 * them, and the reader is the {@link PhoneShape} of what was taken. Nothing is allocated on the way.
 */
export class PhoneReader implements PhoneShape {
  readonly digits = new Uint8Array(MAX_DIGITS + 1);
  readonly sizes = new Uint8Array(MAX_GROUPS);
  length = 0;
  groups = 0;
  layout = 0;
  oneDigit = false;
  plus = false;
  parentheses = false;
  spaces = false;
  crowded = false;
  decimal = false;
  /** Where the number begins, with `+` and parenthesis. */
  start = 0;
  /** A parenthesis stands before the first group, and one behind it. */
  open = false;
  /** Another number stands before it, with a space between. */
  tiedBefore = false;
  /** First group, and the one behind the last that {@link extend} found. */
  first = 0;
  limit = 0;
  /** First group behind `first` that something else than a space stands before; found once for all that begin before it. */
  #mixed = 0;
  // What holds when so many groups are taken, by their number less one: the layout, and the rest packed: digits, digits that are dialled, groups, flags.
  readonly #layouts = new Int32Array(MAX_GROUPS);
  readonly #states = new Int32Array(MAX_GROUPS);
  /** Place of the first digit that is another one than the first; beyond all when there is none. */
  #differs = 0;
  #says: PhoneShape['says'] | null = null;

  constructor(readonly subject: Subject) {}

  /** Digits of the first groups up to one, with those that are not dialled. */
  rawDigits(last: number): number {
    return this.#states[last - this.first]! & 31;
  }

  /** True when a number may begin at a group. `leads`: it is the first one of its cluster. */
  begin(group: number, leads: boolean): boolean {
    const { units, groupStart, groupEnd } = this.subject;
    const digit = groupStart[group]!;
    let start = digit;
    let plus = false;
    let open = false;
    let before = codeAt(units, start - 1);
    if (before === OPEN || before === PLUS) {
      const other = before === OPEN ? PLUS : OPEN;
      start--;
      plus = before === PLUS;
      open = !plus;
      before = codeAt(units, start - 1);
      if (before === other) {
        start--;
        plus = open = true;
      }
      // `(555) 123`, and not `(555 123)`.
      if (open && codeAt(units, groupEnd[group]!) !== CLOSE) {
        open = false;
        start++;
      }
      before = codeAt(units, start - 1);
    }
    if (!leads && start === groupEnd[group - 1]!) return false;
    if (leads ? start > 0 && (ties(before) || isWordCode(before)) && !this.#labelled(start) : !parts(before))
      return false;
    // No country's numbers begin with three zeros.
    if (!plus && codeAt(units, digit) === 48 && codeAt(units, digit + 1) === 48 && codeAt(units, digit + 2) === 48)
      return false;
    this.first = group;
    this.start = start;
    this.plus = plus;
    this.open = open;
    this.tiedBefore = tied(units, start - 1, -1);
    this.#says = null;
    return true;
  }

  /** True when a word for a telephone stands right before a place, or one sign before it: `Tel.0171 2345678`, `fax_2025550143`. */
  #labelled(start: number): boolean {
    const { subject } = this;
    const before = codeAt(subject.units, start - 1);
    if (!isLetterCode(before) && !isLetterCode(codeAt(subject.units, start - 2))) return false;
    return WORDS.before(subject.near(start), 1) !== Infinity;
  }

  /**
   * First group that the number may end with, of those before `to`: a number among numbers is looked at only with what follows after something else than a space.
   * `to` when there is none.
   */
  least(to: number): number {
    const { first } = this;
    if (this.plus || this.open || !this.tiedBefore) return first;
    let mixed = Math.max(this.#mixed, first + 1);
    while (mixed < to && this.#spaced(mixed)) mixed++;
    this.#mixed = mixed;
    return mixed;
  }

  /** True when a single space stands before a group. */
  #spaced(group: number): boolean {
    const { units, groupStart, groupEnd } = this.subject;
    const at = groupEnd[group - 1]!;
    return groupStart[group]! - at === 1 && isSpace(codeAt(units, at));
  }

  /** Goes on to the last group before `to` that can belong to the number. */
  extend(to: number): void {
    const { units, groupStart, groupEnd } = this.subject;
    const { first, plus, digits, sizes } = this;
    const layouts = this.#layouts;
    const states = this.#states;
    const limit = Math.min(to, first + MAX_GROUPS);
    const begin = groupStart[first]!;
    const lead = units[begin]! - 48;
    const abroad = plus || isPrefix(units, begin);
    const most = abroad ? MAX_DIGITS : MAX_NATIONAL;
    let flags = SPACES | (this.open ? PARENTHESES : 0);
    let raw = 0;
    let length = 0;
    let groups = 0;
    let layout = 0;
    let differs = MAX_DIGITS + 1;
    let group = first;
    for (; group < limit; group++) {
      const at = groupStart[group]!;
      const end = groupEnd[group]!;
      if (raw + end - at > most) break;
      if (group > first) {
        // `+65 8869 2602 / 415 228 4841` are two.
        if (raw >= WHOLE && isSlashed(units, groupEnd[group - 1]!, at)) break;
        const before = flags;
        // Most separators are one space or one dash: those need no closer look.
        const separator = at - groupEnd[group - 1]! === 1 ? units[at - 1]! : 0;
        if (separator === DASH) flags &= ~SPACES;
        else if (separator !== SPACE) flags = join(units, groupEnd[group - 1]!, at, flags);
        if (flags === BROKEN) break;
        if (!abroad && endsNational(units, at, raw, flags, before)) {
          // `(351) 912 345 678` goes on, `(415) 555-0132 12` does not.
          const alike = (flags & PARENTHESES) !== 0 && end - at === sizes[groups - 1]!;
          if (!alike || !isSpace(codeAt(units, groupStart[group - 1]! - 1))) break;
        }
        // `1.2.3`: no country writes single digits in a row.
        if (!abroad && end - at === 1 && groups > 0 && sizes[groups - 1] === 1 && (flags & PARENTHESES) === 0) break;
      }
      raw += end - at;
      if (!(plus && group > first && end - at === 1 && isTrunk(units, at))) {
        sizes[groups++] = end - at;
        layout = (layout << 4) | Math.min(15, end - at);
        for (let index = at; index < end; index++) {
          const digit = units[index]! - 48;
          if (digit !== lead && length < differs) differs = length;
          digits[length++] = digit;
        }
      }
      layouts[group - first] = layout;
      states[group - first] = raw | (length << 5) | (groups << 10) | flags;
    }
    this.limit = group;
    this.#differs = differs;
  }

  /** Takes the groups up to one, which {@link extend} has reached. */
  take(last: number): void {
    const { units, groupEnd } = this.subject;
    const taken = last - this.first;
    const state = this.#states[taken]!;
    const spaces = (state & SPACES) !== 0;
    this.length = (state >> 5) & 31;
    this.groups = (state >> 10) & 7;
    this.layout = this.#layouts[taken]!;
    this.spaces = spaces && !this.plus;
    this.parentheses = (state & PARENTHESES) !== 0;
    this.crowded = spaces && (this.tiedBefore || tied(units, groupEnd[last]!, 1));
    this.decimal = taken === 1 && codeAt(units, groupEnd[this.first]!) === DOT;
    this.oneDigit = this.#differs >= this.length;
  }

  get says(): PhoneShape['says'] {
    return (this.#says ??= this.#said());
  }

  #said(): PhoneShape['says'] {
    if (this.plus) return 'nothing';
    const near = this.subject.near(this.start);
    const phone = WORDS.before(near, REACH);
    // A word behind which the other kind's stands has nothing to say.
    if (OTHER.before(near, Math.min(phone - 1, REACH)) !== Infinity) return 'other';
    return phone === Infinity ? 'nothing' : 'phone';
  }
}

/** What stands between the groups of a number: only single spaces; a parenthesis somewhere; nothing that belongs into one. */
const SPACES = 1 << 13;
const PARENTHESES = 1 << 14;
const BROKEN = 1 << 15;

/** The flags with the separator from one place to another; {@link BROKEN} when no number goes on behind it. */
function join(units: Uint16Array, from: number, to: number, flags: number): number {
  const code = codeAt(units, from);
  const single = to - from === 1;
  if (single && isSpace(code)) return flags;
  if (single ? code === PLUS : !isSeparator(units, from, to)) return BROKEN;
  if (codeAt(units, to - 1) === OPEN) return (flags & ~SPACES) | PARENTHESES;
  return code === CLOSE && (flags & PARENTHESES) === 0 ? BROKEN : flags & ~SPACES;
}

/** True for ` / ` from one place to another. */
function isSlashed(units: Uint16Array, from: number, to: number): boolean {
  return to - from === 3 && isSpace(codeAt(units, from)) && codeAt(units, from + 1) === SLASH;
}

/** `555-123-4567 12`: with dashes inside, the space behind a whole national number ends it. */
function endsNational(units: Uint16Array, at: number, digits: number, flags: number, before: number): boolean {
  return digits >= WHOLE && flags === before && (flags & SPACES) === 0 && isSpace(codeAt(units, at - 1));
}

/** True for digits that are dialled before the code of another country: `00` and `011`. */
function isPrefix(units: Uint16Array, at: number): boolean {
  if (codeAt(units, at) !== 48) return false;
  const second = codeAt(units, at + 1);
  const third = codeAt(units, at + 2);
  return second === 48 ? third !== 48 : second === 49 && third === 49;
}

/** The trunk prefix in `+44 (0)20` is not dialled from abroad. */
function isTrunk(units: Uint16Array, at: number): boolean {
  return codeAt(units, at) === 48 && codeAt(units, at + 1) === CLOSE && codeAt(units, at - 1) === OPEN;
}

/** True for signs that tie a number to what stands before it: `.-/#$€£%&+`. */
function ties(code: number): boolean {
  return (
    (code >= 35 && code <= 38) || code === PLUS || (code >= DASH && code <= SLASH) || code === 0x20ac || code === 0xa3
  );
}

/** Inside a cluster a number begins after a space, or as the second one of two with a slash. */
function parts(code: number): boolean {
  return code === SPACE || code === 0xa0 || code === SLASH || code === OPEN;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === 0xa0 || code === 0x202f;
}

function isDash(code: number): boolean {
  return (code >= DASH && code <= SLASH) || (code >= 0x2010 && code <= 0x2013);
}

/** What may stand between groups when it is more than one character: ` - `, `) `, ` (`, `) (`, `) - ` and the like. */
function isSeparator(units: Uint16Array, from: number, to: number): boolean {
  const a = codeAt(units, from);
  const b = codeAt(units, from + 1);
  const c = codeAt(units, from + 2);
  if (to - from === 2) {
    if (a === CLOSE) return b === SPACE || b === OPEN || (b >= DASH && b <= SLASH);
    if (b === OPEN) return a === SPACE || a === DASH || a === DOT;
    return (a === SPACE && isDash(b)) || (isDash(a) && b === SPACE);
  }
  if (to - from === 3) {
    if (a === CLOSE) return b === SPACE && (c === OPEN || c === DASH);
    return a === SPACE && isDash(b) && c === SPACE;
  }
  return a === CLOSE && b === SPACE && c === DASH && codeAt(units, from + 3) === SPACE;
}

/** True when nothing but a space stands between the number and another one. */
function tied(units: Uint16Array, at: number, step: number): boolean {
  const code = codeAt(units, at);
  return (code === SPACE || code === 0xa0) && isDigitCode(codeAt(units, at + step));
}
