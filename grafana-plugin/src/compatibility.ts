/** Which evaluators this version of the app works with; docs/grafana.md has the same table, which a test compares. */
export const COMPATIBLE_EVALUATORS = ['0.1'] as const;

/** Whether an evaluator has a version that this app was made for. Its minor version says what its API holds. */
export function isCompatible(version: string): boolean {
  return COMPATIBLE_EVALUATORS.some((minor) => version === minor || version.startsWith(`${minor}.`));
}
