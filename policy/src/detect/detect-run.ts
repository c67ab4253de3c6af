import { Candidate } from './candidate.js';
import { codeAt } from './boundary.js';
import type { Compiled, CompiledPack, Literals } from './compile-detectors.js';
import { LONGEST_GROUP } from './layout-trie.js';
import type { LayoutNode } from './layout-trie.js';
import { MAX_GAP, MIXED, NONE, separatorOf, UNKNOWN } from './number-separators.js';
import type { Subject } from './subject.js';
import type { Finding } from './types.js';

/** One run over one text. */
export class DetectRun {
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

  /** What finds its entities by itself. */
  located(entries: readonly Compiled[]): void {
    let entity = '';
    const add = (start: number, end: number, score: number): void => this.add(entity, start, end, score);
    for (const { detector } of entries) {
      entity = detector.entity;
      detector.locate!(this.subject, add);
    }
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
