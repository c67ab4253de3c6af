/**
 * What the ESM copy, the CJS copy and the preload of this package have in common in a thread: one object, made by whoever comes first. Kept by each module that uses it, since every call would
 * pay for looking it up among the globals.
 *
 * @param name Of the state; with it goes the version of its shape.
 */
export function sharedState<T extends object>(name: string, make: () => T): T {
  const states = globalThis as { [key: symbol]: T | undefined };
  return (states[Symbol.for(`guardspan.${name}`)] ??= make());
}
