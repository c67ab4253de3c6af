import { GuardspanError } from '../../error.js';

/** Inclusive ranges of UTF-16 code units, sorted and disjoint. */
export type Ranges = readonly (readonly [number, number])[];

/** A pattern as a tree. Assertions are `empty`: whoever needs them exactly asks the matcher itself. */
export type PatternNode =
  | { kind: 'empty' }
  | { kind: 'chars'; ranges: Ranges }
  | { kind: 'sequence'; items: PatternNode[] }
  | { kind: 'choice'; items: PatternNode[] }
  | { kind: 'repeat'; item: PatternNode; min: number; max: number; lazy: boolean };

const LAST = 0xffff;
const ANY: Ranges = [[0, LAST]];
const DIGIT: Ranges = [[48, 57]];
const WORD: Ranges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const SPACE: Ranges = [
  [9, 10],
  [12, 13],
  [32, 32],
];
const CLASSES: Readonly<Record<string, Ranges>> = { d: DIGIT, w: WORD, s: SPACE };
const POSIX: Readonly<Record<string, Ranges>> = {
  alpha: [
    [65, 90],
    [97, 122],
  ],
  digit: DIGIT,
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  upper: [[65, 90]],
  lower: [[97, 122]],
  space: [
    [9, 13],
    [32, 32],
  ],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
  word: WORD,
};
const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7 };

