import { NearWords } from './near-words.js';
import { Units } from './units.js';
import { codeAt, isDigitCode, isLetterCode, isWordCode } from './boundary.js';
import { isLabelled } from './glued-label.js';
import { INJECTION_TRIPLES } from './injection-gate.js';
import { PLACES, UnitReader } from './vector/unit-reader.js';

/** Separators of one number have at most this many characters, e.g. `) - `. */
const MAX_SEPARATOR = 4;
const MIN_CLUSTER_DIGITS = 6;
const MIN_TOKEN = 8;
const MAX_TOKEN = 4096;
const QUAD = 4;

const DIGIT = 1;
const AT = 2;
const COLON = 3;
const JOIN = 4;
const CLASS = new Uint8Array(65_536);
for (let code = 48; code <= 57; code++) CLASS[code] = DIGIT;
CLASS[64] = AT;
CLASS[58] = COLON;
CLASS[45] = CLASS[95] = JOIN;

const SEPARATOR = new Uint8Array(128);
for (const character of ' -.()/+') SEPARATOR[character.charCodeAt(0)] = 1;

const EXTENSION = /(?:x|ext[. ]?) ?\d{1,6}(?!\w)/iy;

/** True for what may stand between the groups of one number: `-./()+`, spaces, dashes. Never a line break. */
export function isSeparatorCode(code: number): boolean {
  return code < 128 ? SEPARATOR[code] === 1 : code === 0xa0 || code === 0x202f || (code >= 0x2010 && code <= 0x2013);
}

/** Arrays that one {@link Subject} at a time may use; its last user's numbers are still in them. */
export interface Scratch {
  readonly groupStart: number[];
  readonly groupEnd: number[];
  readonly ats: number[];
  readonly colons: number[];
  readonly joins: number[];
  readonly units: Units;
}

/** Empty arrays. */
export function newScratch(): Scratch {
  return {
    groupStart: [],
    groupEnd: [],
    ats: [],
    colons: [],
    joins: [],
    units: new Units(UnitReader.make(INJECTION_TRIPLES)),
  };
}

/**
 * One text with everything in it at which a detector could find something, collected in one pass over its characters: numbers (groups of digits with the
 * separators that people write), words of letters and digits, `@` and `:`. Linear; what is not there costs the detectors that need it nothing.
 */
export class Subject {
  /** The text in characters of ASCII wherever it has such with the same meaning; every character is where it was. */
  readonly text: string;
  /** The code units of the text, and zeros behind them. */
  readonly units: Uint16Array;
  /** Looks at many units at once; null where nothing can. */
  readonly reader: UnitReader | null;
  /** Starts and ends of the digit groups of all clusters, in order; what stands behind the last entry of `clusters` means nothing. */
  readonly groupStart: number[];
  readonly groupEnd: number[];
  /** First group of each cluster, and one more entry: the number of groups. */
  readonly clusters: number[] = [];
  /** Starts and ends, in turn, of words that hold both digits and letters. */
  readonly tokens: number[] = [];
  /** Starts of shorter ones beside a `/` or a `+`, as encoded keys hold. */
  readonly pieces: number[] = [];
  /** Starts of words of two letters and two digits, as international account numbers begin. */
  readonly accounts: number[] = [];
  /** Starts of groups of four digits that begin like a year of the last century or of this one, in numbers that are no clusters or end with them. */
  readonly years: number[] = [];
  /** Starts of words of four letters and digits before a dot, as hardware addresses of routers hold. */
  readonly quads: number[] = [];
  /** Places of `@`; what stands behind the first `atCount` means nothing. */
  readonly ats: number[];
  atCount = 0;
  /** First and last group, in turn, of numbers that were found and are surer than any telephone number without a `+`; in order of the first. */
  readonly sure: number[] = [];
  /** Places of `:`; what stands behind the first `colonCount` means nothing. */
  readonly colons: number[];
  colonCount = 0;
  /** Places of `-` and `_`, with which most prefixes of keys end; what stands behind the first `joinCount` means nothing. */
  readonly joins: number[];
  joinCount = 0;
  /** Groups that belong to clusters. Arrays are never cut: groups of what was no cluster are written over. */
  #groups = 0;
  #near: NearWords | null = null;

  /** `scratch`: arrays to write groups into, so that a text full of numbers does not make them grow again. */
  constructor(written: string, scratch: Scratch = newScratch()) {
    this.groupStart = scratch.groupStart;
    this.groupEnd = scratch.groupEnd;
    this.ats = scratch.ats;
    this.colons = scratch.colons;
    this.joins = scratch.joins;
    this.units = scratch.units.of(written);
    this.text = scratch.units.plain(written);
    this.reader = scratch.units.reader;
    if (this.reader === null) this.#readEach();
    else this.#readBy(this.reader);
    this.clusters.push(this.#groups);
  }

  /** Places at which something may be found, per character. */
  get density(): number {
    const { clusters, tokens, atCount, colonCount } = this;
    return (clusters.length - 1 + tokens.length / 2 + atCount + colonCount) / this.text.length;
  }

  #readEach(): void {
    const { text } = this;
    let floor = 0;
    // Most characters are looked at only here.
    for (let index = 0; index < text.length; index++) {
      if (CLASS[text.charCodeAt(index)] === 0) continue;
      floor = this.#place(index, floor);
      if (floor > index) index = floor - 1;
    }
  }

