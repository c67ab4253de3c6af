import { createTwoFilesPatch, diffLines } from 'diff';

/** A line of a comparison. */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
  /** Line numbers from 1 in either text; 0 where it is not. */
  before: number;
  after: number;
}

/** Lines of two texts, in order. */
export function compareLines(before: string, after: string): DiffLine[] {
  let left = 0;
  let right = 0;
  return diffLines(ended(before), ended(after)).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((text): DiffLine => {
        const kind = added ? 'added' : removed ? 'removed' : 'same';
        return {
          ...{ kind, text },
          before: kind === 'added' ? 0 : ++left,
          after: kind === 'removed' ? 0 : ++right,
        };
      }),
  );
}

/** A comparison without the lines that are the same and farther than `around` from a change; null stands for what is left out. */
export function aroundChanges(lines: readonly DiffLine[], around: number): Array<DiffLine | null> {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== 'same'),
  );
  return lines.flatMap((line, index) => (near[index] ? [line] : index === 0 || near[index - 1] ? [null] : []));
}

/** A change as `git apply` takes it. */
export function patchOf(path: string, before: string, after: string): string {
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, ended(before), ended(after), undefined, undefined, {
    context: 3,
  }).replace(/^=+\n/, '');
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
