import { jsonEdits, JsonUnits } from '@guardspan/policy/runtime';
import type { JsonUnit, Liveness, LiveState, TextWindow } from '@guardspan/policy/runtime';

/** A stretch to be replaced. UTF-16 offsets into the text that was judged. */
export interface Edit {
  start: number;
  end: number;
  replacement: string;
}

/** Who says what may go out. */
export interface HeldTextJudge {
  /** Edits of the window, none when it may go out as it is; null when nothing may go out any more. */
  judge(text: string, window: TextWindow): readonly Edit[] | null;
  /** Where detectors find something in a text, whatever follows from it. Ordered, disjoint. */
  spans(text: string): readonly { start: number; end: number }[];
  /** More than `maxHeld` would have to be held. True when the text may go out unjudged. */
  overflow(): boolean;
}

export interface HeldTextOptions {
  liveness: Liveness;
  /** Code units that may be held back at a time. */
  maxHeld: number;
  /** The text is JSON source: escapes are decoded for the judge, and replacements leave the source valid. */
  json: boolean;
  /** Nothing goes out before the text is complete, and all of it is judged then: the arguments of a tool call that a guard-rail reads. */
  whole: boolean;
  /** True as long as nothing may go out, because the tool that the text is for is not known yet. Absent: never. */
  waits?: () => boolean;
}

/** Code units of released text that detectors still see, for borders and context words. */
const CONTEXT = 128;
/** How far the text runs ahead of the longest open match before it is judged in the middle of one; keeps the cost linear. */
const STEP = 512;

/**
 * One text of a streamed answer. Holds back what may belong to a match that is not complete, and no more: between words of prose nothing is. What
 * a detector would find in the whole text is found here, wherever the pieces are cut. What was released is never taken back. Linear in the length
 * of the text, bounded in memory.
 */
export class HeldText {
  #context = '';
  #held = '';
  #state: LiveState;
  /** Index in the held text after which no match is open, 0 for none. */
  #cut = 0;
  /** First index in the held text at which a match may end, -1 for none; and the last one. */
  #firstEnd = -1;
  #lastEnd = -1;
  #closed = false;
  #longest = 0;
  readonly #json: JsonUnits | null;
  #units: JsonUnit[] = [];

  constructor(
    private readonly judge: HeldTextJudge,
    private readonly options: HeldTextOptions,
  ) {
    this.#state = options.liveness.initial;
    this.#json = options.json ? new JsonUnits() : null;
  }

  /** Code units that are held back. */
  get held(): number {
    return this.#held.length;
  }

  /** The most that was held back after a piece. */
  get longest(): number {
    return this.#longest;
  }

  /** Adds a piece; gives what may go out now. */
  push(piece: string): string {
    if (this.#closed) return '';
    this.#read(this.#json === null ? piece : this.#json.push(piece, this.#units));
    let out = '';
    const waits = this.options.whole || this.options.waits?.() === true;
    if (this.#cut > 0 && !waits) out += this.#release(this.#cut);
    while (!waits && !this.#closed && this.#held.length > this.#state.reach + STEP && this.#held.length > 0) {
      const bound = this.#boundInside();
      if (bound === 0) break;
      out += this.#release(bound);
    }
    if (!this.#closed && this.#held.length > this.options.maxHeld) {
      if (this.judge.overflow()) out += this.#letGo(this.#held.length, []);
      else this.#closed = true;
    }
    this.#longest = Math.max(this.#longest, this.#held.length);
    return out;
  }

  /** The text is complete; gives the rest. */
  finish(): string {
    if (this.#closed) return '';
    if (this.#json !== null) this.#read(this.#json.finish(this.#units));
    const out = this.#held === '' && !this.options.whole ? '' : this.#release(this.#held.length, true);
    this.#state = this.options.liveness.initial;
    // What follows at the same place is another text.
    this.#context = '';
    return out;
  }

  #read(text: string): void {
    const { liveness } = this.options;
    const base = this.#held.length;
    let state = this.#state;
    for (let index = 0; index < text.length; index++) {
      state = liveness.step(state, text.charCodeAt(index));
      if (state.accepts) {
        this.#lastEnd = base + index;
        if (this.#firstEnd === -1) this.#firstEnd = this.#lastEnd;
      } else if (!state.alive) {
        this.#cut = base + index + 1;
      }
    }
    this.#state = state;
    this.#held += text;
  }

  /** A place in the middle of open matches: all that are still open begin after it, and none that is complete lies across it. */
  #boundInside(): number {
    let bound = this.#held.length - Math.max(this.#state.reach, 1);
    const offset = this.#context.length;
    for (const span of this.judge.spans(this.#context + this.#held)) {
      const [start, end] = [span.start - offset, span.end - offset];
      if (start < bound && end > bound) bound = start > 0 ? start : Math.min(end, this.#held.length);
    }
    return bound;
  }

  #release(wanted: number, final = false): string {
    let until = wanted;
    if (!final && isHighSurrogate(this.#held.charCodeAt(until - 1))) until--;
    const judged = final && this.options.whole;
    if (until <= 0 && !judged) return '';
    if (!judged && (this.#firstEnd === -1 || this.#firstEnd >= until)) return this.#letGo(until, []);
    const offset = this.#context.length;
    const edits = this.judge.judge(this.#context + this.#held, { from: offset, until: offset + until });
    if (edits === null) {
      this.#closed = true;
      return '';
    }
    const own = edits.map((edit) => ({ ...edit, start: edit.start - offset, end: edit.end - offset }));
    return this.#letGo(Math.max(until, ...own.map(({ end }) => end)), own);
  }

  #letGo(until: number, edits: readonly Edit[]): string {
    const out = this.#json === null ? edited(this.#held, until, edits) : this.#editedJson(until, edits);
    this.#context = (this.#context + this.#held.slice(0, until)).slice(-CONTEXT);
    this.#held = this.#held.slice(until);
    this.#cut = Math.max(0, this.#cut - until);
    this.#lastEnd = Math.max(-1, this.#lastEnd - until);
    // Which of the later ends was the first is not kept: 0 says "look again", which is never wrong.
    this.#firstEnd = this.#lastEnd === -1 ? -1 : 0;
    return out;
  }

  #editedJson(until: number, edits: readonly Edit[]): string {
    const units = this.#units.splice(0, until);
    let out = '';
    let at = 0;
    const raw = (to: number): string =>
      units
        .slice(at, to)
        .map((unit) => unit.raw)
        .join('');
    for (const edit of edits) {
      if (edit.start < at) continue;
      for (const { start, end, replacement } of jsonEdits(units, edit, at)) {
        out += raw(start) + replacement;
        at = end;
      }
      at = Math.max(at, edit.end);
    }
    return out + raw(units.length);
  }
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function edited(text: string, until: number, edits: readonly Edit[]): string {
  let out = '';
  let at = 0;
  for (const { start, end, replacement } of edits) {
    if (start < at) continue;
    out += text.slice(at, start) + replacement;
    at = end;
  }
  return out + text.slice(at, until);
}
