import type { LoadedDocuments } from '../src/document/load-documents.js';
/** What a golden file of a document case holds: the normal forms, and the errors with their places. */
export function describeLoad(result: LoadedDocuments): unknown;
