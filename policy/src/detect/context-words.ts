/** Characters before a finding in which context words count; what a stream keeps of released text is longer. */
export const CONTEXT_LENGTH = 64;

/** Where the words of a list stand in one text. Looked for once, when the first question comes. */
export class ContextWords {
  #ends: number[] | null = null;

  constructor(
    private readonly text: string,
    private readonly words: RegExp,
  ) {}

  /** Distance in characters from the nearest word that ends before `start` to it; Infinity when there is none within {@link CONTEXT_LENGTH}. */
  before(start: number): number {
    const ends = (this.#ends ??= this.#find());
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! <= start) low = middle + 1;
      else high = middle;
    }
    const distance = low === 0 ? Infinity : start - ends[low - 1]!;
    return distance <= CONTEXT_LENGTH ? distance : Infinity;
  }

  #find(): number[] {
    const ends: number[] = [];
    this.words.lastIndex = 0;
    for (let match = this.words.exec(this.text); match !== null; match = this.words.exec(this.text)) {
      ends.push(match.index + match[0].length);
    }
    return ends;
  }
}

const LETTERS = '\\p{L}\\p{N}';

/** A global expression that finds any of the words as a whole; a `*` at the end stands for any ending. Alternatives are literal, so it takes linear time. */
export function wordsExpression(words: readonly string[]): RegExp {
  const alternatives = [...words]
    .sort((a, b) => b.length - a.length)
    .map((word) => {
      const stem = word.replace(/\*$/, '').replace(/[.+?^${}()|[\]\\/]/g, '\\$&');
      return word.endsWith('*') ? `${stem}\\p{L}{0,16}` : stem;
    });
  return new RegExp(`(?<![${LETTERS}])(?:${alternatives.join('|')})(?![${LETTERS}])`, 'giu');
}
