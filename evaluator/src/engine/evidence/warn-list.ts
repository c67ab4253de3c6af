/**
 * Which of several series belong on the warn list: e-d-BH at level of the promise (Dandapanthula and Ramdas, arXiv 2501.04130). Of the
 * sorted evidences the r largest are on it for the largest r with evidence(r) >= threshold - ln r. It warns only; the threshold alone acts.
 */
export function warnList(evidences: readonly number[], threshold: number): boolean[] {
  const sorted = [...evidences].sort((a, b) => b - a);
  let least = Infinity;
  for (let r = 1; r <= sorted.length; r++) if (sorted[r - 1]! >= threshold - Math.log(r)) least = sorted[r - 1]!;
  return evidences.map((evidence) => evidence >= least);
}
