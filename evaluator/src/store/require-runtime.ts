import { StoreError } from './store-error.js';

/** Refuses a Node on which the native module ends the process instead of throwing. Throws StoreError (`RUNTIME`). */
export function requireRuntime(version: string): void {
  const major = Number(version.split('.')[0]);
  if (!(major >= 22)) {
    throw new StoreError(
      'GUARDSPAN_STORE_RUNTIME',
      `The store needs Node 22.15 or newer; this is ${version}.`,
      'Run the evaluator with Node 22.15 or newer, for example through `npx node@24`.',
    );
  }
}