/** Sorts ranges and joins those that touch. */
export function normalRanges(ranges: readonly (readonly [number, number])[]): Ranges {
  const ordered = [...ranges].sort((a, b) => a[0] - b[0]);
  const result: [number, number][] = [];
  for (const [from, to] of ordered) {
    const last = result[result.length - 1];
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

function complement(ranges: Ranges): Ranges {
  const result: [number, number][] = [];
  let next = 0;
  for (const [from, to] of normalRanges(ranges)) {
    if (from > next) result.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= LAST) result.push([next, LAST]);
  return result;
}

// Folding beyond ASCII is a superset here: both cases of every letter that has two.
function folded(ranges: Ranges): Ranges {
  const more: [number, number][] = ranges.map(([from, to]) => [from, to]);
  for (const [from, to] of ranges) {
    if (to - from > 512) continue;
    for (let code = from; code <= to; code++) {
      const text = String.fromCharCode(code);
      for (const other of [text.toLowerCase(), text.toUpperCase()]) {
        if (other.length === 1) more.push([other.charCodeAt(0), other.charCodeAt(0)]);
      }
    }
  }
  return normalRanges(more);
}

/**
 * Reads a pattern of the RE2 subset (https://github.com/google/re2/wiki/Syntax) into a tree whose language contains that of the pattern:
 * assertions are left out, `\p{...}` is any character, characters outside the basic plane are two code units. That is what liveness needs.
 *
 * @param exact A character outside the basic plane is exactly its two code units: for whoever matches by the tree. A superset is read faster.
 * @throws GuardspanError GUARDSPAN_PATTERN for what is not in the subset
 */
export function parsePattern(pattern: string, exact = false): PatternNode {
  return new Reader(pattern, exact).read();
}

const SURROGATES: Ranges = [[0xd800, 0xdfff]];

/** One character: a code unit of the basic plane, or a pair where the class has every character outside of it. */
function exactly(ranges: Ranges): PatternNode {
  if (!ranges.some(([from, to]) => from <= 0xd800 && to >= 0xdfff)) return { kind: 'chars', ranges };
  const basic = complement([...complement(ranges), ...SURROGATES]);
  const pair: PatternNode = {
    kind: 'sequence',
    items: [
      { kind: 'chars', ranges: [[0xd800, 0xdbff]] },
      { kind: 'chars', ranges: [[0xdc00, 0xdfff]] },
    ],
  };
  return { kind: 'choice', items: [{ kind: 'chars', ranges: basic }, pair] };
}

class Reader {
  #at = 0;
  #fold = false;
  #dotAll = false;

  constructor(
    private readonly text: string,
    private readonly exact: boolean,
  ) {}

  read(): PatternNode {
    const node = this.#choice();
    if (this.#at < this.text.length) this.#fail('unmatched )');
    return node;
  }

  #fail(why: string): never {
    throw new GuardspanError(
      'GUARDSPAN_PATTERN',
      `the pattern cannot be read at character ${this.#at}: ${why}`,
      'write it in the linear-time RE2 subset: no look-around, no back-references',
    );
  }

  #choice(): PatternNode {
    // Flags such as (?i) hold to the end of their group.
    const [fold, dotAll] = [this.#fold, this.#dotAll];
    const items = [this.#sequence()];
    while (this.text[this.#at] === '|') {
      this.#at++;
      items.push(this.#sequence());
    }
    this.#fold = fold;
    this.#dotAll = dotAll;
    return items.length === 1 ? items[0]! : { kind: 'choice', items };
  }

  #sequence(): PatternNode {
    const items: PatternNode[] = [];
    while (this.#at < this.text.length && this.text[this.#at] !== '|' && this.text[this.#at] !== ')') {
      items.push(this.#quantified());
    }
    return items.length === 1 ? items[0]! : { kind: 'sequence', items };
  }

  #quantified(): PatternNode {
    let node = this.#atom();
    for (;;) {
      const bounds = this.#bounds();
      if (bounds === null) return node;
      const lazy = this.text[this.#at] === '?';
      if (lazy) this.#at++;
      node = { kind: 'repeat', item: node, min: bounds[0], max: bounds[1], lazy };
    }
  }

  #bounds(): [number, number] | null {
    const char = this.text[this.#at];
    if (char === '*' || char === '+' || char === '?') {
      this.#at++;
      return char === '*' ? [0, Infinity] : char === '+' ? [1, Infinity] : [0, 1];
    }
    if (char !== '{') return null;
    const found = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.text.slice(this.#at, this.#at + 16));
    if (found === null) return null;
    this.#at += found[0].length;
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === '' ? Infinity : Number(found[3]);
    if (max < min) this.#fail('a repeat with a maximum below its minimum');
    return [min, max];
  }

  #atom(): PatternNode {
    const char = this.text[this.#at]!;
    if (char === '(') return this.#group();
    this.#at++;
    if (char === '[') return this.#chars(this.#class());
    if (char === '.') {
      return this.#chars(this.#dotAll ? ANY : complement([[10, 10]]));
    }
    if (char === '^' || char === '$') return { kind: 'empty' };
    if (char === '\\') return this.#escape();
    if (char === '*' || char === '+' || char === '?') this.#fail(`nothing to repeat before ${char}`);
    return this.#literal(char.charCodeAt(0));
  }

  #chars(given: Ranges): PatternNode {
    const ranges = this.#fold ? folded(given) : given;
    const node: PatternNode = { kind: 'chars', ranges };
    if (this.exact) return exactly(ranges);
    // A character outside the basic plane is one character to the matcher and two code units here.
    const paired = ranges.some(([from, to]) => from <= 0xdfff && to >= 0xd800);
    return paired ? { kind: 'repeat', item: node, min: 1, max: 2, lazy: false } : node;
  }

  #literal(code: number): PatternNode {
    return this.#chars([[code, code]]);
  }

  #group(): PatternNode {
    this.#at++;
    let flagsOnly = false;
    const [fold, dotAll] = [this.#fold, this.#dotAll];
    if (this.text[this.#at] === '?') {
      const found = /^\?(?:P?<(\w+)>|([imsU]*)(?:-([imsU]+))?([:)]))/.exec(this.text.slice(this.#at, this.#at + 80));
      if (found === null) this.#fail('look-around is not in the subset');
      this.#at += found[0].length;
      if (found[1] === undefined) {
        if (found[2]!.includes('i')) this.#fold = true;
        if (found[2]!.includes('s')) this.#dotAll = true;
        if (found[3]?.includes('i')) this.#fold = false;
        if (found[3]?.includes('s')) this.#dotAll = false;
        flagsOnly = found[4] === ')';
      }
    }
    if (flagsOnly) return { kind: 'empty' };
    const node = this.#choice();
    this.#fold = fold;
    this.#dotAll = dotAll;
    if (this.text[this.#at] !== ')') this.#fail('missing )');
    this.#at++;
    return node;
  }

  #escape(): PatternNode {
    const char = this.text[this.#at] ?? this.#fail('a backslash at the end');
    if (char === 'b' || char === 'B' || char === 'A' || char === 'z') {
      this.#at++;
      return { kind: 'empty' };
    }
    if (char === 'Q') {
      const end = this.text.indexOf('\\E', this.#at);
      const literal = this.text.slice(this.#at + 1, end === -1 ? undefined : end);
      this.#at = end === -1 ? this.text.length : end + 2;
      return { kind: 'sequence', items: [...literal.split('')].map((each) => this.#literal(each.charCodeAt(0))) };
    }
    return this.#chars(this.#escapedRanges());
  }

  /** What one escape stands for, inside and outside a class. */
  #escapedRanges(): Ranges {
    const char = this.text[this.#at++]!;
    const lower = CLASSES[char.toLowerCase()];
    if (lower !== undefined) return char === char.toLowerCase() ? lower : complement(lower);
    if (char === 'p' || char === 'P') {
      const found = /^(?:\{\^?[^}]*\}|.)/.exec(this.text.slice(this.#at));
      if (found === null) this.#fail('a class without a name');
      this.#at += found[0].length;
      return ANY;
    }
    if (char === 'x') {
      const found = /^(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/.exec(this.text.slice(this.#at, this.#at + 12));
      if (found === null) this.#fail('\\x needs two hexadecimal digits');
      this.#at += found[0].length;
      const code = parseInt(found[1] ?? found[2]!, 16);
      return code <= LAST ? [[code, code]] : ANY;
    }
    if (Object.hasOwn(ESCAPES, char)) return [[ESCAPES[char]!, ESCAPES[char]!]];
    if (/[0-9]/.test(char) && char !== '0') this.#fail('back-references are not in the subset');
    if (/[A-Za-z]/.test(char)) this.#fail(`\\${char} is not in the subset`);
    const code = char === '0' ? 0 : char.charCodeAt(0);
    return [[code, code]];
  }

  #class(): Ranges {
    const negated = this.text[this.#at] === '^';
    if (negated) this.#at++;
    const ranges: (readonly [number, number])[] = [];
    let first = true;
    while (first || this.text[this.#at] !== ']') {
      first = false;
      if (this.#at >= this.text.length) this.#fail('missing ]');
      const posix = /^\[:(\^?)(\w+):\]/.exec(this.text.slice(this.#at, this.#at + 16));
      if (posix !== null && Object.hasOwn(POSIX, posix[2]!)) {
        this.#at += posix[0].length;
        ranges.push(...(posix[1] === '^' ? complement(POSIX[posix[2]!]!) : POSIX[posix[2]!]!));
        continue;
      }
      const low = this.#classItem();
      const single = low.length === 1 && low[0]![0] === low[0]![1];
      if (single && this.text[this.#at] === '-' && this.text[this.#at + 1] !== ']' && this.#at + 1 < this.text.length) {
        this.#at++;
        const high = this.#classItem();
        if (high.length !== 1 || high[0]![1] < low[0]![0]) this.#fail('a range that goes backwards');
        ranges.push([low[0]![0], high[0]![1]]);
      } else {
        ranges.push(...low);
      }
    }
    this.#at++;
    const result = normalRanges(ranges);
    return negated ? complement(this.#fold ? folded(result) : result) : result;
  }

  #classItem(): Ranges {
    const char = this.text[this.#at++]!;
    if (char === '\\') {
      if (this.text[this.#at] === 'b') this.#fail('\\b in a class');
      return this.#escapedRanges();
    }
    const code = char.charCodeAt(0);
    return [[code, code]];
  }
}
