/** Longer names are no slips of the hand, and comparing costs the square of their length. */
const MAX_LENGTH = 64;

/**
 * The name that was probably meant by one that does not exist: at most a third of its letters are wrong, and at most three; two neighbours that changed places count
 * once. Upper and lower case are one. Of equally near ones the first. When none is so near, the only one of which the written is a part between hyphens.
 *
 * @returns undefined when none is near
 */
export function nearestName(written: string, known: readonly string[]): string | undefined {
  const text = written.toLowerCase();
  if (text === '' || text.length > MAX_LENGTH) return undefined;
  let best: string | undefined;
  let least = Infinity;
  for (const name of known) {
    if (name.length > MAX_LENGTH) continue;
    const allowed = Math.min(3, Math.max(1, Math.floor(Math.max(text.length, name.length) / 3)));
    const found = distance(text, name.toLowerCase());
    if (found > allowed || found >= least) continue;
    best = name;
    least = found;
  }
  if (best !== undefined) return best;
  const [one, ...others] = known.filter((name) => name.toLowerCase().split('-').includes(text));
  return others.length === 0 ? one : undefined;
}

/** {@link nearestName} as the beginning of a hint: `did you mean "when"? `; empty when none is near. */
export function askMeant(written: string, known: readonly string[]): string {
  const meant = nearestName(written, known);
  return meant === undefined ? '' : `did you mean "${meant}"? `;
}

/** Optimal string alignment: Levenshtein's distance in which neighbours may also change places. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const here = [row];
    for (let column = 1; column <= b.length; column++) {
      const changed = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      let cost = Math.min(above[column]! + 1, here[column - 1]! + 1, changed);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, before[column - 2]! + 1);
      here.push(cost);
    }
    before = above;
    above = here;
  }
  return above[b.length]!;
}
