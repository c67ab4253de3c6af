/** Every two digits, `00` to `99`, for which something holds; for {@link EntityDetector.begins}. */
export function twoDigits(holds: (two: number) => boolean): ReadonlySet<string> {
  const all = Array.from({ length: 100 }, (_unused, two) => two);
  return new Set(all.filter(holds).map((two) => String(two).padStart(2, '0')));
}