  #readBy(reader: UnitReader): void {
    const { length } = this.text;
    const { places } = reader;
    let floor = 0;
    for (let from = 0; from < length; from += PLACES) {
      const count = reader.findPlaces(from, Math.min(length, from + PLACES));
      for (let found = 0; found < count; found++) {
        const index = places[found]!;
        if (index >= floor) floor = this.#place(index, floor);
      }
    }
  }

  /** Keeps what stands at a place of one of the kinds. `floor` is where the last number or word with digits ended; gives where it does now. */
  #place(index: number, floor: number): number {
    const kind = CLASS[this.units[index]!];
    if (kind === DIGIT) return this.#number(index, floor);
    if (kind === AT) this.ats[this.atCount++] = index;
    else if (kind === COLON) this.colons[this.colonCount++] = index;
    else this.joins[this.joinCount++] = index;
    return floor;
  }

  /** Reads a number, or a word with digits in it, from its first digit on; gives where to go on. */
  #number(from: number, floor: number): number {
    const { units, groupStart, groupEnd } = this;
    const glued = from > floor && isTokenCode(codeAt(units, from - 1));
    if (glued && !isLabelled(this.text, units, from)) return this.#token(from, floor);
    let count = this.#groups;
    let digits = 0;
    let at = from;
    for (;;) {
      // Every character is read once: this is where texts full of numbers spend their time. Behind the text there are zeros enough.
      let end = at + 1;
      let code = units[end]!;
      while (isDigitCode(code)) code = units[++end]!;
      if (isTokenCode(code) && (end - at < 2 || !this.#extension(end))) {
        // `12345678Z`: the group is a part of a word; the cluster ends before it.
        this.#close(count, digits);
        return this.#token(at, glued && at === from ? floor : at);
      }
      groupStart[count] = at;
      groupEnd[count++] = end;
      digits += end - at;
      at = end;
      while (at - end < MAX_SEPARATOR && isSeparatorCode(code)) {
        if (code === 45) this.joins[this.joinCount++] = at;
        code = units[++at]!;
      }
      if (at === end || !isDigitCode(code)) {
        this.#close(count, digits);
        return at;
      }
    }
  }

  /** Keeps the groups up to `count` as a cluster when they may be a number. */
  #close(count: number, digits: number): void {
    if (count > this.#groups && count - this.#groups < 3) this.#year(count - 1);
    if (digits < MIN_CLUSTER_DIGITS && count - this.#groups < 4) return;
    this.clusters.push(this.#groups);
    this.#groups = count;
  }

  #year(group: number): void {
    const at = this.groupStart[group]!;
    if (this.groupEnd[group]! - at !== 4) return;
    const century = codeAt(this.units, at) * 10 + codeAt(this.units, at + 1) - 528;
    if (century === 19 || century === 20) this.years.push(at);
  }

  /** `x123` behind a telephone number is an extension and no part of a word. */
  #extension(at: number): boolean {
    const code = codeAt(this.units, at) | 32;
    if (code !== 120 && code !== 101) return false;
    EXTENSION.lastIndex = at;
    return EXTENSION.test(this.text);
  }

  #token(at: number, floor: number): number {
    const { units } = this;
    let start = at;
    while (start > floor && isTokenCode(codeAt(units, start - 1))) start--;
    let end = at + 1;
    while (isTokenCode(units[end]!)) end++;
    // Read before it is asked for: engines throw optimised code away when they meet a way that they have not seen, and some do so over and over here.
    const second = codeAt(units, at + 1);
    if (isDigitCode(second) && isAccount(at - start)) this.accounts.push(at - 2);
    if (end - start === QUAD && codeAt(units, end) === 46) this.quads.push(start);
    if (end - start < MIN_TOKEN) {
      if (isEncoding(codeAt(units, end)) || isEncoding(codeAt(units, start - 1))) this.pieces.push(start);
      return end;
    }
    if (end - start <= MAX_TOKEN) this.tokens.push(start, end);
    return end;
  }

  /** The words before a place. */
  near(start: number): NearWords {
    return (this.#near ??= new NearWords(this.text, this.units)).before(start);
  }

  /** True when neither a word nor a sign that ties a number to another one stands right before `start`. */
  opens(start: number): boolean {
    if (start === 0) return true;
    const code = codeAt(this.units, start - 1);
    if (code === 45) return !isWordCode(codeAt(this.units, start - 2));
    // `Visa/4111...` and `No.4111...`, but not a number behind another one.
    if (code === 46 || code === 47) return !isDigitCode(codeAt(this.units, start - 2));
    return !isWordCode(code) && code !== 43;
  }

  /** True when a number stands right behind letters, or a dash or an underscore ties it to some: `SSN-536-90-4399`, `SSN536904399`. */
  isTied(start: number): boolean {
    const code = codeAt(this.units, start - 1);
    return isLetterCode(code === 45 || code === 95 ? codeAt(this.units, start - 2) : code);
  }

  /** True when no word and no dash follows at `end`. */
  closes(end: number): boolean {
    const code = codeAt(this.units, end);
    return !isWordCode(code) && code !== 45;
  }
}

/** True for the signs of base64 that are no letters and digits. */
function isEncoding(code: number): boolean {
  return code === 47 || code === 43;
}

/** True for so many characters before the first digit of an account number: the country, maybe behind `IBAN` or `IBAN_`. */
function isAccount(before: number): boolean {
  return before === 2 || before === 6 || before === 7;
}

const TOKEN = new Uint8Array(128);
for (let code = 0; code < 128; code++) TOKEN[code] = Number(isLetterCode(code) || isDigitCode(code) || code === 95);

function isTokenCode(code: number): boolean {
  return code < 128 && TOKEN[code] === 1;
}
