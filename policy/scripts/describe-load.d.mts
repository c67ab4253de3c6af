import type { LoadResult } from '../src/document/load-guardrails.js';
/** What a golden file of a document case holds: the normal forms, and the errors with their places. */
export function describeLoad(result: LoadResult): unknown;
